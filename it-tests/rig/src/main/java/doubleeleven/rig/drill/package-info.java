/** What is left of the platform when a part of it is killed. */
@NullMarked
package doubleeleven.rig.drill;

import org.jspecify.annotations.NullMarked;
