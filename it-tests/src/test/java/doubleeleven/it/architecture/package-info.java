/** What the code and its documents must keep to, whatever they do. */
@NullMarked
package doubleeleven.it.architecture;

import org.jspecify.annotations.NullMarked;
