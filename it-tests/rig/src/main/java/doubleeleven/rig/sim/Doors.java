package doubleeleven.rig.sim;

import doubleeleven.it.client.Answer;
import doubleeleven.rig.Clientele;
import doubleeleven.rig.World;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The doors of all Regions as callers use them, each call through any of them. */
final class Doors implements Operator {
    private static final long SECOND = 1_000_000;
    private static final int TRIES = 4;

    private final World world;
    private final Clientele clientele;
    private final Network network;
    private final Scheduler scheduler;
    private final Trace trace;
    private final SplittableRandom random;
    private final Duration untilKnown;
    private final Consumer<String> violations;
    private long calls;

    /**
     * Sets them up.
     *
     * @param untilKnown after which every Region has an account that was opened
     * @param violations told of answers that cannot be
     */
    Doors(
            World world,
            Clientele clientele,
            Network network,
            Scheduler scheduler,
            Trace trace,
            SplittableRandom random,
            Duration untilKnown,
            Consumer<String> violations) {
        this.world = world;
        this.clientele = clientele;
        this.network = network;
        this.scheduler = scheduler;
        this.trace = trace;
        this.random = random;
        this.untilKnown = untilKnown;
        this.violations = violations;
    }

    /** Calls that were made. */
    long calls() {
        return calls;
    }

    String operatorKey() {
        return world.operatorKey();
    }

    @Override
    public Answer get(String path) {
        return call(region -> clientele.get(region, world.operatorKey(), path));
    }

    @Override
    public Answer post(String path, Map<String, ?> body) {
        return post(world.operatorKey(), path, null, body);
    }

    private Answer post(String bearer, String path, @Nullable String key, Map<String, ?> body) {
        return call(region -> clientele.post(region, bearer, path, key, body));
    }

    /** Through the door of a Region that is gone there is no answer. */
    private Answer call(Function<String, Answer> through) {
        List<String> regions = world.topology().regions();
        String region = regions.get(random.nextInt(regions.size()));
        if (network.isAway(region)) {
            return new Answer(0, "", Map.of());
        }
        calls++;
        return through.apply(region);
    }

    /** Opens something, however often that takes. */
    void open(String bearer, String path, Map<String, ?> body) {
        while (true) {
            int status = post(bearer, path, null, body).status();
            if (status == 201 || status == 200) {
                if (!untilKnown.isZero()) {
                    // Used once every Region knows it, so that more is at stake than that.
                    scheduler.sleepUntil(scheduler.micros() + untilKnown.toNanos() / 1000);
                }
                return;
            }
            if (status >= 400 && status < 500) {
                violations.accept("not opened: " + path + " " + body + ": " + status);
                return;
            }
            scheduler.sleepUntil(scheduler.micros() + random.nextLong(SECOND / 10, 2 * SECOND));
        }
    }

    /** Makes the call until the answer is final, or patience ends. */
    void insist(Asked asked) {
        for (int tried = 0; tried < TRIES; tried++) {
            Answer answer = post(asked.bearer(), asked.path(), asked.key(), asked.body());
            if (answer.status() != 0) {
                trace.note(
                        asked.order().value(),
                        "%,d client of %s: %d %s"
                                .formatted(
                                        scheduler.micros(),
                                        asked.key(),
                                        answer.status(),
                                        answer.text().replaceFirst("\"traceId\".*", "")));
                asked.answered(answer).ifPresent(wrong -> violations.accept(asked + ": " + wrong));
            }
            if (asked.isKnown() || random.nextInt(10) == 0) {
                return;
            }
            scheduler.sleepUntil(scheduler.micros() + random.nextLong(SECOND / 10, 6 * SECOND));
        }
    }
}
