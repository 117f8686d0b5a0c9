/** Measurements of the deployed functions. */
@NullMarked
package doubleeleven.it.bench;

import org.jspecify.annotations.NullMarked;
