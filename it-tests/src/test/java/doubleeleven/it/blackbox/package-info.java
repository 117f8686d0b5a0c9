/** Claims about the deployed stack, checked over HTTP as its callers see it. */
@NullMarked
package doubleeleven.it.blackbox;

import org.jspecify.annotations.NullMarked;
