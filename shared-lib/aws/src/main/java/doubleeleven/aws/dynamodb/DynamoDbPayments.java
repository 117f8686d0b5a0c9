package doubleeleven.aws.dynamodb;

import doubleeleven.ids.OrderHash;
import doubleeleven.payment.Payment;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.Key;

/** Payment items by their order. */
public final class DynamoDbPayments {
    private final DynamoDbTable<Payment> payments;

    public DynamoDbPayments(DynamoDbEnhancedClient client, String table) {
        this.payments = client.table(table, Schemas.PAYMENT);
    }

    /** Reads strongly: whatever was decided anywhere before this call began is seen. */
    public Optional<Payment> find(OrderHash order) {
        return Optional.ofNullable(payments.getItem(request -> request.consistentRead(true)
                .key(Key.builder().partitionValue(order.value()).build())));
    }
}
