package doubleeleven.notification.aws;

import doubleeleven.aws.dynamodb.RuleItems;
import doubleeleven.routing.Feature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Whether the rule in force has notifications wait; of a version that only some gateways obey, what the rest does. Where the rule cannot be
 * read, what was read last holds, and without that merchants are told.
 */
final class RuleSwitch implements BooleanSupplier {
    /** As gateways obey a rule: within ten seconds. */
    private static final Duration AGE = Duration.ofSeconds(10);

    private final DynamoDbClient client;
    private final String control;
    private final Consumer<RuntimeException> unreadable;
    private final Clock clock;
    private boolean off;
    private Instant next = Instant.MIN;

    /**
     * Starts with notifications on.
     *
     * @param unreadable told of each failed read
     */
    RuleSwitch(DynamoDbClient client, String control, Consumer<RuntimeException> unreadable, Clock clock) {
        this.client = client;
        this.control = control;
        this.unreadable = unreadable;
        this.clock = clock;
    }

    @Override
    public synchronized boolean getAsBoolean() {
        Instant now = clock.instant();
        if (!now.isBefore(next)) {
            next = now.plus(AGE);
            try {
                off = read();
            } catch (RuntimeException e) {
                unreadable.accept(e);
            }
        }
        return off;
    }

    private boolean read() {
        Map<String, AttributeValue> item = client.getItem(request ->
                        request.tableName(control).key(RuleItems.CURRENT).consistentRead(true))
                .item();
        return !item.isEmpty()
                && RuleItems.obeyed(item, _ -> false).switchedOff().contains(Feature.NOTIFICATIONS);
    }
}
