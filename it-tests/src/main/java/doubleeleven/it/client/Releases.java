package doubleeleven.it.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Releases of a unit's colours as an operator orders them. */
public final class Releases {
    /** Of so few steps, each waiting no longer than it is told to. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private static final Operation RELEASE = new Operation(
            "release", "release", LONGEST, answer -> answer.find("endedAt").isPresent());

    private final Api operator;

    /** Orders them through a door. */
    public Releases(Api operator) {
        this.operator = operator;
    }

    /**
     * What is asked for.
     *
     * @param to the colour that is given more and more
     * @param steps its weights in per cent
     * @param least payments of each colour to wait for at each step
     * @param patienceMinutes how long to wait for them; then the weights stay as they are
     */
    public record Wanted(String unit, String to, List<Integer> steps, int least, int patienceMinutes) {}

    /** Carries a release out; answers what came of it. */
    public Answer run(Wanted wanted, String reason, Consumer<Answer> look) {
        return RELEASE.run(
                operator,
                wanted.unit(),
                "/operations/units/" + wanted.unit() + "/releases",
                Map.of(
                        "to", wanted.to(),
                        "reason", reason,
                        "steps", wanted.steps(),
                        "least", wanted.least(),
                        "patienceMinutes", wanted.patienceMinutes(),
                        "starved", "STAY"),
                look);
    }
}
