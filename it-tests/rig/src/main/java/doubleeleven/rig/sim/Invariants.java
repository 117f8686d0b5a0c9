package doubleeleven.rig.sim;

import doubleeleven.aws.dynamodb.Values;
import doubleeleven.ids.Fingerprint;
import doubleeleven.it.audit.Conservation;
import doubleeleven.it.audit.Snapshot;
import doubleeleven.rig.World;
import doubleeleven.rig.regions.Projections;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What must hold of the tables whenever the world is at rest, and of what clients were told. */
final class Invariants {
    private final World world;
    private final Scheduler scheduler;
    private final Remembered remembered;
    private final Notified notified;
    private final Map<String, String> succeeded = new HashMap<>();
    private Map<String, Long> credit = Map.of();

    Invariants(World world, Scheduler scheduler, Remembered remembered) {
        this.world = world;
        this.scheduler = scheduler;
        this.remembered = remembered;
        this.notified = new Notified(world);
    }

    /** How many lines, loans, bills and repayments there were when it was looked. */
    Map<String, Long> credit() {
        return credit;
    }

    /** What is wrong now that the world is at rest. */
    List<String> violated() {
        List<Map<String, AttributeValue>> items = Snapshot.scan(world.tables(), Snapshot.PAYMENT_TABLE);
        Snapshot snapshot = Snapshot.of(
                Snapshot.scan(world.tables(), Snapshot.ACCOUNT_TABLE),
                items,
                Snapshot.scan(world.tables(), Snapshot.CREDIT_TABLE));
        credit = Map.of(
                "lines", count(snapshot.funds(), fund -> fund.limit() != null),
                "loans", count(snapshot.debts(), Snapshot.Debt::isLoan),
                "bills", (long) snapshot.statements().size(),
                "overdue", count(snapshot.debts(), debt -> debt.sk().endsWith("#INTEREST") && debt.opened() > 0),
                "repayments",
                        count(
                                snapshot.payments(),
                                payment -> payment.isSucceeded() && "REPAYMENT".equals(payment.kind())));
        List<String> wrong = new ArrayList<>();
        Conservation conservation = Conservation.of(snapshot);
        if (!conservation.holds()) {
            wrong.add(conservation.toReport());
        }
        wrong.addAll(Projections.differences(world, items, scheduler.now()));
        wrong.addAll(notified.differences(items));
        world.overdrawn().forEach(account -> wrong.add(account + " had less than nothing at a moment"));
        Conservation.unposted(snapshot).forEach(entry -> wrong.add("entry " + entry.name() + " was never posted"));
        Map<String, Snapshot.Payment> payments = new HashMap<>();
        snapshot.payments().forEach(payment -> payments.put(payment.order(), payment));
        succeeded.forEach((order, attempt) -> {
            Snapshot.Payment payment = payments.get(order);
            if (payment == null || !payment.isSucceeded() || !payment.attempt().equals(attempt)) {
                wrong.add("payment " + order + " had succeeded by " + attempt + " and is now " + payment);
            }
        });
        payments.values().stream()
                .filter(Snapshot.Payment::isSucceeded)
                .forEach(payment -> succeeded.put(payment.order(), payment.attempt()));
        remembered.forEach(asked -> compare(asked, wrong));
        return wrong;
    }

    private static <T> long count(List<T> all, Predicate<T> such) {
        return all.stream().filter(such).count();
    }

    /** What a client was told, against what is so. */
    private void compare(Asked asked, List<String> wrong) {
        if (!asked.isKnown()) {
            return;
        }
        Map<String, AttributeValue> item = world.tables()
                .getItem(get -> get.tableName(Snapshot.PAYMENT_TABLE)
                        .consistentRead(true)
                        .key(Map.of("pk", AttributeValue.fromS(asked.order().value()))))
                .item();
        AttributeValue command = item.get("command");
        boolean really = command != null && "SUCCEEDED".equals(Values.text(item, "status")) && isOf(asked, command.m());
        if (asked.isPaid() && !really) {
            wrong.add("told to be paid and is not: " + asked);
        }
        if (asked.isRefused() && really) {
            wrong.add("told not to be paid and is: " + asked);
        }
    }

    private static boolean isOf(Asked asked, Map<String, AttributeValue> command) {
        return Fingerprint.of("IDEMPOTENCY-KEY", asked.key()).equals(Values.text(command, "key"))
                && AttributeValue.fromN(Long.toString(asked.amount())).equals(command.get("amount"));
    }
}
