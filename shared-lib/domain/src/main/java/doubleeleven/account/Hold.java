package doubleeleven.account;

import doubleeleven.ids.OrderHash;
import java.time.Instant;

/**
 * Money reserved by Try, kept inside the account item under its attempt; also an incoming credit that waits for Confirm.
 *
 * @param amountMinor in minor units of the account's currency
 * @param order the payment it belongs to
 * @param due when its payment must have been decided
 */
public record Hold(long amountMinor, OrderHash order, Instant due) {}
