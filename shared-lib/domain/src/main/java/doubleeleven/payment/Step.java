package doubleeleven.payment;

import java.time.Instant;

/**
 * One line of a payment's history that no status shows: what happened on one item, and when.
 *
 * @param account the item's key as text
 * @param outcome such as HELD, CONFIRMED, CANCELLED, CREDITED, or a decline reason
 */
public record Step(String account, String outcome, Instant at) {}
