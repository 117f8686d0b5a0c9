package doubleeleven.it.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Releases of a unit's colours as an operator orders them. */
public final class Releases {
    /** Of so few steps, each waiting no longer than it is told to. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private static final Duration OFTEN = Duration.ofMillis(500);

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
        String path = "/operations/units/" + wanted.unit() + "/releases";
        Answer begun = operator.post(
                path,
                Map.of(
                        "to", wanted.to(),
                        "reason", reason,
                        "steps", wanted.steps(),
                        "least", wanted.least(),
                        "patienceMinutes", wanted.patienceMinutes(),
                        "starved", "STAY"));
        if (begun.status() != 202) {
            throw new IllegalStateException("no release of " + wanted.unit() + " began: " + begun.text());
        }
        Answer[] now = {begun};
        boolean ended = Pause.until(LONGEST, OFTEN, () -> {
            now[0] = operator.get(path + "/" + begun.text("release"));
            look.accept(now[0]);
            return now[0].find("endedAt").isPresent();
        });
        if (!ended) {
            throw new IllegalStateException("a release does not end: " + now[0].text());
        }
        return now[0];
    }
}
