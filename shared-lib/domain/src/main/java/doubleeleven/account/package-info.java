/** Accounts: funds that can be held, tombstones that fence late requests, and a payee's entries. */
@NullMarked
package doubleeleven.account;

import org.jspecify.annotations.NullMarked;
