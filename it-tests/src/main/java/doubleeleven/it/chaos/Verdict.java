package doubleeleven.it.chaos;

import doubleeleven.it.audit.Conservation;
import doubleeleven.it.audit.Journal;
import doubleeleven.it.audit.Snapshot;
import doubleeleven.it.audit.Snapshot.Payment;
import doubleeleven.it.audit.Write;
import doubleeleven.it.audit.Write.Kind;
import doubleeleven.it.replay.Outcome;
import doubleeleven.it.replay.Plan.Event;
import doubleeleven.it.replay.Plan.Purchase;
import doubleeleven.it.replay.Plan.Return;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the tables and their streams say about what was answered, each finding in words.
 *
 * @param lost paid by the answer and not in the tables, or money that is not where its payments say
 * @param doubled more debits, credits or entries than a payment has, or any for an attempt that did not succeed
 */
record Verdict(List<String> lost, List<String> doubled) {

    static Verdict of(Collection<Outcome> outcomes, Snapshot tables, Journal journal) {
        Map<String, Map<Kind, Integer>> writes = byAttempt(journal);
        Map<String, Payment> payments =
                tables.payments().stream().collect(Collectors.toMap(Payment::order, Function.identity()));
        Set<String> entered = tables.entries().stream()
                .map(entry -> entry.attempt() + " in " + entry.pk())
                .collect(Collectors.toSet());

        List<String> lost = new ArrayList<>();
        outcomes.forEach(outcome -> compare(outcome, payments.get(outcome.order()), lost));
        tables.payments().stream()
                .filter(Payment::isSucceeded)
                .forEach(payment -> checkNothingMissing(payment, countsOf(payment, writes), entered, lost));
        checkMoney(tables, lost);
        return new Verdict(List.copyOf(lost), doubled(tables, writes));
    }

    /** What was not found before. */
    Verdict without(Verdict known) {
        return new Verdict(difference(lost, known.lost), difference(doubled, known.doubled));
    }

    private static List<String> difference(List<String> findings, List<String> known) {
        Set<String> old = new HashSet<>(known);
        return findings.stream().filter(finding -> !old.contains(finding)).toList();
    }

    private static void compare(Outcome outcome, @Nullable Payment payment, List<String> lost) {
        String status = payment == null ? "absent" : payment.status();
        boolean committed = status.equals("COMMITTED") || status.equals("SUCCEEDED");
        boolean contradicted = switch (outcome.result()) {
            case PAID -> !committed || (payment != null && payment.amount() != amountOf(outcome.event()));
            // Told that nothing was taken, although it was.
            case DECLINED -> committed;
            case SKIPPED, FAILED -> false;
        };
        if (contradicted) {
            lost.add("order " + outcome.order() + " was answered " + outcome.result() + " for "
                    + amountOf(outcome.event()) + ", the table says " + status
                    + (payment == null ? "" : " for " + payment.amount()));
        }
    }

    private static long amountOf(Event event) {
        return switch (event) {
            case Purchase purchase -> purchase.amountMinor();
            case Return goods -> goods.amountMinor();
        };
    }

    private static void checkNothingMissing(
            Payment payment, Map<Kind, Integer> counts, Set<String> entered, List<String> lost) {
        int confirmed = counts.getOrDefault(Kind.CONFIRM, 0);
        if (confirmed < streamed(payment)) {
            lost.add("payment " + payment.order() + " succeeded with " + confirmed + " of " + streamed(payment)
                    + " debits and credits");
        }
        payment.payees().stream()
                .map(share -> payment.attempt() + " in " + share.bucket())
                .filter(entry -> !entered.contains(entry))
                .forEach(entry -> lost.add("payment " + payment.order() + " succeeded without an entry of " + entry));
    }

    /**
     * The sum must be right at any time. Account by account the books can be compared only once nothing is on the way any more: what never
     * arrives is stuck, and said so.
     */
    private static void checkMoney(Snapshot tables, List<String> lost) {
        Conservation money = Conservation.of(tables);
        if (Conservation.unfinished(tables).isEmpty()) {
            lost.addAll(money.faults());
        }
        money.balances().forEach((currency, balance) -> {
            if (balance.difference() != 0) {
                lost.add(balance.difference() + " minor units of " + currency + " came from nowhere");
            }
        });
    }

    private static List<String> doubled(Snapshot tables, Map<String, Map<Kind, Integer>> writes) {
        List<String> doubled = new ArrayList<>();
        tables.entries().stream()
                .collect(Collectors.groupingBy(entry -> entry.order() + " in " + entry.pk(), Collectors.counting()))
                .forEach((order, entries) -> {
                    if (entries > 1) {
                        doubled.add("payment " + order + " has " + entries + " entries");
                    }
                });
        Map<String, Payment> succeeded = new HashMap<>();
        Set<String> open = new HashSet<>();
        for (Payment payment : tables.payments()) {
            if (payment.isSucceeded()) {
                succeeded.put(payment.attempt(), payment);
            } else if (payment.isOpen()) {
                open.add(payment.attempt());
            }
        }
        writes.forEach((attempt, counts) -> {
            Payment payment = succeeded.get(attempt);
            int confirmed = counts.getOrDefault(Kind.CONFIRM, 0);
            int entered = counts.getOrDefault(Kind.ENTRY, 0);
            if (payment == null && !open.contains(attempt) && confirmed + entered > 0) {
                doubled.add("attempt " + attempt + " did not succeed, and has " + confirmed + " debits and credits and "
                        + entered + " entries in the streams");
            } else if (payment != null
                    && (confirmed > streamed(payment)
                            || entered > payment.payees().size())) {
                doubled.add("payment " + payment.order() + " has " + confirmed + " debits and credits instead of "
                        + streamed(payment) + ", and " + entered + " entries in the streams");
            }
        });
        return List.copyOf(doubled);
    }

    /** Debits and credits that streams show: loans lie in a table without one, and are checked with the money. */
    private static long streamed(Payment payment) {
        return payment.legs().stream().filter(leg -> !leg.kind().equals("OWED")).count();
    }

    private static Map<Kind, Integer> countsOf(Payment payment, Map<String, Map<Kind, Integer>> writes) {
        return writes.getOrDefault(payment.attempt(), Map.of());
    }

    private static Map<String, Map<Kind, Integer>> byAttempt(Journal journal) {
        Map<String, Map<Kind, Integer>> counts = new HashMap<>();
        for (Write write : journal.writes()) {
            counts.computeIfAbsent(write.attempt(), attempt -> new EnumMap<>(Kind.class))
                    .merge(write.kind(), 1, Integer::sum);
        }
        counts.remove("");
        return counts;
    }
}
