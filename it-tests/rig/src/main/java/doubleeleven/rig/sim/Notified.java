package doubleeleven.rig.sim;

import doubleeleven.aws.dynamodb.EndpointItems;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.ids.Fingerprint;
import doubleeleven.notification.delivery.Notification;
import doubleeleven.rig.World;
import doubleeleven.testkit.LocalTables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Whether merchants that asked for it were told what became of each payment and refund, once at least, and never anything else. What lies
 * in a dead-letter queue is in an operator's hands.
 */
final class Notified {
    private static final Set<String> KINDS = Set.of("PAYMENT", "REFUND");

    private final World world;
    private final Map<String, Boolean> wanting = new HashMap<>();

    Notified(World world) {
        this.world = world;
    }

    /** What is wrong, of payment items at rest. */
    List<String> differences(List<Map<String, AttributeValue>> items) {
        Map<String, Set<String>> told = new HashMap<>();
        for (Notification each : world.inboxes().told()) {
            told.computeIfAbsent(each.id(), id -> new HashSet<>())
                    .add(String.valueOf(each.content().get("type")).replaceFirst(".*\\.", ""));
        }
        Set<String> given = new HashSet<>();
        world.deadLetters().values().forEach(given::addAll);
        List<String> wrong = new ArrayList<>();
        for (Map<String, AttributeValue> item : items) {
            AttributeValue command = item.get("command");
            if (command != null && KINDS.contains(Values.text(command.m(), "kind"))) {
                compare(item, command.m(), told, given, wrong);
            }
        }
        return wrong;
    }

    private void compare(
            Map<String, AttributeValue> item,
            Map<String, AttributeValue> command,
            Map<String, Set<String>> told,
            Set<String> given,
            List<String> wrong) {
        String merchant = Values.text(command, "merchant");
        if (!wants(merchant)) {
            return;
        }
        String attempt = Values.text(item, "attempt");
        String became = Values.text(item, "status").equals("SUCCEEDED") ? "paid" : "declined";
        Set<String> heard = told.getOrDefault(Fingerprint.of("NOTIFICATION", attempt, merchant), Set.of());
        if (heard.isEmpty() && given.stream().noneMatch(letter -> letter.contains(attempt))) {
            wrong.add(merchant + " was not told of attempt " + attempt + " of " + Values.text(item, "pk"));
        }
        if (!Set.of(became).containsAll(heard)) {
            wrong.add(merchant + " was told that attempt " + attempt + " is " + heard + ", and it is " + became);
        }
    }

    private boolean wants(String merchant) {
        return wanting.computeIfAbsent(
                merchant,
                id -> world.tables()
                        .getItem(get -> get.tableName(LocalTables.PLATFORM).key(EndpointItems.key(id)))
                        .hasItem());
    }
}
