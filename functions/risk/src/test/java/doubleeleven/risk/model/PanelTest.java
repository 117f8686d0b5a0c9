package doubleeleven.risk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.risk.Stalled;
import doubleeleven.risk.model.Answer.Cause;
import doubleeleven.risk.model.Answer.Missed;
import doubleeleven.risk.model.Answer.Scored;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class PanelTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration ENOUGH_FOR_OTHERS = Duration.ofSeconds(2);
    private static final Formulas<Double> FORMULAS = new Formulas<>(Map.of("x", each -> each));

    @Test
    void eachModelAnswersInItsPlace() {
        Panel<Double> panel = panel(model("double", x -> 2 * x), model("square", x -> x * x));

        assertThat(panel.ask(5.0, LONG))
                .extracting(each -> ((Scored) each).score())
                .containsExactly(10.0, 25.0);
    }

    @Test
    void aModelThatNeverReturnsIsCutOffAndTheOthersAreHeard() {
        try (Stalled stalled = Stalled.deaf("stalled", List.of("x"))) {
            Panel<Double> panel = panel(stalled, model("double", x -> 2 * x));

            List<Answer> answers = panel.ask(5.0, ENOUGH_FOR_OTHERS);

            assertThat(stalled.calls()).isOne();
            assertThat(stalled.isReleased()).isFalse();
            assertThat(((Missed) answers.getFirst()).cause()).isEqualTo(Cause.LATE);
            assertThat(((Scored) answers.getLast()).score()).isEqualTo(10);
        }
    }

    @Test
    void whileAModelIsStalledItIsNotAskedAgainAndNoThreadsPileUp() throws InterruptedException {
        try (Stalled stalled = Stalled.deaf("stalled", List.of("x"))) {
            Panel<Double> panel = panel(stalled, model("double", x -> 2 * x));
            panel.ask(0.0, SHORT);
            for (int i = 0; i < 1000; i++) {
                List<Answer> answers = panel.ask((double) i, LONG);
                assertThat(((Missed) answers.getFirst()).cause()).isEqualTo(Cause.BUSY);
                assertThat(((Scored) answers.getLast()).score()).isEqualTo(2 * i);
            }

            assertThat(stalled.calls()).isOne();
            assertThat(stalled.threads()).hasSize(1);
            stalled.release();
            stalled.awaitReturn();
            assertThat(heard(panel)).isTrue();
        }
    }

    /** The thread that was stalled may need a moment to say that it is free. */
    private static boolean heard(Panel<Double> panel) {
        while (!Thread.currentThread().isInterrupted()) {
            if (panel.ask(1.0, LONG).getFirst() instanceof Scored) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    @Test
    void aModelThatWaitsForSomethingIsWokenWhenItIsCutOff() throws InterruptedException {
        try (Stalled stalled = Stalled.waiting("stalled", List.of("x"))) {
            Panel<Double> panel = panel(stalled);

            List<Answer> answers = panel.ask(1.0, SHORT);

            assertThat(((Missed) answers.getFirst()).cause()).isEqualTo(Cause.LATE);
            stalled.awaitReturn();
            assertThat(stalled.isReleased()).isFalse();
        }
    }

    @Test
    void aModelThatThrowsOrSaysWhatIsNoNumberIsMissedWithItsCause() {
        Panel<Double> panel = panel(
                model("throws", _ -> {
                    throw new IllegalStateException("broken");
                }),
                model("overflows", _ -> {
                    throw new StackOverflowError();
                }),
                model("not a number", _ -> Double.NaN));

        assertThat(panel.ask(1.0, LONG))
                .extracting(each -> ((Missed) each).cause() + " " + ((Missed) each).detail())
                .containsExactly(
                        "FAILED java.lang.IllegalStateException: broken",
                        "FAILED java.lang.StackOverflowError",
                        "FAILED score NaN");
    }

    @Test
    void withoutTimeLeftNoModelIsAsked() {
        AtomicInteger calls = new AtomicInteger();
        Panel<Double> panel = panel(model("counts", _ -> calls.incrementAndGet()));

        assertThat(panel.ask(1.0, Duration.ZERO))
                .allSatisfy(each -> assertThat(((Missed) each).cause()).isEqualTo(Cause.LATE));
        assertThat(panel.ask(1.0, Duration.ofMillis(-5))).hasSize(1);
        assertThat(calls).hasValue(0);
    }

    @Test
    void aModelOfAnotherVersionOrWithAnotherScoreIsNotTakenForTheSame() {
        Panel<Double> panel = panel(model("double", x -> 2 * x));

        panel.requireSame(5.0, List.of(new Scored("double", "1", 10, 0)));
        panel.requireSame(5.0, List.of(new Missed("double", "1", Cause.LATE, "", 0)));
        assertThatThrownBy(() -> panel.requireSame(5.0, List.of(new Scored("double", "2", 10, 0))))
                .hasMessage("scored by double 2, here is double 1");
        assertThatThrownBy(() -> panel.requireSame(5.0, List.of(new Scored("double", "1", 10.5, 0))))
                .hasMessage("double said 10.5, now it says 10.0");
        assertThatThrownBy(() -> panel.requireSame(5.0, List.of())).hasMessage("0 models answered, here are 1");
    }

    @Test
    void onTheCallersThreadModelsAnswerInTurn() {
        Panel<Double> panel = new Panel<>(
                FORMULAS,
                List.of(
                        model("double", x -> 2 * x),
                        model("thread", _ -> Thread.currentThread().threadId())),
                Lane::onCaller);

        assertThat(panel.ask(5.0, LONG))
                .extracting(each -> ((Scored) each).score())
                .containsExactly(10.0, (double) Thread.currentThread().threadId());
        assertThat(panel.ask(5.0, Duration.ZERO)).hasOnlyElementsOfType(Missed.class);
    }

    private static Panel<Double> panel(Model... models) {
        return new Panel<>(FORMULAS, List.of(models), Lane::onThreads);
    }

    private static Model model(String name, DoubleUnaryOperator score) {
        return new Model() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String version() {
                return "1";
            }

            @Override
            public List<String> features() {
                return List.of("x");
            }

            @Override
            public double score(double[] values) {
                return score.applyAsDouble(values[0]);
            }

            @Override
            public List<Reason> reasons(double[] values) {
                return List.of();
            }
        };
    }
}
