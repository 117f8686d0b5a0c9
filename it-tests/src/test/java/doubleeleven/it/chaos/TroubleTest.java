package doubleeleven.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class TroubleTest {
    @Test
    void whatIsDoneAgainAndAgainIsCountedByKindAndOverOnceItIsEnded() {
        AtomicInteger steps = new AtomicInteger();
        Trouble trouble = Trouble.repeated(new Random(11), 1, 3, () -> {
            steps.incrementAndGet();
            return List.of("one", "two", "two");
        });
        await().until(() -> steps.get() > 3);
        Map<String, Long> hits = trouble.end();
        int ended = steps.get();

        assertThat(hits).containsEntry("one", (long) ended).containsEntry("two", 2L * ended);
        await().pollDelay(Duration.ofMillis(50)).until(() -> steps.get() == ended);
    }

    @Test
    void aFaultThatCannotBeKeptUpIsSaid() {
        AtomicInteger steps = new AtomicInteger();
        Trouble trouble = Trouble.repeated(new Random(11), 1, 3, () -> {
            steps.incrementAndGet();
            throw new IllegalStateException("no sandbox");
        });
        await().until(() -> steps.get() > 0);

        assertThatThrownBy(trouble::end)
                .hasMessage("the fault could not be kept up")
                .hasRootCauseMessage("no sandbox");
    }

    @Test
    void severalAtOnceAreCountedTogether() {
        Trouble one = Trouble.once(new TreeMap<>(Map.of("gateway", 1L, "relay", 2L)));
        Trouble other = Trouble.once(new TreeMap<>(Map.of("gateway", 3L)));

        assertThat(Trouble.all(List.of(one, other)).end()).isEqualTo(Map.of("gateway", 4L, "relay", 2L));
    }
}
