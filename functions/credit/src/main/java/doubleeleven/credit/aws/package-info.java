/** Handlers and adapters of the credit context. */
@NullMarked
package doubleeleven.credit.aws;

import org.jspecify.annotations.NullMarked;
