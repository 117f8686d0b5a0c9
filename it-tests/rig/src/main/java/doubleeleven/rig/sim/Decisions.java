package doubleeleven.rig.sim;

import doubleeleven.aws.dynamodb.Values;
import doubleeleven.testkit.LocalTables;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** How each attempt was decided: once, whoever serves it. */
final class Decisions {
    private final DynamoDbClient tables;
    private final Consumer<String> violations;
    private final Map<String, Decision> decisions = new HashMap<>();

    private record Decision(boolean commits, String at) {}

    Decisions(DynamoDbClient tables, Consumer<String> violations) {
        this.tables = tables;
        this.violations = violations;
    }

    /** A payment was written. */
    void written(Map<String, AttributeValue> key) {
        Map<String, AttributeValue> item = tables.getItem(
                        get -> get.tableName(LocalTables.PAYMENT).key(key).consistentRead(true))
                .item();
        AttributeValue attempt = item.get("attempt");
        boolean commits = switch (item.containsKey("status") ? Values.text(item, "status") : "") {
            case "COMMITTED", "SUCCEEDED" -> true;
            case "ABORTED", "CLOSED" -> false;
            default -> {
                attempt = null;
                yield false;
            }
        };
        if (attempt != null) {
            AttributeValue at = item.get("decidedAt");
            Decision decision = new Decision(commits, at == null ? "" : at.n());
            String decided = Values.text(key, "pk") + " " + attempt.s();
            Decision before = decisions.putIfAbsent(decided, decision);
            if (before != null && !before.equals(decision)) {
                violations.accept(decided + " is decided twice: " + before + ", then " + decision);
            }
        }
    }
}
