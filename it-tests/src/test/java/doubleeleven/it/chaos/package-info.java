/** The client's own promises. */
@NullMarked
package doubleeleven.it.chaos;

import org.jspecify.annotations.NullMarked;
