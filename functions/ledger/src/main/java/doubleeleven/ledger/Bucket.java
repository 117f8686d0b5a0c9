package doubleeleven.ledger;

/** One bucket of a merchant's balance. */
public record Bucket(String merchant, int number) {}
