package doubleeleven.it.replay;

import doubleeleven.ids.Shard;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Api;
import doubleeleven.it.client.Failovers;
import doubleeleven.it.client.Releases;
import doubleeleven.it.client.Rules;
import doubleeleven.it.client.Sandbox;
import doubleeleven.it.client.Sandbox.Fault;
import doubleeleven.it.client.Sandbox.Rule;
import doubleeleven.it.client.Stack;
import doubleeleven.routing.ShardRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * What happens to the platform while orders are replayed: a Region is lost, its unit taken out by rule and brought back; then another
 * unit's customers are shifted to its other colour. A quarter of the orders comes before, one while the unit is out, the rest after.
 */
final class Drill {
    private static final int SECONDS_LOST_AT_MOST = 600;
    private static final String REASON = "a drill while orders are replayed";

    private final Stack stack;
    private final Api operator;
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch out = new CountDownLatch(1);
    private final CountDownLatch back = new CountDownLatch(1);
    private final CountDownLatch shifted = new CountDownLatch(1);

    Drill(Stack stack) {
        this.stack = stack;
        this.operator = stack.operator();
    }

    /**
     * What came of it.
     *
     * @param region that was lost, where it could be
     * @param shards of the unit that was taken out
     */
    record Course(
            Optional<String> region,
            String unit,
            List<String> shards,
            Step away,
            Step restored,
            Optional<Step> release) {
        boolean owns(Shard shard) {
            return shards.stream()
                    .flatMap(range -> ShardRange.parse(range).stream())
                    .anyMatch(range -> range.first() <= shard.number() && shard.number() <= range.last());
        }

        List<String> faults() {
            List<String> faults = new ArrayList<>();
            faults.addAll(away.faults(List.of("DONE")));
            faults.addAll(restored.faults(List.of("DONE")));
            // A small replay has too few payments to tell one colour from the other.
            release.ifPresent(step -> faults.addAll(step.faults(List.of("SUCCEEDED", "STARVED"))));
            return faults;
        }
    }

    /** A failover or a release: what it says of itself, and how long it took. */
    record Step(Answer answer, Duration took) {
        String state() {
            return answer.text("state");
        }

        private List<String> faults(List<String> fine) {
            return fine.contains(state()) ? List.of() : List.of("a drill ended " + state() + ": " + answer.text());
        }
    }

    /** Goes on beside the replay. */
    CompletableFuture<Course> begin() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                begun.await();
                return run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CompletionException(e);
            } finally {
                List.of(out, back, shifted).forEach(CountDownLatch::countDown);
            }
        });
    }

    /** Called before an event is played; waits until the platform is as it shall be for that one. */
    void await(int event, int all) {
        try {
            if (4 * event >= all) {
                begun.countDown();
                out.await();
            }
            if (2 * event >= all) {
                back.await();
                shifted.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** Whether an event is played after the unit was taken out and before it is brought back. */
    static boolean isWhileOut(int event, int all) {
        return 4 * event >= all && 2 * event < all;
    }

    private Course run() {
        // Not the Region that operators call, and one that customers have besides.
        String region = stack.regions().getLast();
        Failovers failovers = new Failovers(operator);
        Map<String, Object> unit = Rules.units(operator).stream()
                .filter(each -> region.equals(each.get("region")))
                .findFirst()
                .orElseThrow();
        String name = String.valueOf(unit.get("name"));
        Optional<Fault> lost = Sandbox.fromEnvironment()
                .map(sandbox ->
                        sandbox.inject(Rule.mode("unavailable").region(region).seconds(SECONDS_LOST_AT_MOST)));
        Step away;
        try {
            away = timed(() -> failovers.away(name, REASON, now -> {
                if (!now.objects("notes").isEmpty()) {
                    out.countDown();
                }
            }));
        } finally {
            lost.ifPresent(Fault::end);
        }
        Step restored = timed(() -> failovers.back(name, REASON));
        back.countDown();
        return new Course(
                lost.map(_ -> region), name, texts(unit.getOrDefault("shards", List.of())), away, restored, release());
    }

    private Optional<Step> release() {
        return Rules.units(operator).stream()
                .filter(unit -> unit.get("colours") instanceof Map<?, ?> colours && colours.size() > 1)
                .findFirst()
                .map(unit -> timed(() -> new Releases(operator)
                        .run(
                                new Releases.Wanted(
                                        String.valueOf(unit.get("name")),
                                        lighter((Map<?, ?>) unit.getOrDefault("colours", Map.of())),
                                        List.of(50, 100),
                                        1,
                                        2),
                                REASON,
                                now -> {
                                    if (now.text("state").equals("VERIFYING")) {
                                        shifted.countDown();
                                    }
                                })));
    }

    private static String lighter(Map<?, ?> colours) {
        return colours.entrySet().stream()
                .min((one, other) -> Integer.compare(weight(one), weight(other)))
                .map(colour -> String.valueOf(colour.getKey()))
                .orElseThrow();
    }

    private static int weight(Map.Entry<?, ?> colour) {
        return colour.getValue() instanceof Number weight ? weight.intValue() : 0;
    }

    private static List<String> texts(Object list) {
        return list instanceof List<?> values
                ? values.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static Step timed(Supplier<Answer> work) {
        long began = System.nanoTime();
        Answer answer = work.get();
        return new Step(answer, Duration.ofNanos(System.nanoTime() - began));
    }
}
