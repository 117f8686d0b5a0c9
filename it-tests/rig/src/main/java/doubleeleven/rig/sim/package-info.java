/** A long random life of a world: its own time, one step at a time, faults at every call, and the invariants in between. */
@NullMarked
package doubleeleven.rig.sim;

import org.jspecify.annotations.NullMarked;
