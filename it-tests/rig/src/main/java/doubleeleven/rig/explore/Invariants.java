package doubleeleven.rig.explore;

import doubleeleven.account.AccountKey;
import doubleeleven.aws.Json;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.Payee;
import doubleeleven.rig.explore.Scenario.Attempt;
import doubleeleven.rig.explore.Slots.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What must hold in every state, and at every end, read from the items without the platform's own code. */
final class Invariants {
    /** An order may be tried so often, so that its item stays small. */
    static final int MOST_ATTEMPTS = 20;

    private static final Set<String> PAID = Set.of("COMMITTED", "SUCCEEDED");

    private final Scenario scenario;
    private final Slots slots;
    private final List<Map<String, AttributeValue>> beginning;
    private final Map<List<Integer>, String> checked = new HashMap<>();
    private final Map<List<Integer>, String> ended = new HashMap<>();

    Invariants(Scenario scenario, Slots slots) {
        this.scenario = scenario;
        this.slots = slots;
        this.beginning = List.copyOf(scenario.items().values());
    }

    /** What is wrong with the items of a state; empty where nothing is. */
    String check(int[] state) {
        List<Integer> items = items(state);
        String known = checked.get(items);
        if (known == null) {
            known = String.join("; ", faults(items));
            checked.put(items, known);
        }
        return known;
    }

    /** What is left undone although nothing can move any more; empty where nothing is. */
    String end(int[] state) {
        return ended.computeIfAbsent(items(state), items -> String.join("; ", leftovers(items)));
    }

    /** Whether an answer that an execution gave its caller is true, now and ever after. */
    String answer(int[] state, Attempt attempt, Map<?, ?> output) {
        Map<String, AttributeValue> order = item(items(state), Fixture.place(attempt.order()));
        String id = attempt.id().value();
        boolean paid = isPaidBy(order, id);
        return switch (String.valueOf(output.get("outcome"))) {
            case "PAID" -> paid ? "" : "attempt " + id + " was answered as paid and is not";
            case "DECLINED", "CONFLICT" -> paid ? "attempt " + id + " was answered as not paid and is" : "";
            default -> "";
        };
    }

    private List<Integer> items(int[] state) {
        return Arrays.stream(state, 0, slots.count()).boxed().toList();
    }

    private Map<String, AttributeValue> item(List<Integer> items, Place place) {
        return slots.item(items.get(slots.slotOf(place)));
    }

    private List<String> faults(List<Integer> items) {
        List<String> faults = new ArrayList<>();
        Map<Place, Long> moved = new LinkedHashMap<>();
        for (Attempt attempt : scenario.attempts()) {
            ofAttempt(items, attempt, moved, faults);
        }
        for (int slot = 0; slot < slots.count(); slot++) {
            Map<String, AttributeValue> item = slots.item(items.get(slot));
            if (item.containsKey("available")) {
                ofFund(slot, item, items, moved, faults);
            }
        }
        return faults;
    }

    private void ofAttempt(List<Integer> items, Attempt attempt, Map<Place, Long> moved, List<String> faults) {
        String id = attempt.id().value();
        Map<String, AttributeValue> order = item(items, Fixture.place(attempt.order()));
        boolean paid = isPaidBy(order, id);
        String status = text(order, "status");
        if (paid && order.get("aborted") != null && order.get("aborted").m().containsKey(id)) {
            faults.add("attempt " + id + " is paid and aborted");
        }
        for (Branch branch : attempt.command().branches()) {
            Place place = Fixture.place(branch.account());
            Map<String, AttributeValue> item = item(items, place);
            boolean open = map(item, branch.kind() == BranchKind.CREDIT ? "incoming" : "holds")
                    .containsKey(id);
            // A hold of a payment that has succeeded is a late one and will be given back.
            if (paid && !(open && status.equals("COMMITTED"))) {
                long sign = branch.kind() == BranchKind.CREDIT ? -1 : 1;
                moved.merge(place, sign * branch.amountMinor(), Math::addExact);
            }
        }
        if (map(order, "aborted").size() > MOST_ATTEMPTS) {
            faults.add("the order was tried " + map(order, "aborted").size() + " times");
        }
        asAsked(items, attempt, faults);
        for (Payee payee : attempt.command().payees()) {
            Map<String, AttributeValue> entry = item(items, Fixture.entryOf(attempt, payee));
            if (!entry.isEmpty() && !paid) {
                faults.add("a payee is credited for attempt " + id + ", which is not paid");
            }
            if (entry.isEmpty() && paid && status.equals("SUCCEEDED")) {
                faults.add("the payment has succeeded and a payee is not credited");
            }
            if (!entry.isEmpty() && number(entry, "amount") != payee.amountMinor()) {
                faults.add("a payee is credited with another amount");
            }
        }
    }

    /** What a hold was granted on still shows while nobody else holds. */
    private void asAsked(List<Integer> items, Attempt attempt, List<String> faults) {
        String id = attempt.id().value();
        for (Map<String, Object> asked : Json.objects(attempt.input(), "branches")) {
            AccountKey account =
                    new AccountKey(Json.text(asked, "pk"), asked.get("sk") instanceof String sk ? sk : null);
            Map<String, AttributeValue> item = item(items, Fixture.place(account));
            Map<String, AttributeValue> holds = map(item, "holds");
            if (!holds.containsKey(id)) {
                continue;
            }
            if (holds.size() > Json.integer(asked, "cap")) {
                faults.add(account + " has " + holds.size() + " holds");
            }
            long before = number(item, "available") + Json.integer(asked, "amount");
            if (holds.size() == 1
                    && Json.integer(asked, "cap") == 1
                    && (before < Json.integer(asked, "floor") || before > Json.integer(asked, "ceiling"))) {
                faults.add(account + " is held on although " + before + " were available");
            }
        }
    }

    private void ofFund(
            int slot,
            Map<String, AttributeValue> item,
            List<Integer> items,
            Map<Place, Long> moved,
            List<String> faults) {
        Place place = slots.place(slot);
        String name = place.key().toString();
        long available = number(item, "available");
        if (available < 0) {
            faults.add(name + " is below zero");
        }
        if (!text(item, "currency").equals("GBP") && !map(item, "holds").isEmpty()) {
            faults.add(name + " is held on in another currency");
        }
        AttributeValue expiry = item.get("expiresAt");
        if (expiry != null
                && Long.parseLong(expiry.n()) <= Fixture.NOW.toEpochMilli()
                && !map(item, "holds").isEmpty()) {
            faults.add(name + " is held on although it has expired");
        }
        long held = map(item, "holds").values().stream()
                .mapToLong(hold -> number(hold.m(), "amount"))
                .sum();
        Map<String, AttributeValue> before = beginning.get(slot);
        if (!before.containsKey("available")) {
            // A payment's refundable rest comes to be when it succeeds.
            return;
        }
        long expected = number(before, "available") - moved.getOrDefault(place, 0L) + posted(items, place);
        if (available + held != expected) {
            faults.add(name + " has " + available + " and " + held + " held, which is not " + expected);
        }
    }

    /** What of the entries is in a payee's balance. */
    private long posted(List<Integer> items, Place bucket) {
        Map<String, AttributeValue> balance = item(items, bucket);
        List<AttributeValue> posting =
                balance.containsKey("posting") ? balance.get("posting").l() : List.of();
        long sum = 0;
        for (int slot = 0; slot < slots.count(); slot++) {
            Map<String, AttributeValue> entry = slots.item(items.get(slot));
            AttributeValue sortKey = entry.get("sk");
            if (sortKey != null
                    && sortKey.s().startsWith("E#")
                    && Objects.equals(entry.get("pk"), bucket.key().get("pk"))
                    && (entry.containsKey("posted") || posting.contains(sortKey))) {
                sum += number(entry, "amount");
            }
        }
        return sum;
    }

    private List<String> leftovers(List<Integer> items) {
        List<String> left = new ArrayList<>();
        for (Attempt attempt : scenario.attempts()) {
            Map<String, AttributeValue> order = item(items, Fixture.place(attempt.order()));
            if (!order.isEmpty() && !Set.of("SUCCEEDED", "CLOSED").contains(text(order, "status"))) {
                left.add("the payment stays " + text(order, "status"));
            }
        }
        for (int slot = 0; slot < slots.count(); slot++) {
            Map<String, AttributeValue> item = slots.item(items.get(slot));
            if (!map(item, "holds").isEmpty() || !map(item, "incoming").isEmpty()) {
                left.add("a hold stays on " + slots.place(slot).key());
            }
            if (scenario.bounds().posting() && text(item, "sk").startsWith("E#") && !item.containsKey("posted")) {
                left.add("an entry stays unposted");
            }
        }
        return left;
    }

    static boolean isPaidBy(Map<String, AttributeValue> order, String attempt) {
        return text(order, "attempt").equals(attempt) && PAID.contains(text(order, "status"));
    }

    static String text(Map<String, AttributeValue> item, String name) {
        @Nullable AttributeValue value = item.get(name);
        return value == null ? "" : value.s();
    }

    static Map<String, AttributeValue> map(Map<String, AttributeValue> item, String name) {
        @Nullable AttributeValue value = item.get(name);
        return value == null ? Map.of() : value.m();
    }

    private static long number(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        if (value == null) {
            throw new IllegalStateException("no number " + name + " in " + item);
        }
        return Long.parseLong(value.n());
    }
}
