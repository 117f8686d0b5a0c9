package doubleeleven.risk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import doubleeleven.payment.PaymentKind;
import doubleeleven.risk.model.Model;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class BehaviourTest {
    private static final Instant NOW = Instant.parse("2025-11-11T13:59:59.5Z");
    private static final Model MODEL = Golden.model("payment-anomaly");
    private static final Function<Behaviour, double[]> FEATURES = Behaviour.FORMULAS.of(MODEL);

    @Test
    void everyFeatureIsWhatTrainingMadeOfTheSameInputs() {
        Golden golden = Golden.read("golden-anomaly");

        assertThat(golden.texts("inputs"))
                .containsExactly(
                        "amountMinor",
                        "hourUtc",
                        "count1h",
                        "count24h",
                        "count7d",
                        "sum1h",
                        "sum24h",
                        "sum7d",
                        "meanMinor",
                        "stdMinor",
                        "countryUsual",
                        "lines",
                        "quantity");
        assertThat(golden.rows()).hasSizeGreaterThan(100).allSatisfy(row -> {
            double[] in = Golden.numbers(row, "inputs");
            Behaviour behaviour = new Behaviour(
                    in[0], in[1], in[2], in[3], in[4], in[5], in[6], in[7], in[8], in[9], in[10], in[11], in[12]);
            assertThat(FEATURES.apply(behaviour)).containsExactly(golden.valuesFor(MODEL, row), within(1e-12));
        });
    }

    @Test
    void windowsHoldWhatIsNotOlderAndSumsAreOfThePaymentsOwnCurrency() {
        Behaviour behaviour = behaviour(
                paid(Duration.ofHours(1), 100, "GBP"),
                paid(Duration.ofHours(1).plusMillis(1), 20, "GBP"),
                paid(Duration.ofHours(2), 1000, "EUR"),
                paid(Duration.ofDays(1).plusMillis(1), 3, "GBP"),
                paid(Duration.ofDays(8), 5, "GBP"));

        assertThat(behaviour.hourUtc()).isEqualTo(13);
        assertThat(behaviour.countHour()).isEqualTo(1);
        assertThat(behaviour.countDay()).isEqualTo(3);
        assertThat(behaviour.countWeek()).isEqualTo(4);
        assertThat(behaviour.sumHour()).isEqualTo(100);
        assertThat(behaviour.sumDay()).isEqualTo(120);
        assertThat(behaviour.sumWeek()).isEqualTo(123);
        assertThat(behaviour.mean()).isEqualTo(32);
        assertThat(behaviour.deviation())
                .isCloseTo(Math.sqrt((68.0 * 68 + 12 * 12 + 29 * 29 + 27 * 27) / 4), within(1e-9));
    }

    @Test
    void aMeanIsMissingBeforeTheThirdPaymentAndWhereAllAmountsAreEqual() {
        Recent paid = paid(Duration.ofMinutes(1), 100, "GBP");

        assertThat(behaviour(paid, paid(Duration.ofMinutes(2), 50, "GBP")).mean())
                .isNaN();
        assertThat(behaviour(paid, paid, paid).deviation()).isNaN();
        assertThat(FEATURES.apply(behaviour(paid, paid, paid))[MODEL.features().indexOf("amount_z")])
                .isNaN();
    }

    @Test
    void whereNothingCouldBeReadOnlyThePaymentItselfIsKnown() {
        double[] values = FEATURES.apply(Behaviour.of(subject(), new FeatureSnapshot.Missing("TIMEOUT")));

        assertThat(values[MODEL.features().indexOf("amount")]).isEqualTo(700);
        assertThat(values[MODEL.features().indexOf("hour")]).isEqualTo(13);
        assertThat(Arrays.stream(values).filter(Double::isNaN).count()).isEqualTo(values.length - 2);
    }

    /** What is never known here makes a model's trees longer and its answers no better. */
    @Test
    void theChallengerAsksForNothingThatIsNeverKnownHere() {
        Model challenger = Golden.model("payment-anomaly-challenger");

        double[] values = Behaviour.FORMULAS
                .of(challenger)
                .apply(behaviour(
                        paid(Duration.ofMinutes(1), 100, "GBP"),
                        paid(Duration.ofMinutes(2), 200, "GBP"),
                        paid(Duration.ofMinutes(3), 300, "GBP")));

        assertThat(values).hasSize(9);
        assertThat(Arrays.stream(values).filter(Double::isNaN)).isEmpty();
    }

    private static Behaviour behaviour(Recent... recent) {
        return Behaviour.of(subject(), new FeatureSnapshot.Known(List.of(recent)));
    }

    private static Subject subject() {
        return new Subject(PaymentKind.PAYMENT, "14911", 700, "GBP", NOW, false);
    }

    private static Recent paid(Duration ago, long amount, String currency) {
        return new Recent(NOW.minus(ago), amount, currency);
    }
}
