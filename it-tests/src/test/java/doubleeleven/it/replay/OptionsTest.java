package doubleeleven.it.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.it.command.Arguments;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OptionsTest {
    @Test
    void withoutOptionsTwoHundredOrdersGoThroughAllDoors() throws Arguments.Invalid {
        Options options = Options.parse(Arguments.of());

        assertThat(options.orders()).isEqualTo(60);
        assertThat(options.parallel()).isEqualTo(4);
        assertThat(options.regions()).isEmpty();
    }

    @Test
    void everyOptionIsTaken() throws Arguments.Invalid {
        Options options =
                Options.parse(Arguments.of("--orders", "7", "--parallel", "2", "--regions", "us-east-1,us-west-2"));

        assertThat(options.orders()).isEqualTo(7);
        assertThat(options.parallel()).isEqualTo(2);
        assertThat(options.regions()).isEqualTo(List.of("us-east-1", "us-west-2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--order 7", "7", "--orders", "--orders 0", "--orders x", "--data /no/such/file", "--regions"})
    void wrongOptionsAreNamed(String arguments) {
        assertThatThrownBy(() -> Options.parse(Arguments.of(arguments.split(" ", -1))))
                .isInstanceOf(Arguments.Invalid.class)
                .hasMessageContaining(arguments.split(" ", -1)[0]);
    }

    @Test
    void wrongOptionsExitWithTwoAndHelpWithNought() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        assertThat(Replay.run(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), "--nonsense"))
                .isEqualTo(2);
        assertThat(err.toString(UTF_8)).startsWith("unknown option --nonsense");
        assertThat(Replay.run(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), "--help"))
                .isZero();
        assertThat(out.toString(UTF_8)).contains("--orders N");
    }
}
