/** What decisions cost, measured. */
@NullMarked
package doubleeleven.bench;

import org.jspecify.annotations.NullMarked;
