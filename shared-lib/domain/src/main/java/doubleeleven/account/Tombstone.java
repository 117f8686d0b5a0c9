package doubleeleven.account;

import doubleeleven.ids.OrderHash;
import java.time.Instant;

/**
 * What Confirm or Cancel leaves where a hold was, or would have been: a request of that attempt that arrives later is refused.
 *
 * @param at when it was left
 * @param order the payment it belongs to: a tombstone is pruned only after that payment was read terminal
 */
public record Tombstone(Instant at, OrderHash order) {}
