package doubleeleven.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirstTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 10, 99, 100})
    void soManyInAHundredOfTheRegionsEnvironmentsAreAmongThemAndNoneOfAnother(int percent) {
        First first = new First("us-west-2", percent);

        assertThat(IntStream.range(0, First.NUMBERS).filter(drawn -> first.includes("us-west-2", drawn)))
                .containsExactlyElementsOf(IntStream.range(0, percent).boxed().toList());
        assertThat(IntStream.range(0, First.NUMBERS)).noneMatch(drawn -> first.includes("us-west-1", drawn));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 101})
    void noPartIsNothingOrMoreThanAll(int percent) {
        assertThatThrownBy(() -> new First("us-west-2", percent)).isInstanceOf(IllegalArgumentException.class);
    }
}
