package doubleeleven.rig.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.gateway.Racing.Race;
import doubleeleven.rig.Course.Cut;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One at a time, in a time of its own. */
class SchedulerTest {
    private static final long SECOND = 1_000_000;

    private final Scheduler scheduler = new Scheduler();
    private final List<String> seen = new ArrayList<>();

    @Test
    void whoeverWaitsTheShortestTimeIsNext() {
        for (int seconds : new int[] {3, 1, 2}) {
            scheduler.begin("task", 0, () -> {
                see("begins");
                scheduler.sleepUntil(seconds * SECOND);
                see("waited " + seconds);
            });
        }

        scheduler.runDry();

        assertThat(seen).containsExactly("0 begins", "0 begins", "0 begins", "1 waited 1", "2 waited 2", "3 waited 3");
    }

    @Test
    void branchesRunBesideEachOther() {
        scheduler.begin("task", 0, () -> {
            List<Object> results = scheduler.fork(List.of(() -> slow(2), () -> slow(1)));
            see("joined " + results);
        });

        scheduler.runDry();

        assertThat(seen).containsExactly("1 slow 1", "2 slow 2", "2 joined [2, 1]");
    }

    @Test
    void whatRunsBesideItsCallerIsHeardWhenItEndsAndNeverAfterTheRace() {
        scheduler.begin("task", 0, () -> {
            try (Race<Object> race = new SimulatedRacing(scheduler).open()) {
                race.begin(() -> slow(3));
                see("heard " + race.next(Duration.ofSeconds(1)));
                race.begin(() -> slow(4));
                see("heard " + race.next(Duration.ofSeconds(9)));
                see("heard " + race.next(Duration.ofSeconds(9)));
                race.begin(() -> slow(9));
            }
            see("over");
        });

        scheduler.runDry();

        assertThat(seen)
                .containsExactly(
                        "1 heard Optional.empty",
                        "3 slow 3",
                        "3 heard Optional[3]",
                        "5 slow 4",
                        "5 heard Optional[4]",
                        "5 over");
    }

    @Test
    void theFirstBranchThatFailsEndsTheOthers() {
        scheduler.begin("task", 0, () -> {
            assertThatThrownBy(() -> scheduler.fork(List.of(() -> slow(2), () -> {
                        throw new IllegalArgumentException("refused");
                    })))
                    .isInstanceOf(IllegalArgumentException.class);
            see("caught");
        });

        scheduler.runDry();

        assertThat(seen).containsExactly("0 caught");
    }

    @Test
    void whatRunsApartEndsWithItsTimeAndItsCallerGoesOn() {
        scheduler.begin("task", 0, () -> {
            assertThatThrownBy(() -> scheduler.runApart("function", SECOND, () -> slow(5)))
                    .isInstanceOf(Cut.class);
            see("goes on");
        });

        scheduler.runDry();

        assertThat(seen).containsExactly("1 goes on");
    }

    @Test
    void whatRunsApartGoesOnWhenItsCallerWaitsNoLonger() {
        scheduler.begin("task", 0, () -> {
            assertThatThrownBy(() ->
                            scheduler.within(SECOND, () -> scheduler.runApart("execution", 9 * SECOND, () -> slow(5))))
                    .isInstanceOf(Cut.class);
            see("goes on");
        });

        scheduler.runDry();

        assertThat(seen).containsExactly("1 goes on", "5 slow 5");
    }

    @Test
    void whoDiesTakesAllItsBranchesAlongAndNobodyElse() {
        scheduler.begin("task", 0, () -> {
            assertThatThrownBy(() -> scheduler.runApart(
                            "execution",
                            9 * SECOND,
                            () -> scheduler.fork(List.of(() -> slow(5), () -> {
                                scheduler.sleepUntil(SECOND);
                                throw scheduler.die();
                            }))))
                    .isInstanceOf(Cut.class);
            see("goes on");
        });

        scheduler.runDry();

        assertThat(seen).containsExactly("1 goes on");
        assertThat(scheduler.running()).isZero();
    }

    /** Recovery's workers are such threads. */
    @Test
    void threadsThatATaskStartsActForIt() {
        scheduler.begin(
                "task",
                0,
                () -> see("all "
                        + Stream.of(1, 2, 3)
                                .gather(Gatherers.mapConcurrent(1, seconds -> {
                                    scheduler.sleepUntil(scheduler.micros() + seconds * SECOND);
                                    return scheduler.micros() / SECOND;
                                }))
                                .toList()));

        scheduler.runDry();

        assertThat(seen).containsExactly("6 all [1, 3, 6]");
    }

    @Test
    void whatHasBecomeMootTakesNoTime() {
        scheduler.begin("task", 0, () -> scheduler.runApart("function", 900 * SECOND, () -> slow(1)));

        scheduler.runDry();

        assertThat(scheduler.clock().instant())
                .isEqualTo(scheduler.now())
                .isEqualTo(new Scheduler().now().plus(Duration.ofSeconds(1)));
    }

    @Test
    void aMistakeInTheSimulationItselfIsNotTakenForAFault() {
        scheduler.begin("task", 0, () -> {
            throw new IllegalArgumentException("a mistake");
        });

        assertThatThrownBy(scheduler::runDry).hasRootCauseMessage("a mistake");
    }

    private Object slow(int seconds) {
        scheduler.sleepUntil(scheduler.micros() + seconds * SECOND);
        see("slow " + seconds);
        return seconds;
    }

    private void see(String what) {
        seen.add(scheduler.micros() / SECOND + " " + what);
    }
}
