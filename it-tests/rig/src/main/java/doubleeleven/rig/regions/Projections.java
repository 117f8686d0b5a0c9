package doubleeleven.rig.regions;

import doubleeleven.aws.dynamodb.Values;
import doubleeleven.it.audit.Snapshot;
import doubleeleven.rig.World;
import doubleeleven.testkit.LocalTables;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What can be rebuilt from the payments, as it lies in each Region, against a replay of them. */
public final class Projections {
    private static final Set<String> SPENDING = Set.of("PAYMENT", "TRANSFER");
    private static final Duration REMEMBERED = Duration.ofHours(1);

    private Projections() {}

    /** A payment that a payer made, as it is remembered. */
    private record Spent(String payer, String attempt, Instant at, long amount, String currency) {}

    /**
     * What is wrong while no payment is open and nothing is on its way, in words.
     *
     * @param payments every item of the payment table
     */
    public static List<String> differences(World world, List<Map<String, AttributeValue>> payments, Instant now) {
        List<String> wrong = new ArrayList<>();
        List<String> regions = world.topology().regions();
        Set<Map<String, AttributeValue>> first =
                new HashSet<>(Snapshot.scan(world.tables(regions.getFirst()), LocalTables.FEATURE));
        for (String region : regions) {
            if (!new HashSet<>(Snapshot.scan(world.tables(region), LocalTables.FEATURE)).equals(first)) {
                wrong.add("features differ between " + regions.getFirst() + " and " + region);
            }
        }
        Set<Spent> paid = replay(payments);
        Set<Spent> remembered = new HashSet<>();
        first.forEach(item -> remember(item, remembered));
        remembered.stream()
                .filter(spent -> !paid.contains(spent))
                .forEach(spent -> wrong.add("remembered and never paid: " + spent));
        String gaveUp = world.deadLetters().toString();
        paid.stream()
                .filter(spent -> spent.at().isAfter(now.minus(REMEMBERED))
                        && !remembered.contains(spent)
                        && !gaveUp.contains(spent.attempt()))
                .forEach(spent -> wrong.add("paid and not remembered: " + spent));
        return wrong;
    }

    private static Set<Spent> replay(List<Map<String, AttributeValue>> payments) {
        Set<Spent> paid = new HashSet<>();
        for (Map<String, AttributeValue> payment : payments) {
            AttributeValue command = payment.get("command");
            if (command != null
                    && Values.text(payment, "status").equals("SUCCEEDED")
                    && SPENDING.contains(Values.text(command.m(), "kind"))) {
                paid.add(new Spent(
                        Values.text(command.m(), "payer"),
                        Values.text(payment, "attempt"),
                        Instant.ofEpochMilli(number(payment, "decidedAt")),
                        number(command.m(), "amount"),
                        Values.text(command.m(), "currency")));
            }
        }
        return paid;
    }

    private static void remember(Map<String, AttributeValue> item, Set<Spent> remembered) {
        AttributeValue recent = item.get("recent");
        if (recent != null) {
            String payer = Values.text(item, "pk").substring("C#".length());
            recent.m()
                    .forEach((attempt, spent) -> remembered.add(new Spent(
                            payer,
                            attempt,
                            Instant.ofEpochMilli(number(spent.m(), "at")),
                            number(spent.m(), "amount"),
                            Values.text(spent.m(), "currency"))));
        }
    }

    private static long number(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        if (value == null) {
            throw new IllegalStateException("no number " + name + " in " + item);
        }
        return Long.parseLong(value.n());
    }
}
