/** A client of the API as a merchant or an operator would write one. */
@NullMarked
package doubleeleven.it.client;

import org.jspecify.annotations.NullMarked;
