package doubleeleven.it.replay;

import doubleeleven.it.audit.Conservation;
import doubleeleven.it.audit.Journal;
import doubleeleven.it.audit.Snapshot;
import doubleeleven.it.audit.Snapshot.Payment;
import doubleeleven.it.audit.Write.Kind;
import doubleeleven.it.replay.Plan.Purchase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the tables say about a replay.
 *
 * @param payments the items behind the outcomes, by order
 * @param plain write counts by attempt of those paid from one source
 * @param faults why the run must not count as a success
 */
record Audit(
        Map<String, Payment> payments,
        Map<String, Map<Kind, Integer>> plain,
        Map<Kind, Integer> posting,
        long entries,
        Conservation conservation,
        List<String> faults) {
    /** Claim, hold, decide, confirm, entry, finish. */
    static final int DESIGNED_WRITES = 6;

    static Audit of(List<Outcome> outcomes, Snapshot tables, Journal journal) {
        Set<String> orders = outcomes.stream().map(Outcome::order).collect(Collectors.toSet());
        Map<String, Payment> payments = tables.payments().stream()
                .filter(payment -> orders.contains(payment.order()))
                .collect(Collectors.toMap(Payment::order, Function.identity()));
        Set<String> plainAttempts = payments.values().stream()
                .filter(payment -> payment.isSucceeded() && payment.isPlain())
                .map(Payment::attempt)
                .collect(Collectors.toSet());
        Map<String, Map<Kind, Integer>> plain = journal.byAttempt(plainAttempts);
        Conservation conservation = Conservation.of(tables);

        List<String> faults = new ArrayList<>();
        outcomes.forEach(outcome -> compare(outcome, payments, faults));
        plain.forEach((attempt, counts) -> {
            int writes = protocolWrites(counts);
            if (writes != DESIGNED_WRITES) {
                faults.add("attempt " + attempt + " took " + writes + " writes: " + counts);
            }
        });
        if (plain.size() < plainAttempts.size()) {
            faults.add((plainAttempts.size() - plain.size()) + " payments left no trace in the streams");
        }
        if (!conservation.holds()) {
            faults.add("money is not conserved, or a payment is open");
        }
        Map<Kind, Integer> posting = new HashMap<>();
        for (Kind kind : List.of(Kind.POST, Kind.MARK_POSTED, Kind.END_POSTING)) {
            posting.put(kind, Math.toIntExact(journal.count(kind)));
        }
        return new Audit(payments, plain, posting, journal.count(Kind.ENTRY), conservation, List.copyOf(faults));
    }

    private static void compare(Outcome outcome, Map<String, Payment> payments, List<String> faults) {
        Payment payment = payments.get(outcome.order());
        String status = payment == null ? "absent" : payment.status();
        boolean agrees = switch (outcome.result()) {
            case PAID -> status.equals("SUCCEEDED");
            case DECLINED -> status.equals("CLOSED");
            case SKIPPED -> payment == null;
            case FAILED -> false;
        };
        if (!agrees) {
            String what = outcome.event() instanceof Purchase purchase
                    ? purchase.order()
                    : outcome.event().toString();
            faults.add(what + " was answered " + outcome.result() + " " + outcome.reasons() + ", the table says "
                    + status);
        }
    }

    static int protocolWrites(Map<Kind, Integer> counts) {
        return counts.entrySet().stream()
                .filter(count -> count.getKey().isProtocol())
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** Mean writes of one kind for a payment from one source. */
    double mean(Kind kind) {
        return plain.values().stream()
                .mapToInt(counts -> counts.getOrDefault(kind, 0))
                .average()
                .orElse(0);
    }

    /** Writes that are neither steps of the protocol nor posting: recovery and fences. */
    double meanOfOthers() {
        return plain.values().stream()
                .mapToInt(counts ->
                        sum(counts.values()) - protocolWrites(counts) - counts.getOrDefault(Kind.MARK_POSTED, 0))
                .average()
                .orElse(0);
    }

    double postingWritesPerEntry() {
        return entries == 0 ? 0 : (double) sum(posting.values()) / entries;
    }

    private static int sum(Collection<Integer> counts) {
        return counts.stream().mapToInt(Integer::intValue).sum();
    }
}
