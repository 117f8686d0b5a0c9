/** The client's own promises. */
@NullMarked
package doubleeleven.it.client;

import org.jspecify.annotations.NullMarked;
