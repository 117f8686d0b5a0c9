package doubleeleven.health;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.health.View.Real;
import doubleeleven.health.View.Synthetic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ViewTest {
    private static final Instant START = Scene.NOW;

    private @Nullable View view;
    private Instant at = START;

    /** Ten seconds after the look before it. */
    private View look(Synthetic synthetic, Real real) {
        view = View.after(view, "RZ01", "a", synthetic, "", real, at);
        at = at.plusSeconds(10);
        return view;
    }

    private boolean lasts(Synthetic synthetic, Real real) {
        return look(synthetic, real).failsLastingly();
    }

    @Test
    void threeFailuresInARowCountAndTwoDoNot() {
        assertThat(lasts(Synthetic.FAILED, Real.SILENT)).isFalse();
        assertThat(lasts(Synthetic.FAILED, Real.SILENT)).isFalse();
        assertThat(lasts(Synthetic.FAILED, Real.SILENT)).isTrue();
    }

    @Test
    void oneSuccessBeginsThemAnew() {
        look(Synthetic.FAILED, Real.SILENT);
        look(Synthetic.FAILED, Real.SILENT);
        assertThat(look(Synthetic.SERVED, Real.SILENT).fails()).isFalse();
        look(Synthetic.FAILED, Real.SILENT);

        assertThat(lasts(Synthetic.FAILED, Real.SILENT)).isFalse();
    }

    @Test
    void aUnitThatRefusesWorks() {
        assertThat(look(Synthetic.REFUSED, Real.SILENT).fails()).isFalse();
    }

    @Test
    void whereCustomersPaymentsAreMissedTooTwoFailuresAreEnough() {
        assertThat(lasts(Synthetic.FAILED, Real.MISSED)).isFalse();
        assertThat(lasts(Synthetic.FAILED, Real.MISSED)).isTrue();
    }

    /** Payments that cannot be carried out wherever they go must not take out the unit that they go to. */
    @Test
    void customersPaymentsThatAreMissedAreNoFailureWhileSyntheticOnesAreServed() {
        assertThat(look(Synthetic.SERVED, Real.MISSED).fails()).isFalse();
    }

    @Test
    void whileCustomersPaymentsAreServedAFailureOfSyntheticOnesIsTheWatchersOwn() {
        for (int i = 0; i < 5; i++) {
            assertThat(look(Synthetic.FAILED, Real.REACHED).fails()).isFalse();
        }
    }

    @Test
    void whoLooksAgainAtOnceLearnsNothingMore() {
        for (int i = 0; i < 9; i++) {
            View seen = look(Synthetic.FAILED, Real.MISSED);
            at = START.plusSeconds(i);
            assertThat(seen.failsLastingly()).isFalse();
        }
    }

    @Test
    void aWatcherThatWasAwayBeginsAnew() {
        look(Synthetic.FAILED, Real.SILENT);
        look(Synthetic.FAILED, Real.SILENT);
        at = at.plus(View.GAP);

        assertThat(look(Synthetic.FAILED, Real.SILENT).failures()).isEqualTo(1);
    }

    @Property
    void whatCountsWasSeenFailingAtEachOfTheLastLooks(@ForAll @Size(max = 12) List<Synthetic> seen, @ForAll Real real) {
        view = null;
        at = START;
        int row = 0;
        for (Synthetic each : seen) {
            row = each == Synthetic.FAILED && real != Real.REACHED ? row + 1 : 0;
            View now = look(each, real);
            assertThat(now.failures()).isEqualTo(row);
            assertThat(now.failsLastingly()).isEqualTo(row >= (real == Real.MISSED ? 2 : 3));
        }
    }

    @Test
    void whatGatewaysToldCountsForFifteenSeconds() {
        Instant now = START;
        Heard missed = new Heard(now.minusSeconds(15), null);
        assertThat(missed.at(now)).isEqualTo(Real.MISSED);
        assertThat(missed.at(now.plusMillis(1))).isEqualTo(Real.SILENT);
        assertThat(new Heard(null, now.minusSeconds(15)).at(now)).isEqualTo(Real.REACHED);
        assertThat(new Heard(null, now.minusSeconds(16)).at(now)).isEqualTo(Real.SILENT);
        assertThat(Heard.NONE.at(now)).isEqualTo(Real.SILENT);
    }

    @Test
    void theLastThingThatGatewaysToldHolds() {
        Instant now = START;
        Duration second = Duration.ofSeconds(1);
        assertThat(new Heard(now.minus(second), now).at(now)).isEqualTo(Real.REACHED);
        assertThat(new Heard(now, now.minus(second)).at(now)).isEqualTo(Real.MISSED);
    }
}
