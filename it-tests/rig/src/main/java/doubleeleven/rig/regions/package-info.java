/** Global tables as AWS documents them: strong ones with old states in reads that do not ask for more, eventual ones with a replica in each Region. */
@NullMarked
package doubleeleven.rig.regions;

import org.jspecify.annotations.NullMarked;
