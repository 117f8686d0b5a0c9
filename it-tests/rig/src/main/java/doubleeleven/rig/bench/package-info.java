/** What a payment costs, counted, and how fast the rig is beside the bare database. */
@NullMarked
package doubleeleven.rig.bench;

import org.jspecify.annotations.NullMarked;
