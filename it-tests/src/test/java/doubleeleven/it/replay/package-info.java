/** The plan of a replay. */
@NullMarked
package doubleeleven.it.replay;

import org.jspecify.annotations.NullMarked;
