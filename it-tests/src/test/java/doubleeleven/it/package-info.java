/** What all tests share. */
@NullMarked
package doubleeleven.it;

import org.jspecify.annotations.NullMarked;
