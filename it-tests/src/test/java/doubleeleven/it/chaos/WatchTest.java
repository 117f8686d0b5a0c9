package doubleeleven.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.audit.Snapshot;
import doubleeleven.it.audit.Snapshot.Fund;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WatchTest {
    private static final long ENDED = 1_000;
    private static final Map<String, String> NONE = Map.of();
    private static final Map<String, String> ONE = Map.of("order1/try1", "payment order1 is open: TRYING");
    private static final Map<String, String> ANOTHER = Map.of("order2/try2", "payment order2 is open: TRYING");

    private final Watch watch = new Watch(ENDED);

    private void see(double seconds, boolean idle, Map<String, String> unfinished) {
        watch.see(ENDED + (long) (seconds * 1e9), idle, unfinished);
    }

    @Test
    void itIsOverOnceNothingIsOpenAndNobodyWaits() {
        see(1, false, ONE);
        assertThat(watch.isOver()).isFalse();
        see(2, false, NONE);
        assertThat(watch.isOver()).isFalse();
        see(3, true, NONE);

        assertThat(watch.isOver()).isTrue();
        assertThat(watch.seconds()).isEqualTo(2);
        assertThat(watch.stuck()).isEmpty();
        assertThat(watch.open()).isEmpty();
    }

    @Test
    void whatTheFaultLeftOpenIsToldFromWhatAClientBeganAnew() {
        see(1, false, ONE);
        see(2, false, ANOTHER);
        see(9, true, NONE);

        assertThat(watch.seconds()).isEqualTo(2);
    }

    @Test
    void whatIsOpenAMinuteLaterIsStuckAlsoWhereItComesToAnEndAtLast() {
        see(1, true, ONE);
        see(59, true, ONE);
        assertThat(watch.stuck()).isEmpty();
        see(61, true, ONE);
        see(70, true, NONE);

        assertThat(watch.isOver()).isTrue();
        assertThat(watch.stuck()).isEqualTo(List.copyOf(ONE.values()));
        assertThat(watch.open()).isEmpty();
        assertThat(watch.seconds()).isEqualTo(70);
    }

    @Test
    void whatWasBegunAnewHasItsOwnMinute() {
        see(1, false, NONE);
        see(58, false, ANOTHER);
        see(117, true, ANOTHER);
        assertThat(watch.stuck()).isEmpty();
        see(119, true, ANOTHER);

        assertThat(watch.stuck()).isEqualTo(List.copyOf(ANOTHER.values()));
    }

    @Test
    void whatNeverEndsIsGivenUpAndSaid() {
        see(61, true, ONE);
        assertThat(watch.isOver()).isFalse();
        see((double) Watch.LONGEST.plus(Duration.ofSeconds(1)).toSeconds(), true, ONE);

        assertThat(watch.isOver()).isTrue();
        assertThat(watch.open()).isEqualTo(List.copyOf(ONE.values()));
        assertThat(watch.stuck()).isEqualTo(List.copyOf(ONE.values()));
        assertThat(watch.seconds()).isEqualTo(301);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRYING", "COMMITTED", "ABORTED"})
    void aPaymentThatIsNotTerminalIsUnfinishedWhereTheFaultTouchedIt(String status) {
        Snapshot tables = tables(status, Map.of());

        assertThat(Watch.unfinished(tables, Set.of("order1"), false)).hasSize(1);
        assertThat(Watch.unfinished(tables, Set.of("order2"), false)).isEmpty();
        assertThat(Watch.unfinished(tables, Set.of("order2"), true)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SUCCEEDED", "CLOSED"})
    void aTerminalPaymentIsFinished(String status) {
        assertThat(Watch.unfinished(tables(status, Map.of()), Set.of("order1"), true))
                .isEmpty();
    }

    @Test
    void aHoldThatNobodyRemovesIsUnfinishedOnceNothingElseIsUnderWay() {
        Snapshot tables = tables("CLOSED", Map.of("try1", 300L));

        assertThat(Watch.unfinished(tables, Set.of("order1"), false)).isEmpty();
        assertThat(Watch.unfinished(tables, Set.of("order1"), true).values())
                .containsExactly("17#C#ann/BALANCE still holds 300 for try1");
    }

    private static Snapshot tables(String status, Map<String, Long> holds) {
        Fund ann = new Fund("17#C#ann", "BALANCE", true, "GBP", 700, holds, Map.of(), 1000, null, Set.of());
        return new Snapshot(
                List.of(ann),
                List.of(),
                List.of(VerdictTest.payment("order1", "try1", status)),
                List.of(),
                List.of(),
                List.of());
    }
}
