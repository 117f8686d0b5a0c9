/** The ledger: entries are taken into payees' balances, and what was left behind is found. */
@NullMarked
package doubleeleven.ledger;

import org.jspecify.annotations.NullMarked;
