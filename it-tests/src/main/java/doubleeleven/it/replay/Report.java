package doubleeleven.it.replay;

import doubleeleven.ids.Shard;
import doubleeleven.it.audit.Snapshot.Payment;
import doubleeleven.it.audit.Write.Kind;
import doubleeleven.it.client.Answer;
import doubleeleven.it.replay.Outcome.Result;
import doubleeleven.it.replay.Plan.Buyer;
import doubleeleven.it.replay.Plan.Event;
import doubleeleven.it.replay.Plan.Means;
import doubleeleven.it.replay.Plan.Purchase;
import doubleeleven.it.replay.Plan.Return;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** A replay in figures. */
record Report(
        Plan plan,
        List<Outcome> outcomes,
        Audit audit,
        Notices notices,
        Duration took,
        Credits credits,
        Optional<Answer> bill,
        Optional<Drill.Course> drill) {
    private static final long HIGHEST_MICROS = Duration.ofMinutes(10).toNanos() / 1000;

    String text() {
        StringBuilder text = new StringBuilder();
        counts(text);
        speed(text);
        credits.write(text, bill);
        drill.ifPresent(course -> drilled(text, course));
        matrix(text);
        writes(text);
        text.append('\n').append(audit.conservation().toReport());
        faults().forEach(fault -> text.append("FAULT: ").append(fault).append('\n'));
        text.append(isFine() ? "\nAll is well.\n" : "\nThis run FAILED.\n");
        return text.toString();
    }

    boolean isFine() {
        return faults().isEmpty();
    }

    private List<String> faults() {
        List<String> faults = new ArrayList<>(audit.faults());
        faults.addAll(notices.faults());
        drill.ifPresent(course -> {
            faults.addAll(course.faults());
            whileOut(course).forEach((unit, payments) -> {
                if (unit.equals(course.unit())) {
                    faults.add(payments + " payments were begun at " + unit + " while it was out of service");
                }
            });
        });
        return faults;
    }

    /** Who served customers of the unit that was out, by name with how many; of those events that were played meanwhile. */
    private Map<String, Integer> whileOut(Drill.Course course) {
        Map<String, Integer> units = new TreeMap<>();
        for (Outcome outcome : meanwhile()) {
            Payment payment = audit.payments().get(outcome.order());
            if (payment != null && course.owns(Shard.of(outcome.event().customer()))) {
                units.merge(payment.unit(), 1, Integer::sum);
            }
        }
        return units;
    }

    private List<Outcome> meanwhile() {
        Set<Event> events = Collections.newSetFromMap(new IdentityHashMap<>());
        int all = plan.events().size();
        for (int event = 0; event < all; event++) {
            if (Drill.isWhileOut(event, all)) {
                events.add(plan.events().get(event));
            }
        }
        return outcomes.stream()
                .filter(outcome -> events.contains(outcome.event()))
                .toList();
    }

    private void drilled(StringBuilder text, Drill.Course course) {
        line(
                text,
                "failover",
                course.region().map(region -> "Region " + region + " lost, ").orElse("") + course.unit()
                        + " taken out in " + course.away().took().toSeconds() + " s ("
                        + course.away().state() + "), brought back in "
                        + course.restored().took().toSeconds() + " s ("
                        + course.restored().state() + ")");
        line(
                text,
                "  meanwhile",
                meanwhile().size() + " payments and refunds, failed " + count(meanwhile(), Result.FAILED)
                        + "; those of its customers were served by " + whileOut(course));
        course.release().ifPresent(step -> {
            Answer release = step.answer();
            line(
                    text,
                    "release",
                    release.text("unit") + " from " + release.text("from") + " to " + release.text("to") + " in "
                            + step.took().toSeconds() + " s: " + step.state());
            release.objects("stages")
                    .forEach(stage -> line(
                            text, "  " + stage.get("weight") + " %", stage.get("verdict") + " " + payments(stage)));
        });
    }

    private static String payments(Map<String, Object> stage) {
        return stage.get("figures") instanceof Map<?, ?> figures
                ? figures.entrySet().stream()
                        .map(colour -> colour.getKey() + " "
                                + (colour.getValue() instanceof Map<?, ?> counts ? counts.get("payments") : 0))
                        .sorted()
                        .collect(Collectors.joining(", ", "(payments: ", ")"))
                : "";
    }

    private List<Outcome> purchases() {
        return outcomes.stream()
                .filter(outcome -> outcome.event() instanceof Purchase)
                .toList();
    }

    private List<Outcome> returns() {
        return outcomes.stream()
                .filter(outcome -> outcome.event() instanceof Return)
                .toList();
    }

    private static long count(List<Outcome> outcomes, Result result) {
        return outcomes.stream().filter(outcome -> outcome.result() == result).count();
    }

    private void counts(StringBuilder text) {
        long shortOfMoney =
                plan.customers().values().stream().filter(Buyer::isShort).count();
        line(
                text,
                "customers",
                plan.customers().size() + ", of whom " + shortOfMoney
                        + " were given less than they spend, so that payments are declined");
        line(text, "merchants", plan.merchants().size() + " departments");
        Map<Means, Long> means = plan.purchases().stream()
                .collect(Collectors.groupingBy(Purchase::means, TreeMap::new, Collectors.counting()));
        line(text, "payments", purchases().size() + " " + means);
        line(text, "  paid", count(purchases(), Result.PAID));
        line(text, "  declined", count(purchases(), Result.DECLINED) + " " + reasons(purchases()));
        line(text, "  failed", count(purchases(), Result.FAILED));
        line(text, "refunds", returns().size());
        line(text, "  refunded", count(returns(), Result.PAID));
        line(text, "  declined", count(returns(), Result.DECLINED) + " " + reasons(returns()));
        line(text, "  skipped", count(returns(), Result.SKIPPED) + " (the purchase was declined)");
        line(text, "  failed", count(returns(), Result.FAILED));
        line(
                text,
                "unmatched",
                plan.unmatched().values().stream().mapToInt(Integer::intValue).sum()
                        + " cancellations of these customers were not replayed");
        plan.unmatched().forEach((reason, count) -> line(text, "", count + ": " + reason));
        line(
                text,
                "open",
                audit.payments().values().stream().filter(Payment::isOpen).count());
        line(text, "told", notices.byType() + " to merchants, each signed; " + notices.again() + " once more");
    }

    private static Map<String, Long> reasons(List<Outcome> outcomes) {
        return outcomes.stream()
                .filter(outcome -> outcome.result() == Result.DECLINED)
                .flatMap(outcome -> outcome.reasons().stream())
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }

    private void speed(StringBuilder text) {
        Histogram histogram = new Histogram(HIGHEST_MICROS, 3);
        purchases().stream()
                .filter(outcome -> outcome.result() != Result.FAILED)
                .forEach(outcome -> histogram.recordValue(Math.min(HIGHEST_MICROS, outcome.nanos() / 1000)));
        line(
                text,
                "latency",
                String.format(
                        Locale.ROOT,
                        "p50 %,d ms, p90 %,d ms, p99 %,d ms until the answer to a payment",
                        histogram.getValueAtPercentile(50) / 1000,
                        histogram.getValueAtPercentile(90) / 1000,
                        histogram.getValueAtPercentile(99) / 1000));
        line(
                text,
                "throughput",
                String.format(
                        Locale.ROOT,
                        "%.1f payments and refunds a second over %d s",
                        outcomes.size() / Math.max(0.001, took.toMillis() / 1000.0),
                        took.toSeconds()));
        line(text, "polled", outcomes.stream().filter(Outcome::polled).count() + " were answered 202 first and polled");
    }

    /** Which Region's door answered, and which unit did the work. */
    private void matrix(StringBuilder text) {
        Map<String, Map<String, Integer>> matrix = new TreeMap<>();
        TreeSet<String> units = new TreeSet<>();
        for (Outcome outcome : outcomes) {
            Payment payment = audit.payments().get(outcome.order());
            if (payment != null) {
                String unit = payment.unit() + "-" + payment.colour();
                units.add(unit);
                matrix.computeIfAbsent(outcome.door(), door -> new TreeMap<>()).merge(unit, 1, Integer::sum);
            }
        }
        text.append(String.format("%n%-12s", "door \\ unit"));
        units.forEach(unit -> text.append(String.format("%10s", unit)));
        matrix.forEach((door, row) -> {
            text.append(String.format("%n%-12s", door));
            units.forEach(unit -> text.append(String.format("%10d", row.getOrDefault(unit, 0))));
        });
        text.append("\n\n");
    }

    private void writes(StringBuilder text) {
        double six = 0;
        StringBuilder steps = new StringBuilder();
        for (Kind kind : Kind.values()) {
            if (kind.isProtocol() && audit.mean(kind) > 0) {
                six += audit.mean(kind);
                steps.append(
                        String.format(Locale.ROOT, " %s %.2f", kind.name().toLowerCase(Locale.ROOT), audit.mean(kind)));
            }
        }
        text.append("Base-table writes, counted in the streams of the tables\n");
        line(
                text,
                "  payment",
                String.format(
                        Locale.ROOT,
                        "%.2f for each of the %d paid from one source (%d by design):%s",
                        six,
                        audit.plain().size(),
                        Audit.DESIGNED_WRITES,
                        steps));
        line(
                text,
                "  before answer",
                String.format(
                        Locale.ROOT,
                        "%.2f in 2 serial rounds: claim and hold at once, then decide",
                        audit.mean(Kind.CLAIM) + audit.mean(Kind.HOLD) + audit.mean(Kind.DECIDE)));
        line(
                text,
                "  recovery",
                String.format(Locale.ROOT, "%.2f besides (phase two driven again, fences)", audit.meanOfOthers()));
        line(
                text,
                "  posting",
                String.format(
                        Locale.ROOT,
                        "%.2f for each entry: %s",
                        audit.postingWritesPerEntry(),
                        new TreeMap<>(audit.posting())));
    }

    /** What was borrowed. */
    record Credits(Lending lending, List<Outcome> outcomes) {
        private List<Outcome> payments() {
            return outcomes.stream()
                    .filter(outcome -> outcome.event() instanceof Purchase purchase
                            && purchase.means() == Means.CREDIT
                            && lending.hasLine(purchase.customer()))
                    .toList();
        }

        /** Who borrowed in most payments. */
        Optional<String> borrower() {
            return payments().stream()
                    .filter(outcome -> outcome.result() == Result.PAID)
                    .collect(Collectors.groupingBy(
                            outcome -> outcome.event().customer(), TreeMap::new, Collectors.counting()))
                    .entrySet()
                    .stream()
                    .max(Map.Entry.comparingByValue())
                    .map(Map.Entry::getKey);
        }

        private void write(StringBuilder text, Optional<Answer> bill) {
            line(text, "credit", "applications " + lending.outcomes() + ", declined for " + lending.declines());
            List<Outcome> payments = payments();
            long declined = count(payments, Result.DECLINED);
            long paid = count(payments, Result.PAID);
            line(
                    text,
                    "  payments",
                    String.format(
                            Locale.ROOT,
                            "%d on credit, declined %d %s, of the others %.2f %% paid",
                            payments.size(),
                            declined,
                            reasons(payments),
                            payments.size() == declined ? 100.0 : 100.0 * paid / (payments.size() - declined)));
            bill.ifPresent(answer -> {
                line(
                        text,
                        "  a bill",
                        String.format(
                                Locale.ROOT,
                                "%s of customer %s, due on %s: %,d and fees of %,d, in %d lines",
                                answer.text("month"),
                                answer.text("customer"),
                                answer.text("dueOn"),
                                answer.integer("principal"),
                                answer.integer("fees"),
                                answer.objects("lines").size()));
                answer.objects("lines")
                        .forEach(each -> line(
                                text,
                                "",
                                String.format(
                                        Locale.ROOT,
                                        "instalment %s of %s: %,d, fee %s",
                                        each.get("instalment"),
                                        each.get("of"),
                                        ((Number) each.getOrDefault("principal", 0L)).longValue(),
                                        each.get("fee"))));
            });
        }
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append(String.format("%-16s %s%n", name, value));
    }
}
