package doubleeleven.rig.sim;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** An invariant does not hold. The message tells everything that is needed to look into it. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Violation(String message) {
        super(message);
    }

    /**
     * What was found, with the history of whatever it names.
     *
     * @param operations that had begun
     * @param orderHashes what it is about besides
     */
    static Violation of(
            Simulation.Plan plan, int operations, Trace trace, List<String> wrong, List<String> orderHashes) {
        Set<String> about = new LinkedHashSet<>(orderHashes);
        String text = String.join("\n", wrong);
        Pattern.compile("[A-Za-z0-9_#/-]{20,}")
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .filter(name -> !trace.about(name).isEmpty())
                .forEach(about::add);
        StringBuilder message = new StringBuilder("VIOLATION with seed %d after %,d operations, by the trace %s\n"
                .formatted(plan.seed(), operations, trace.digest()));
        wrong.stream()
                .limit(20)
                .forEach(each -> message.append("  ").append(each).append('\n'));
        about.stream().limit(4).forEach(order -> {
            message.append("History of ").append(order).append('\n');
            trace.about(order)
                    .forEach(line -> message.append("    ").append(line).append('\n'));
        });
        message.append(
                "Replay exactly: localstack/eleven simulate --operations %d --customers %d --seed %d --worlds 1%s%s"
                        .formatted(
                                plan.operations(),
                                plan.customers(),
                                plan.seed(),
                                plan.layout().toOptions(),
                                plan.switches() == 0 ? "" : " --switches " + plan.switches()));
        return new Violation(message.toString());
    }
}
