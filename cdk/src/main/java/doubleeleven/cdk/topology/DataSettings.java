package doubleeleven.cdk.topology;

import java.util.Map;

/**
 * How data is kept.
 *
 * @param retained whether tables, logs and queues outlive their stack
 * @param keys ARN of the customer-managed key of each Region, empty unless the encryption is {@link Encryption#CUSTOMER_MANAGED}
 */
public record DataSettings(
        boolean retained,
        boolean deletionProtection,
        boolean pointInTimeRecovery,
        Encryption encryption,
        Map<String, String> keys) {
    public DataSettings {
        keys = Map.copyOf(keys);
    }
}
