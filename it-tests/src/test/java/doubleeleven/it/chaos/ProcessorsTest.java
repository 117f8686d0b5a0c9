package doubleeleven.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ProcessorsTest {
    @Test
    void whatOtherGuestsOfTheHostTookIsTold() {
        Processors before = Processors.of("cpu  600 0 100 700 5 0 5 70 40 0");
        Processors after = Processors.of("cpu  690 0 110 770 5 0 5 100 90 0");

        assertThat(after.takenSince(before)).isEqualTo(15);
        assertThat(before.takenSince(before)).isZero();
    }
}
