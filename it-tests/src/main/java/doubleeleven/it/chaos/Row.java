package doubleeleven.it.chaos;

import doubleeleven.it.chaos.Load.Call;
import doubleeleven.it.replay.Outcome;
import doubleeleven.it.replay.Outcome.Result;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What came of one scenario.
 *
 * @param hits what the fault hit, by kind
 * @param inFlight payments and refunds that were under way when it began
 * @param begun those that were begun while it lasted
 * @param answers what those two were answered
 * @param stuck what was not terminal a minute after its end, or after its own beginning where a client began it anew later, in words
 * @param open what never became terminal while that was waited for
 * @param seconds from its end until all that it had left open were terminal
 * @param waiting how long callers waited for their answers
 */
public record Row(
        Scenario scenario,
        SortedMap<String, Long> hits,
        int inFlight,
        int begun,
        Answers answers,
        List<String> lost,
        List<String> doubled,
        List<String> stuck,
        List<String> open,
        double seconds,
        Waiting.Phases waiting) {

    /**
     * How often each answer was given.
     *
     * @param openFirst those that were answered 202 at first, whatever came of them
     * @param none neither an answer nor a fault to the end
     */
    public record Answers(long paid, long declined, long openFirst, long errors, long none) {
        static Answers of(Collection<Call> calls) {
            List<Outcome> outcomes =
                    calls.stream().map(Call::outcome).filter(Objects::nonNull).toList();
            return new Answers(
                    count(outcomes, Result.PAID),
                    count(outcomes, Result.DECLINED),
                    outcomes.stream().filter(Outcome::polled).count(),
                    count(outcomes, Result.FAILED),
                    calls.size() - outcomes.size());
        }

        private static long count(List<Outcome> outcomes, Result result) {
            return outcomes.stream()
                    .filter(outcome -> outcome.result() == result)
                    .count();
        }
    }

    private static final String HEAD = String.format(
            "%-15s %6s %9s %6s | %5s %9s %5s %6s | %5s %8s %6s | %s",
            "fault",
            "hits",
            "in flight",
            "begun",
            "paid",
            "declined",
            "202",
            "error",
            "lost",
            "doubled",
            "stuck",
            "seconds to terminal");

    public long hitsInAll() {
        return hits.values().stream().mapToLong(Long::longValue).sum();
    }

    /** What is wrong with it, in words; nothing where all is well. */
    public List<String> faults() {
        List<String> faults = new ArrayList<>();
        if (hitsInAll() == 0) {
            faults.add("the fault never hit anything");
        }
        if (inFlight + begun == 0) {
            faults.add("no payment was under way while the fault lasted: more --orders are needed");
        }
        lost.forEach(finding -> faults.add("LOST: " + finding));
        doubled.forEach(finding -> faults.add("DOUBLED: " + finding));
        stuck.forEach(finding -> faults.add("STUCK a minute after: " + finding));
        open.forEach(finding -> faults.add("NEVER TERMINAL: " + finding));
        return faults;
    }

    private String line() {
        return String.format(
                Locale.ROOT,
                "%-15s %6d %9d %6d | %5d %9d %5d %6d | %5d %8d %6d | %.1f",
                scenario.title(),
                hitsInAll(),
                inFlight,
                begun,
                answers.paid(),
                answers.declined(),
                answers.openFirst(),
                answers.errors() + answers.none(),
                lost.size(),
                doubled.size(),
                stuck.size(),
                seconds);
    }

    /** All rows as a table, what each fault hit below it, and what is wrong. */
    static String table(List<Row> rows) {
        StringBuilder text = new StringBuilder(HEAD).append('\n');
        rows.forEach(row -> text.append(row.line()).append('\n'));
        text.append(
                "\nPaid, declined and error are the answers in the end of those in flight and begun; 202 counts those left open at first.\n");
        text.append("What was hit:\n");
        for (Row row : rows) {
            text.append(String.format("  %-15s %s%n", row.scenario.title(), row.hits));
        }
        text.append("Until the answer, of calls that began before it, while it lasted and after it:\n");
        for (Row row : rows) {
            text.append(String.format(
                    "  %-15s %s; %s; %s%n",
                    row.scenario.title(), row.waiting.before(), row.waiting.during(), row.waiting.after()));
        }
        Map<String, List<String>> faults = new TreeMap<>();
        rows.stream()
                .filter(row -> !row.faults().isEmpty())
                .forEach(row -> faults.put(row.scenario.title(), row.faults()));
        faults.forEach((title, list) -> list.forEach(fault -> text.append("FAULT in ")
                .append(title)
                .append(": ")
                .append(fault)
                .append('\n')));
        return text.append(faults.isEmpty() ? "\nAll is well.\n" : "\nThis run FAILED.\n")
                .toString();
    }
}
