/** What execution environments remember of what they read. */
@NullMarked
package doubleeleven.caching;

import org.jspecify.annotations.NullMarked;
