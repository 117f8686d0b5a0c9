package doubleeleven.gateway.release;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.gateway.release.Comparison.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The statistics of a release, by simulation with seeds: how often an equal colour is refused, and how soon a worse one is. */
class ComparisonTest {
    /** The platform's peak. */
    private static final double PEAK = 85_900;

    private static final List<Integer> STEPS = List.of(1, 10, 50, 100);
    private static final long LEAST = 3_000;
    private static final int MOST_LOOKS = 180;
    private static final int SECONDS = 10;
    /** A gateway obeys a rule within so many seconds: until then it goes by the one before. */
    private static final int OBEY = 10;

    /** How a simulated release ended, and what it cost. */
    private record Run(boolean rolledBack, String why, int seconds, double lostShare, double declinedShare) {}

    /**
     * One release of a unit with that many payments a second. Gateways come to obey one after the other, as old as their rules happen to be,
     * after each shift and after the rollback.
     */
    private static Run release(double rate, long least, Traffic green, Traffic blue, Random random) {
        double payments = 0;
        double lost = 0;
        double declined = 0;
        int seconds = 0;
        long look = 0;
        double obeyed = 0;
        for (int weight : STEPS) {
            if (weight == 100) {
                break;
            }
            double from = obeyed;
            Tally greens = Tally.NONE;
            Tally blues = Tally.NONE;
            Tally warmGreens = Tally.NONE;
            Tally warmBlues = Tally.NONE;
            boolean went = false;
            for (int looks = 1; looks <= MOST_LOOKS && !went; looks++) {
                for (int second = 0; second < SECONDS; second++) {
                    seconds++;
                    obeyed = from
                            + (weight / 100.0 - from) * Math.min(1, ((looks - 1) * SECONDS + second) / (double) OBEY);
                    Tally ours = green.draw(about(rate * obeyed, random), random);
                    Tally theirs = blue.draw(about(rate * (1 - obeyed), random), random);
                    greens = greens.plus(ours);
                    blues = blues.plus(theirs);
                    if (looks > 1) {
                        warmGreens = warmGreens.plus(ours);
                        warmBlues = warmBlues.plus(theirs);
                    }
                    payments += rate;
                    lost += ours.lost();
                    declined += ours.of(Ending.DECLINED) + ours.of(Ending.RISK_DECLINED);
                }
                Verdict verdict = new Comparison(
                                new Sample(greens, warmGreens, 0, 0), new Sample(blues, warmBlues, 0, 0))
                        .at(++look, least, looks >= 3);
                if (verdict instanceof Verdict.RollBack(String why)) {
                    // The step and the gateways that have not heard of it yet go on for a while.
                    for (int second = 0; second < OBEY + 1; second++) {
                        Tally ours =
                                green.draw(about(rate * obeyed * (1 - second / (double) (OBEY + 1)), random), random);
                        payments += rate;
                        lost += ours.lost();
                        declined += ours.of(Ending.DECLINED) + ours.of(Ending.RISK_DECLINED);
                    }
                    return new Run(true, why, seconds, lost / payments, declined / payments);
                }
                went = verdict instanceof Verdict.GoOn;
            }
            if (!went) {
                return new Run(false, "starved at " + weight, seconds, lost / payments, declined / payments);
            }
        }
        return new Run(false, "", seconds, lost / payments, declined / payments);
    }

    private static long about(double payments, Random random) {
        return (long) Math.floor(payments + random.nextDouble());
    }

    private static List<Run> releases(int many, double rate, long least, Traffic green, Traffic blue) {
        List<Run> runs = new ArrayList<>();
        LongStream.range(0, many).forEach(seed -> runs.add(release(rate, least, green, blue, new Random(seed))));
        return runs;
    }

    private static long rolledBack(List<Run> runs) {
        return runs.stream().filter(Run::rolledBack).count();
    }

    @ParameterizedTest
    @CsvSource({"85900, 3000, 200", "500, 3000, 300", "50, 200, 500", "5, 20, 500"})
    void anEqualColourIsRefusedAtMostOnceInAHundredReleasesWhateverTheRate(double rate, long least, int releases) {
        List<Run> runs = releases(releases, rate, least, Traffic.USUAL, Traffic.USUAL);

        List<String> refused =
                runs.stream().map(Run::why).filter(why -> !why.isEmpty()).toList();
        assertThat(refused.size())
                .as("refused, or left in doubt for half an hour: %s", refused)
                .isLessThanOrEqualTo((int) Math.round(Comparison.FALSE_ALARM * releases));
    }

    @ParameterizedTest
    @CsvSource({"0.001", "0.01", "0.03"})
    void anEqualColourIsNotRefusedEitherWhereTheUnitLosesPaymentsAnyway(double lost) {
        Traffic both = Traffic.USUAL.losing(lost);

        assertThat(rolledBack(releases(100, 500, LEAST, both, both))).isLessThanOrEqualTo(1);
    }

    /** Nobody can be refused more often by looking more often: the looks of a release share one probability of error. */
    @Test
    void aReleaseThatIsLookedAtTwoHundredTimesIsNotRefusedForThatAlone() {
        int refused = 0;
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            Tally greens = Tally.NONE;
            Tally blues = Tally.NONE;
            Traffic both = Traffic.USUAL.losing(0.01);
            for (int look = 1; look <= 200; look++) {
                greens = greens.plus(both.draw(50, random));
                blues = blues.plus(both.draw(450, random));
                Verdict verdict = new Comparison(new Sample(greens, greens, 0, 0), new Sample(blues, blues, 0, 0))
                        .at(look, 1, true);
                if (verdict instanceof Verdict.RollBack) {
                    refused++;
                    break;
                }
            }
        }
        assertThat(refused).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"1.0", "0.5", "0.1", "0.05", "0.02", "0.01", "0.005", "0.002"})
    void aColourThatFailsIsRefusedBeforeItCostsOneOfAHundredPayments(double lost) {
        List<Run> runs = releases(40, PEAK / 3, LEAST, Traffic.USUAL.losing(lost), Traffic.USUAL);

        assertThat(runs).allSatisfy(run -> {
            assertThat(run.rolledBack()).isTrue();
            assertThat(run.why()).contains("failed");
            assertThat(run.lostShare()).isLessThan(0.01);
        });
    }

    @Test
    void aColourThatFailsAltogetherIsSeenAtTheFirstLook() {
        assertThat(releases(40, PEAK / 3, LEAST, Traffic.USUAL.losing(1), Traffic.USUAL))
                .allSatisfy(run -> assertThat(run.seconds()).isEqualTo(SECONDS));
        assertThat(releases(40, 50, 200, Traffic.USUAL.losing(1), Traffic.USUAL))
                .as("at a rate of which the first step sees a payment in two seconds")
                .allSatisfy(run -> {
                    assertThat(run.rolledBack()).isTrue();
                    assertThat(run.lostShare()).isLessThan(0.01);
                });
    }

    @ParameterizedTest
    @CsvSource({"2", "3", "10"})
    void aColourThatIsTwiceAsSlowOrMoreIsRefused(double times) {
        assertThat(releases(40, PEAK / 3, LEAST, Traffic.USUAL.taking(60 * times), Traffic.USUAL))
                .allSatisfy(run -> {
                    assertThat(run.rolledBack()).isTrue();
                    assertThat(run.why()).contains("90th percentile");
                });
    }

    @ParameterizedTest
    @CsvSource({"1.1", "1.25"})
    void aColourThatIsALittleSlowerIsNot(double times) {
        assertThat(rolledBack(releases(40, PEAK / 3, LEAST, Traffic.USUAL.taking(60 * times), Traffic.USUAL)))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"0.05", "0.1", "1.0", "0.0"})
    void aColourThatDeclinesMoreOrNobodyIsRefused(double declined) {
        List<Run> runs = releases(40, PEAK / 3, LEAST, Traffic.USUAL.declining(declined), Traffic.USUAL);

        assertThat(runs).allSatisfy(run -> {
            assertThat(run.rolledBack()).isTrue();
            assertThat(run.why()).startsWith("declined");
            assertThat(run.declinedShare()).isLessThan(0.02);
        });
    }

    @ParameterizedTest
    @CsvSource({"0.05", "1.0", "0.0"})
    void aColourWhoseRiskSaysNoMoreOftenOrNeverIsRefused(double risk) {
        assertThat(releases(40, PEAK / 3, LEAST, Traffic.USUAL.doubting(risk), Traffic.USUAL))
                .allSatisfy(run -> {
                    assertThat(run.rolledBack()).isTrue();
                    assertThat(run.why()).startsWith("declined by risk");
                });
    }

    /** Customers differ and try again: a difference of half a point in a hundred is not the colour's. */
    @Test
    void aColourWhoseCustomersAreDeclinedALittleMoreOftenIsNot() {
        assertThat(rolledBack(releases(40, PEAK / 3, LEAST, Traffic.USUAL.declining(0.035), Traffic.USUAL)))
                .isZero();
    }

    private static Sample idle(long payments, long overdue, long deadLetters) {
        Tally tally = new Traffic(0, 0, 0, 60).draw(payments, new Random(1));
        return new Sample(tally, tally, overdue, deadLetters);
    }

    @Test
    void whatIsNotFinishedInTimeSpeaksAgainstTheColourThatLeftItAndNotAgainstOneWhosePeerLeavesAsMuch() {
        assertThat(new Comparison(idle(3_000, 12, 0), idle(27_000, 3, 0)).at(1, LEAST, true))
                .isInstanceOfSatisfying(
                        Verdict.RollBack.class,
                        verdict -> assertThat(verdict.why())
                                .contains("12 of its payments are decided and not finished in time"));
        assertThat(new Comparison(idle(3_000, 12, 0), idle(27_000, 108, 0)).at(1, LEAST, true))
                .isInstanceOf(Verdict.GoOn.class);
    }

    @Test
    void oneMessageThatPhaseTwoGaveUpIsEnough() {
        assertThat(new Comparison(idle(3_000, 0, 1), idle(27_000, 0, 0)).at(1, LEAST, true))
                .isInstanceOf(Verdict.RollBack.class);
    }

    /** Three of 24 are no proof, and no reason to give it more. */
    @Test
    void nobodyGoesOnInDoubtAndNobodyIsRefusedForADoubt() {
        Sample some = new Sample(
                new Tally(Map.of(Ending.PAID, 21L, Ending.FAILED, 3L), Tally.NONE.latencies()), Tally.NONE, 0, 0);

        assertThat(new Comparison(some, idle(48, 0, 0)).at(1, 20, true))
                .isInstanceOfSatisfying(
                        Verdict.NotEnough.class,
                        verdict -> assertThat(verdict.why())
                                .startsWith("in doubt: failed 3 of 24 (12.50 %) against 0 of 48"));
    }

    @Test
    void nobodyGoesOnUntilEachColourHadEnoughAndTimeToFinishIt() {
        assertThat(new Comparison(idle(2_999, 0, 0), idle(27_000, 0, 0)).at(1, LEAST, true))
                .isInstanceOf(Verdict.NotEnough.class);
        assertThat(new Comparison(idle(27_000, 0, 0), idle(2_999, 0, 0)).at(1, LEAST, true))
                .isInstanceOf(Verdict.NotEnough.class);
        assertThat(new Comparison(idle(3_000, 0, 0), idle(3_000, 0, 0)).at(1, LEAST, false))
                .isInstanceOf(Verdict.NotEnough.class);
        assertThat(new Comparison(idle(3_000, 0, 0), idle(3_000, 0, 0)).at(1, LEAST, true))
                .isInstanceOf(Verdict.GoOn.class);
    }

    /** Where both fail, the figures are equal, and still nobody should get more of it. */
    @Test
    void nobodyGoesOnWhileTheWholeUnitIsInTrouble() {
        Tally broken = Traffic.USUAL.losing(0.2).draw(30_000, new Random(1));

        assertThat(new Comparison(new Sample(broken, broken, 0, 0), new Sample(broken, broken, 0, 0))
                        .at(1, LEAST, true))
                .isInstanceOfSatisfying(
                        Verdict.NotEnough.class,
                        verdict -> assertThat(verdict.why()).contains("in trouble"));
    }
}
