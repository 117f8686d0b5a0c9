/** Applications for credit: what becomes of one once it is assessed. */
@NullMarked
package doubleeleven.credit.applications;

import org.jspecify.annotations.NullMarked;
