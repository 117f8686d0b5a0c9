/** Handlers and adapters of the ledger context. */
@NullMarked
package doubleeleven.ledger.aws;

import org.jspecify.annotations.NullMarked;
