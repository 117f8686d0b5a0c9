package doubleeleven.gateway.aws;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.routing.First;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which of a Region's environments obey a version first. */
class DrawnTest {
    private static RandomGenerator drawing(IntSupplier numbers) {
        return new Random() {
            private static final long serialVersionUID = 1;

            @Override
            public int nextInt(int bound) {
                return numbers.getAsInt();
            }
        };
    }

    @Test
    void anEnvironmentIsAmongThemOrNotForAsLongAsItLives() {
        int[] next = {9};
        Drawn drawn = new Drawn("us-west-2", drawing(() -> next[0]++));

        for (int asked = 0; asked < 3; asked++) {
            assertThat(drawn.test(new First("us-west-2", 10))).isTrue();
            assertThat(drawn.test(new First("us-west-2", 9))).isFalse();
            assertThat(drawn.test(new First("us-east-1", 100))).isFalse();
        }
    }

    @Test
    void copiesOfOneSnapshotDrawEachForThemselves() {
        int[] next = {9};
        Drawn drawn = new Drawn("us-west-2", drawing(() -> next[0]++));
        assertThat(drawn.test(new First("us-west-2", 10))).isTrue();

        drawn.forget();

        assertThat(drawn.test(new First("us-west-2", 10))).isFalse();
    }

    /** Of 10,000 environments about a tenth; fewer than 900 or more than 1,100 are 3.3 standard deviations away, and the seed is fixed. */
    @Test
    void aTenthOfTheEnvironmentsIsAmongATenth() {
        Random random = new Random(7);

        long among = Stream.generate(() -> new Drawn("us-west-2", random))
                .limit(10_000)
                .filter(drawn -> drawn.test(new First("us-west-2", 10)))
                .count();

        assertThat(among).isBetween(900L, 1_100L);
        assertThat(IntStream.range(0, 100)
                        .filter(_ -> new Drawn("us-west-2", random).test(new First("us-west-2", 100))))
                .hasSize(100);
    }
}
