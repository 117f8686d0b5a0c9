/** Handlers and adapters of the risk context. */
@NullMarked
package doubleeleven.risk.aws;

import org.jspecify.annotations.NullMarked;
