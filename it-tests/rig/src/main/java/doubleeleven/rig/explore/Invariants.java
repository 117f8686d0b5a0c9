package doubleeleven.rig.explore;

import doubleeleven.account.AccountKey;
import doubleeleven.aws.Json;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.Payee;
import doubleeleven.rig.explore.Scenario.Attempt;
import doubleeleven.rig.explore.Scenario.Start;
import doubleeleven.rig.explore.Slots.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What must hold in every state, and at every end, read from the items without the platform's own code. */
final class Invariants {
    /** An order may be tried so often, so that its item stays small. */
    static final int MOST_ATTEMPTS = 20;

    private static final Set<String> PAID = Set.of("COMMITTED", "SUCCEEDED");
    private static final Set<String> OVER = Set.of("SUCCEEDED", "CLOSED");

    private final Scenario scenario;
    private final Slots slots;
    private final List<Map<String, AttributeValue>> beginning;
    /** Tombstones refuse late holds until they are pruned. */
    private final boolean fenced;

    /** Items in which all is well. */
    private final Visited checked = new Visited();

    private final Map<List<Integer>, String> ended = new HashMap<>();

    Invariants(Scenario scenario, Slots slots) {
        this.scenario = scenario;
        this.slots = slots;
        this.fenced = scenario.executions().stream()
                .noneMatch(
                        execution -> Set.of(Start.DAYS_LATER, Start.HOURS_LATER).contains(execution.start()));
        this.beginning = List.copyOf(scenario.items().values());
    }

    /** What is wrong with the items of a state, said once; empty where nothing is. */
    String check(int[] state) {
        return checked.add(Arrays.copyOf(state, slots.count())) < 0 ? "" : String.join("; ", faults(items(state)));
    }

    /** What is left undone although nothing can move any more; empty where nothing is. */
    String end(int[] state) {
        return ended.computeIfAbsent(items(state), items -> String.join("; ", leftovers(items)));
    }

    /** Whether an answer that an execution gave its caller is true, now and ever after. */
    String answer(int[] state, Attempt attempt, Map<?, ?> output) {
        Map<String, AttributeValue> order = slots.item(state[slots.slotOf(attempt.order())]);
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
            if (text(item, "sk").startsWith("E#") && !item.containsKey("amount")) {
                faults.add("an entry was made up");
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
        if (text(order, "attempt").equals(id)) {
            ofOwner(id, order, attempt, items, faults);
        }
        for (Branch branch : attempt.command().branches()) {
            Place place = Fixture.place(branch.account());
            Map<String, AttributeValue> item = item(items, place);
            boolean open = map(item, reservationsOf(branch.kind())).containsKey(id);
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
        ofLoan(items, attempt, paid, status, faults);
        for (Payee payee : attempt.command().payees()) {
            Map<String, AttributeValue> entry = item(items, Fixture.entryOf(attempt, payee));
            if (!entry.isEmpty() && !paid) {
                faults.add("a payee is credited for attempt " + id + ", which is not paid");
            }
            if (entry.isEmpty() && paid && status.equals("SUCCEEDED")) {
                faults.add("the payment has succeeded and a payee is not credited");
            }
            if (entry.containsKey("amount") && number(entry, "amount") != payee.amountMinor()) {
                faults.add("a payee is credited with another amount");
            }
        }
    }

    /** A payment on credit leaves one loan, for what it took, before it has succeeded; whatever became of the loan since stays. */
    private void ofLoan(List<Integer> items, Attempt attempt, boolean paid, String status, List<String> faults) {
        Optional<Branch> lent = attempt.command().lent();
        if (lent.isEmpty()) {
            return;
        }
        Place place = Fixture.loanOf(attempt);
        Map<String, AttributeValue> loan = item(items, place);
        Map<String, AttributeValue> before = beginning.get(slots.slotOf(place));
        if (!loan.isEmpty() && !paid) {
            faults.add("something is lent for attempt " + attempt.id() + ", which is not paid");
        }
        if (loan.isEmpty() && status.equals("SUCCEEDED") && paid) {
            faults.add("the payment has succeeded and nothing is lent");
        }
        if (!loan.isEmpty() && number(loan, "opened") != lent.get().amountMinor()) {
            faults.add("another amount is lent");
        }
        if (!before.isEmpty() && !before.equals(loan)) {
            faults.add("a loan was written over");
        }
    }

    /** The order and the attempt that owns it agree on what became of that. */
    private void ofOwner(
            String id, Map<String, AttributeValue> order, Attempt attempt, List<Integer> items, List<String> faults) {
        String status = text(order, "status");
        boolean aborted = map(order, "aborted").containsKey(id);
        if (status.equals("TRYING") && aborted) {
            faults.add("attempt " + id + " is tried although it is aborted");
        }
        if (Set.of("ABORTED", "CLOSED").contains(status) && !aborted) {
            faults.add("attempt " + id + " may come again although the payment is " + status);
        }
        boolean over = OVER.contains(status);
        if (order.containsKey("due") == over || order.containsKey("dueAt") == over) {
            faults.add("the payment is " + status + (over ? " and due" : " and not due"));
        }
        // An attempt that was aborted before its claim landed is known by the one account that was asked about:
        // reclaims find the rest.
        if (over && fenced && order.containsKey("command")) {
            for (Branch branch : attempt.command().branches()) {
                if (map(item(items, Fixture.place(branch.account())), reservationsOf(branch.kind()))
                        .containsKey(id)) {
                    faults.add("the payment is " + status + " and attempt " + id + " still reserves on "
                            + branch.account());
                }
            }
        }
    }

    /** The attribute in which an account keeps what lies there for a branch of this kind. */
    static String reservationsOf(BranchKind kind) {
        return kind == BranchKind.CREDIT ? "incoming" : "holds";
    }

    /** What a hold was granted on still shows while nobody else holds. */
    private void asAsked(List<Integer> items, Attempt attempt, List<String> faults) {
        String id = attempt.id().value();
        for (Map<String, Object> asked : Json.objects(attempt.input(), "branches")) {
            AccountKey account =
                    new AccountKey(Json.text(asked, "pk"), asked.get("sk") instanceof String sk ? sk : null);
            Map<String, AttributeValue> item = item(items, Fixture.place(account));
            BranchKind kind = BranchKind.valueOf(Json.text(asked, "kind"));
            Map<String, AttributeValue> holds = map(item, reservationsOf(kind));
            if (!holds.containsKey(id)) {
                continue;
            }
            if (holds.size() > Json.integer(asked, "cap")) {
                faults.add(account + " has " + holds.size() + " holds");
            }
            long before = number(item, "available") + Json.integer(asked, "amount");
            if (kind != BranchKind.CREDIT
                    && holds.size() == 1
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
        for (String reservations : List.of("holds", "incoming")) {
            if (!text(item, "currency").equals("GBP")
                    && !map(item, reservations).isEmpty()) {
                faults.add(name + " is held on in another currency");
            }
            if (!Collections.disjoint(
                    map(item, reservations).keySet(), map(item, "finished").keySet())) {
                faults.add(name + " is held on by an attempt that is settled there");
            }
        }
        AttributeValue expiry = item.get("expiresAt");
        if (expiry != null
                && Long.parseLong(expiry.n()) <= Fixture.NOW.toEpochMilli()
                && !map(item, "holds").isEmpty()) {
            faults.add(name + " is held on although it has expired");
        }
        long held = held(item);
        Map<String, AttributeValue> before = beginning.get(slot);
        if (!before.containsKey("available")) {
            // A payment's refundable rest comes to be when it succeeds.
            return;
        }
        long expected =
                number(before, "available") + held(before) - moved.getOrDefault(place, 0L) + posted(items, place);
        if (available + held != expected) {
            faults.add(name + " has " + available + " and " + held + " held, which is not " + expected);
        }
    }

    private static long held(Map<String, AttributeValue> item) {
        return map(item, "holds").values().stream()
                .mapToLong(hold -> number(hold.m(), "amount"))
                .sum();
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
                    && entry.containsKey("amount")
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
