package doubleeleven.payment;

/** Who is credited by an entry, in which bucket. */
public record Payee(String merchant, int bucket) {}
