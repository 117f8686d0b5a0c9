package doubleeleven.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.gateway.Racing.Race;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RacingThreadsTest {
    private static final Duration AMPLE = Duration.ofSeconds(30);

    private final Racing racing = new RacingThreads();

    @Test
    void whoeverEndsFirstIsHeardFirst() {
        CountDownLatch never = new CountDownLatch(1);
        try (Race<String> race = racing.open()) {
            race.begin(() -> await(never, "slow"));
            race.begin(() -> "fast");

            assertThat(race.next(AMPLE)).contains("fast");
            assertThat(race.next(Duration.ZERO)).isEmpty();

            never.countDown();
            assertThat(race.next(AMPLE)).contains("slow");
        }
    }

    @Test
    @Timeout(60)
    void whatIsStillUnderWayIsCutOffAtTheEnd() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch cut = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        try (Race<String> race = racing.open()) {
            race.begin(() -> {
                begun.countDown();
                try {
                    return await(never, "answered");
                } finally {
                    cut.countDown();
                }
            });
            begun.await();
        }

        cut.await();
        assertThat(never.getCount()).isEqualTo(1);
    }

    @Test
    void whatTheWorkThrowsIsThrownToWhoWaits() {
        try (Race<String> race = racing.open()) {
            race.begin(() -> {
                throw new IllegalArgumentException("no such answer");
            });

            assertThatThrownBy(() -> race.next(AMPLE)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static String await(CountDownLatch latch, String result) {
        try {
            latch.await();
            return result;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
