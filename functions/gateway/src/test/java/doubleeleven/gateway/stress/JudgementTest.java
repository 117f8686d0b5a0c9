package doubleeleven.gateway.stress;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.gateway.release.Ending;
import doubleeleven.gateway.release.Latencies;
import doubleeleven.gateway.release.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stops a stress test, live traffic first. */
class JudgementTest {
    private static final Plan.Conditions CONDITIONS = new Plan.Conditions(10, 1000, 5);
    private static final Live WELL = live(100, 0, Duration.ofMillis(40));

    private static Live live(long paid, long failed, Duration latency) {
        List<Long> latencies = new ArrayList<>(Collections.nCopies(Latencies.BUCKETS, 0L));
        latencies.set(Latencies.bucket(latency), paid);
        return new Live(new Tally(Map.of(Ending.PAID, paid, Ending.FAILED, failed), latencies), 0, 0);
    }

    private static Load load(Outcome outcome, int many, Duration latency) {
        Load load = new Load();
        for (int i = 0; i < many; i++) {
            load.sent(outcome, latency);
        }
        return load;
    }

    private static Load paid(int many) {
        return load(Outcome.PAID, many, Duration.ofMillis(50));
    }

    private static Verdict at(Load step, Live live, boolean over) {
        return new Judgement(CONDITIONS, WELL).at(step, step, List.of(live, live), over);
    }

    @Test
    void whereNothingIsAmissTheLoadGoesOnAndTheStepHoldsAtItsEnd() {
        assertThat(at(paid(100), WELL, false)).isEqualTo(new Verdict.GoOn());
        assertThat(at(paid(100), WELL, true)).isEqualTo(new Verdict.Held());
    }

    @Test
    void oneCallThatTheDoorItselfRefusesStopsTheTestBecauseLiveCallersUseTheSame() {
        Load load = paid(10_000).plus(load(Outcome.DOOR_BUSY, 1, Duration.ofMillis(5)));

        assertThat(at(load, WELL, false))
                .isInstanceOfSatisfying(
                        Verdict.LiveSuffers.class,
                        verdict -> assertThat(verdict.why()).contains("the door refused 1 calls"));
    }

    @Test
    void oneLiveMessageGivenUpStopsTheTest() {
        assertThat(at(paid(100), new Live(WELL.tally(), 0, 1), false)).isInstanceOf(Verdict.LiveSuffers.class);
    }

    @ParameterizedTest
    @CsvSource({"10, 1, false", "10, 2, true", "1000, 5, false", "1000, 14, true"})
    void liveFailuresStopTheTestWhereTheLimitAndChanceDoNotExplainThem(long all, long failed, boolean stops) {
        Verdict verdict = at(paid(100), live(all - failed, failed, Duration.ofMillis(40)), false);

        assertThat(verdict instanceof Verdict.LiveSuffers).isEqualTo(stops);
    }

    @Test
    void aBadMomentIsNotExcusedByALongGoodTime() {
        Live moment = live(8, 2, Duration.ofMillis(40));
        Live longTime = live(9_998, 2, Duration.ofMillis(40));

        assertThat(new Judgement(CONDITIONS, WELL).at(paid(100), paid(100), List.of(moment, longTime), false))
                .isInstanceOf(Verdict.LiveSuffers.class);
    }

    @Test
    void aSlowLeakThatNoMomentShowsIsSeenOverTheStep() {
        Live moment = live(40, 1, Duration.ofMillis(40));
        Live longTime = live(1000, 30, Duration.ofMillis(40));

        assertThat(new Judgement(CONDITIONS, WELL).at(paid(100), paid(100), List.of(moment, longTime), false))
                .isInstanceOf(Verdict.LiveSuffers.class);
    }

    @Test
    void livePaymentsThatAreNotFinishedInTimeStopTheTest() {
        assertThat(at(paid(100), new Live(WELL.tally(), 4, 0), false)).isInstanceOf(Verdict.LiveSuffers.class);
    }

    @ParameterizedTest
    @CsvSource({"45, false", "90, false", "200, true"})
    void livePaymentsThatTakeLongerThanTwiceTheirTimeBeforeStopTheTest(int millis, boolean stops) {
        Verdict verdict = at(paid(100), live(100, 0, Duration.ofMillis(millis)), false);

        assertThat(verdict instanceof Verdict.LiveSuffers).isEqualTo(stops);
    }

    @Test
    void tooFewLivePaymentsSayNothingAboutTheirLatency() {
        assertThat(at(paid(100), live(19, 0, Duration.ofSeconds(9)), false)).isEqualTo(new Verdict.GoOn());
    }

    @Test
    void callsThatBreakAtTheSharedDoorStopTheTestByTheLimitOfLiveTraffic() {
        Load load = paid(1000).plus(load(Outcome.DOOR_FAILED, 15, Duration.ofMillis(5)));

        assertThat(at(load, WELL, false)).isInstanceOf(Verdict.LiveSuffers.class);
    }

    @ParameterizedTest
    @CsvSource({"OPEN", "REFUSED", "FAILED", "TURNED_AWAY", "TIMED_OUT", "UNREACHED", "WRONG"})
    void paymentsOfTheTestThatFailStopItInTheMiddleOfAStepWhereChanceDoesNotExplainThem(Outcome outcome) {
        assertThat(at(paid(98).plus(load(outcome, 2, Duration.ofMillis(5))), WELL, false))
                .isEqualTo(new Verdict.GoOn());
        assertThat(at(paid(90).plus(load(outcome, 10, Duration.ofMillis(5))), WELL, false))
                .isInstanceOfSatisfying(
                        Verdict.NotHeld.class,
                        verdict -> assertThat(verdict.why())
                                .contains("10 of 100 payments of the test failed; 1.0 % are let"));
    }

    @Test
    void atTheEndOfAStepTheFigureItselfDecides() {
        assertThat(at(paid(99).plus(load(Outcome.FAILED, 1, Duration.ofMillis(5))), WELL, true))
                .isEqualTo(new Verdict.Held());
        assertThat(at(paid(98).plus(load(Outcome.FAILED, 2, Duration.ofMillis(5))), WELL, true))
                .isInstanceOf(Verdict.NotHeld.class);
    }

    @Test
    void slownessStopsTheTestThoughEveryPaymentIsPaid() {
        Load slow = paid(98).plus(load(Outcome.PAID, 2, Duration.ofMillis(1500)));

        assertThat(at(slow, WELL, false)).as("it may be chance").isEqualTo(new Verdict.GoOn());
        assertThat(at(slow, WELL, true)).isInstanceOf(Verdict.NotHeld.class);
        assertThat(at(paid(90).plus(load(Outcome.PAID, 10, Duration.ofMillis(1500))), WELL, false))
                .isInstanceOf(Verdict.NotHeld.class);
    }

    @Test
    void liveTrafficComesBeforeTheShadow() {
        Load failing = load(Outcome.FAILED, 100, Duration.ofMillis(5));

        assertThat(at(failing, live(5, 5, Duration.ofMillis(40)), true)).isInstanceOf(Verdict.LiveSuffers.class);
    }

    @Test
    void liveTrafficThatFailsOrGivesUpBeforehandIsUnwell() {
        assertThat(new Judgement(CONDITIONS, WELL).unwell()).isEmpty();
        assertThat(new Judgement(CONDITIONS, Live.NONE).unwell())
                .as("nobody pays at night")
                .isEmpty();
        assertThat(new Judgement(CONDITIONS, live(5, 5, Duration.ofMillis(40))).unwell())
                .isPresent();
        assertThat(new Judgement(CONDITIONS, new Live(WELL.tally(), 0, 1)).unwell())
                .isPresent();
    }
}
