package doubleeleven.gateway.watch;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.health.Heard;
import doubleeleven.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrafficSheetTest {
    private final ManualClock clock = new ManualClock();
    private final List<String> told = new ArrayList<>();
    private final List<RuntimeException> failures = new ArrayList<>();
    private boolean failing;
    private final TrafficSheet sheet = new TrafficSheet(
            new TrafficReports() {
                @Override
                public void missed(String unit, String colour, Instant at) {
                    tell("missed " + unit + "-" + colour);
                }

                @Override
                public void reached(String unit, String colour, Instant at) {
                    tell("reached " + unit + "-" + colour);
                }

                private void tell(String what) {
                    if (failing) {
                        throw new IllegalStateException("slow");
                    }
                    told.add(what);
                }

                @Override
                public Heard of(String unit, String colour) {
                    throw new UnsupportedOperationException("a gateway does not ask");
                }
            },
            failures::add,
            clock);

    @BeforeEach
    void set() {
        clock.set(Instant.EPOCH);
    }

    @Test
    void aLossIsToldAfterThePaymentAndOnceInFiveSecondsForEachColour() {
        sheet.missed("RZ01", "a");
        assertThat(told).isEmpty();
        sheet.handIn();
        sheet.missed("RZ01", "a");
        sheet.missed("RZ01", "b");
        sheet.handIn();
        assertThat(told).containsExactly("missed RZ01-a", "missed RZ01-b");

        clock.pass(Duration.ofMillis(4999));
        sheet.missed("RZ01", "a");
        sheet.handIn();
        assertThat(told).hasSize(2);

        clock.pass(Duration.ofMillis(1));
        sheet.missed("RZ01", "a");
        sheet.handIn();
        sheet.handIn();
        assertThat(told).containsExactly("missed RZ01-a", "missed RZ01-b", "missed RZ01-a");
    }

    @Test
    void whoeverIsReachedAgainIsSpokenForOnceAndWhoWasNeverLostIsNot() {
        sheet.reached("RZ01", "a");
        sheet.handIn();
        assertThat(told).isEmpty();

        sheet.missed("RZ01", "a");
        sheet.reached("RZ02", "a");
        sheet.reached("RZ01", "a");
        sheet.reached("RZ01", "a");
        sheet.handIn();
        assertThat(told).containsExactly("missed RZ01-a", "reached RZ01-a");
    }

    @Test
    void whatIsLostRightAfterItWasReachedIsToldAtOnce() {
        sheet.missed("RZ01", "a");
        sheet.reached("RZ01", "a");
        sheet.missed("RZ01", "a");
        sheet.handIn();

        assertThat(told).containsExactly("missed RZ01-a", "reached RZ01-a", "missed RZ01-a");
    }

    /** A caller has its answer and must not pay for it. */
    @Test
    void whatCannotBeToldIsLeftOut() {
        failing = true;
        sheet.missed("RZ01", "a");
        sheet.missed("RZ01", "b");
        sheet.handIn();
        assertThat(failures).hasSize(2);

        failing = false;
        sheet.handIn();
        assertThat(told).isEmpty();
    }
}
