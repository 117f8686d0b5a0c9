package doubleeleven.it.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.it.command.Arguments;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OptionsTest {
    @Test
    void withoutOptionsEverythingIsBroken() throws Arguments.Invalid {
        Options options = Options.parse(Arguments.of());

        assertThat(options.scenarios()).containsExactly(Scenario.values());
        assertThat(options.orders()).isEqualTo(30);
        assertThat(options.regions()).isEmpty();
        assertThat(options.list()).isFalse();
    }

    @Test
    void everyOptionIsTaken() throws Arguments.Invalid {
        Options options = Options.parse(Arguments.of(
                "--scenario",
                "region,errors",
                "--scenario",
                "region",
                "--orders",
                "7",
                "--seed",
                "-5",
                "--parallel",
                "2",
                "--pace",
                "300",
                "--warm-up",
                "0",
                "--seconds",
                "60",
                "--regions",
                "us-east-1"));

        assertThat(options)
                .isEqualTo(new Options(
                        List.of(Scenario.REGION, Scenario.ERRORS),
                        "",
                        7,
                        2,
                        Duration.ofMillis(300),
                        WarmUp.NONE,
                        Duration.ofSeconds(60),
                        -5,
                        List.of("us-east-1"),
                        false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--order 7",
                "--orders",
                "--orders 0",
                "--seed x",
                "--pace 0",
                "--warm-up 601",
                "--warm-up -1",
                "--seconds 301",
                "--scenario floods",
                "--scenario",
                "--target",
                "--regions"
            })
    void wrongOptionsAreNamed(String arguments) {
        assertThatThrownBy(() -> Options.parse(Arguments.of(arguments.split(" ", -1))))
                .isInstanceOf(Arguments.Invalid.class)
                .hasMessageContaining(arguments.split(" ", -1)[0]);
    }

    @Test
    void aTargetBelongsToOneScenario() throws Arguments.Invalid {
        assertThat(Options.parse(Arguments.of("--scenario", "unit", "--target", "RZ02"))
                        .target())
                .isEqualTo("RZ02");
        assertThatThrownBy(() -> Options.parse(Arguments.of("--scenario", "unit,queue", "--target", "RZ02")))
                .isInstanceOf(Arguments.Invalid.class)
                .hasMessageContaining("one --scenario");
    }

    @Test
    void anUnknownScenarioIsAnsweredWithThoseThereAre() {
        assertThatThrownBy(() -> Options.parse(Arguments.of("--scenario", "floods")))
                .hasMessageContainingAll("floods", "kill-functions", "cold-burst");
    }

    @Test
    void theListSaysASentenceAboutEachScenarioAndStartsNothing() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertThat(Chaos.run(new PrintStream(out, true, UTF_8), System.err, "--list"))
                .isZero();

        assertThat(out.toString(UTF_8).lines())
                .hasSize(Scenario.values().length)
                .allMatch(line -> line.endsWith("."));
    }

    @Test
    void wrongOptionsExitWithTwo() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        assertThat(Chaos.run(System.out, new PrintStream(err, true, UTF_8), "--nonsense"))
                .isEqualTo(2);
        assertThat(err.toString(UTF_8)).startsWith("unknown option --nonsense");
    }
}
