/**
 * Explores every interleaving of racing executions, phase two, recovery and posting with faults and crashes, on the deployed definition and
 * the real handlers.
 */
@NullMarked
package doubleeleven.rig.explore;

import org.jspecify.annotations.NullMarked;
