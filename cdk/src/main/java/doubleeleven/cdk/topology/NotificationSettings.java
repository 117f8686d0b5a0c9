package doubleeleven.cdk.topology;

/**
 * How merchants are told what became of their payments.
 *
 * @param concurrency how many batches of one colour are told at a time: merchants that are slow take no executions from payments
 * @param heldSeconds until one is looked at again while the rule has them switched off
 * @param triedHours how long a merchant that does not take one is tried again by itself
 * @param loopback whether merchants may be on the machine that runs the functions: where there is no other one
 */
public record NotificationSettings(int concurrency, int heldSeconds, int triedHours, boolean loopback) {
    /** The longest that SQS makes a message wait. */
    public static final int LONGEST_DELAY_SECONDS = 900;
}
