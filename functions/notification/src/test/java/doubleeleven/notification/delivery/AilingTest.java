package doubleeleven.notification.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.testkit.ManualClock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AilingTest {
    private final Ailing ailing = new Ailing(new ManualClock());

    @BeforeEach
    void teaFails() {
        for (int times = 0; times < 3; times++) {
            ailing.failed("tea");
        }
    }

    @Test
    void tenThousandAreRemembered() {
        othersFail(9_999);

        assertThat(ailing.isLeftAlone("tea")).isTrue();
    }

    @Test
    void ofMoreThoseWhoFailedLongestAgoAreForgotten() {
        othersFail(10_000);

        assertThat(ailing.isLeftAlone("tea")).isFalse();
    }

    private void othersFail(int many) {
        IntStream.range(0, many).forEach(other -> ailing.failed("other-" + other));
    }
}
