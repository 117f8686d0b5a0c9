package doubleeleven.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.chaos.Load.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class WarmUpTest {
    private static final long BEGAN = new Random(11).nextLong();

    private static Call call(@Nullable Long millis) {
        return new Call("order", BEGAN, millis == null ? null : later(millis), null);
    }

    private static long later(long millis) {
        return BEGAN + Duration.ofMillis(millis).toNanos();
    }

    private static List<Call> quick(int count) {
        return new ArrayList<>(LongStream.range(0, count)
                .mapToObj(millis -> call(500 - millis))
                .toList());
    }

    @Test
    void aStackIsWarmOnceTwentyCallsRunningWereQuick() {
        assertThat(WarmUp.isWarm(quick(19), later(1000))).isFalse();
        assertThat(WarmUp.isWarm(quick(20), later(1000))).isTrue();

        List<Call> slowOneAgo = quick(25);
        slowOneAgo.set(5, call(501L));
        assertThat(WarmUp.isWarm(slowOneAgo, later(1000))).isFalse();
        slowOneAgo.add(call(1L));
        assertThat(WarmUp.isWarm(slowOneAgo, later(1000))).isTrue();
    }

    @Test
    void aCallWithoutAnAnswerHasTakenAsLongAsItHasLasted() {
        List<Call> calls = quick(19);
        calls.add(call(null));

        assertThat(WarmUp.isWarm(calls, later(500))).isTrue();
        assertThat(WarmUp.isWarm(calls, later(501))).isFalse();
    }

    @Test
    void ordersAreReadyForAllCallsThatMayBegin() {
        assertThat(WarmUp.NONE.calls(Duration.ofMillis(800))).isZero();
        assertThat(new WarmUp(Duration.ofSeconds(60)).calls(Duration.ofMillis(800)))
                .isEqualTo(75);
        assertThat(new WarmUp(Duration.ofSeconds(1)).calls(Duration.ofMillis(300)))
                .isEqualTo(4);
    }
}
