package doubleeleven.gateway.aws;

import doubleeleven.aws.Json;
import doubleeleven.testkit.LocalTables;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.enhanced.dynamodb.document.EnhancedDocument;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a unit's workflow leaves in the payment table, and what it answers. */
final class Workflow {
    private Workflow() {}

    @SuppressWarnings("unchecked")
    static Map<String, Object> payment(Map<String, Object> input) {
        return (Map<String, Object>) input.get("payment");
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> command(Map<String, Object> input) {
        return (Map<String, Object>) payment(input).get("command");
    }

    static AwsStandIn.Reply answer(Map<String, Object> input, String outcome, String... reasons) {
        return AwsStandIn.Reply.output(output(input, outcome, reasons));
    }

    static Map<String, Object> output(Map<String, Object> input, String outcome, String... reasons) {
        Map<String, Object> output = new HashMap<>();
        output.put("outcome", outcome);
        output.put("pk", payment(input).get("pk"));
        output.put("attempt", payment(input).get("attempt"));
        output.put("status", "COMMITTED");
        output.put("reasons", List.of(reasons));
        output.put("overdue", List.of());
        return output;
    }

    /** Leaves the item as it is in that status. */
    static void store(LocalTables tables, Map<String, Object> input, String status, Map<String, Object> more) {
        Map<String, Object> payment = payment(input);
        Map<String, Object> item = new HashMap<>(Map.of(
                "pk", payment.get("pk"),
                "attempt", payment.get("attempt"),
                "status", status,
                "unit", payment.get("unit"),
                "colour", payment.get("colour"),
                "claimedAt", payment.get("claimedAt"),
                "decidedAt", payment.get("claimedAt"),
                "aborted", Map.of(),
                "command", payment.get("command")));
        item.putAll(more);
        Map<String, AttributeValue> attributes =
                EnhancedDocument.fromJson(Json.write(item)).toMap();
        tables.client()
                .putItem(request -> request.tableName(LocalTables.PAYMENT).item(attributes));
    }
}
