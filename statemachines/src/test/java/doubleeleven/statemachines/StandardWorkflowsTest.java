package doubleeleven.statemachines;

import static com.dashjoin.jsonata.Jsonata.jsonata;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the workflows that take their time keep to; that they work is for the rig and the black-box tests to show. */
class StandardWorkflowsTest {
    private static final String DECISION = "credit-decision";
    private static final String DAY = "credit-day";
    private static final String RELEASE = "release";
    private static final String STRESS = "stress-test";
    private static final String FAILOVER = "unit-failover";
    private static final String FAILBACK = "unit-failback";
    private static final Pattern EXPRESSION = Pattern.compile("^\\{%(.*)%}$", Pattern.DOTALL);
    private static final Pattern TOKEN = Pattern.compile("\\$\\{([^}]*)}");

    /** A machine with its states, those of nested machines apart. */
    private record Machine(String start, Map<String, Map<String, Object>> states) {}

    private static String text(String file) {
        try {
            return Files.readString(Path.of(file + ".asl.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Machine> machines(String file) {
        Map<String, Object> definition = Json.object(text(file));
        Machine whole = machine(definition);
        List<Machine> all = new ArrayList<>(List.of(whole));
        whole.states().values().stream()
                .filter(state -> state.containsKey("ItemProcessor"))
                .forEach(state -> all.add(machine(object(state, "ItemProcessor"))));
        return all;
    }

    private static Machine machine(Map<String, Object> definition) {
        Map<String, Map<String, Object>> states = new LinkedHashMap<>();
        object(definition, "States")
                .keySet()
                .forEach(name -> states.put(name, object(object(definition, "States"), name)));
        return new Machine(Json.text(definition, "StartAt"), states);
    }

    @SuppressWarnings("unchecked") // jackson-jr makes every JSON object a Map<String, Object>
    private static Map<String, Object> object(Map<String, Object> object, String name) {
        return (Map<String, Object>) object.get(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {DECISION, DAY, RELEASE, STRESS, FAILOVER, FAILBACK})
    void everyStateIsReachedAndEveryNextExists(String file) {
        for (Machine machine : machines(file)) {
            Set<String> reached = new LinkedHashSet<>(Set.of(machine.start()));
            machine.states().values().forEach(state -> {
                if (state.get("Next") instanceof String next) {
                    reached.add(next);
                }
                if (state.get("Default") instanceof String next) {
                    reached.add(next);
                }
                for (String list : List.of("Choices", "Catch")) {
                    if (state.containsKey(list)) {
                        Json.objects(state, list).forEach(each -> reached.add(Json.text(each, "Next")));
                    }
                }
            });
            assertThat(reached).isEqualTo(machine.states().keySet());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {DECISION, DAY, RELEASE, STRESS, FAILOVER, FAILBACK})
    void everyTaskIsBoundedAndRepeatedWithJitter(String file) {
        for (Machine machine : machines(file)) {
            machine.states().forEach((name, state) -> {
                if ("Task".equals(state.get("Type"))) {
                    assertThat(state.get("TimeoutSeconds")).as(name).isInstanceOf(Number.class);
                    Map<String, Object> last = Json.objects(state, "Retry").getLast();
                    assertThat(last.get("ErrorEquals")).as(name).isEqualTo(List.of("States.ALL"));
                    assertThat(last.get("JitterStrategy")).as(name).isEqualTo("FULL");
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        DECISION + ", ApplicationsFunction AssessFunction",
        DAY + ", BillingFunction OverdueFunction PlanFunction",
        RELEASE + ", ReleaseFunction",
        STRESS + ", LoadFunction StepFunction",
        FAILOVER + ", FailoverFunction",
        FAILBACK + ", FailoverFunction"
    })
    void tokensAreTheOnesThatTheDeploymentBinds(String file, String expected) {
        Set<String> tokens = new TreeSet<>();
        Matcher matcher = TOKEN.matcher(text(file));
        while (matcher.find()) {
            tokens.add(matcher.group(1));
        }
        assertThat(String.join(" ", tokens)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {DECISION, DAY, RELEASE, STRESS, FAILOVER, FAILBACK})
    void everyExpressionCompiles(String file) {
        Set<String> expressions = new LinkedHashSet<>();
        collect(Json.object(text(file)), expressions);
        assertThat(expressions).hasSizeGreaterThan(5);
        expressions.forEach(
                expression -> assertThat(jsonata(expression)).as(expression).isNotNull());
    }

    private static void collect(Object node, Set<String> expressions) {
        switch (node) {
            case Map<?, ?> map -> map.values().forEach(value -> collect(value, expressions));
            case List<?> list -> list.forEach(value -> collect(value, expressions));
            case String text -> {
                Matcher matcher = EXPRESSION.matcher(text);
                if (matcher.matches()) {
                    expressions.add(matcher.group(1));
                }
            }
            default -> {}
        }
    }

    /** A missing assessment is nobody's fault but ours: it declines nobody, and approves nobody. */
    @Test
    void withoutAnAssessmentAnOperatorDecides() {
        Map<String, Map<String, Object>> states = machines(DECISION).getFirst().states();

        assertThat(Json.objects(states.get("Assess"), "Catch").getFirst())
                .containsEntry("ErrorEquals", List.of("States.ALL"))
                .containsEntry("Next", "Unassessed");
        assertThat(states.get("Unassessed")).containsEntry("Next", "Review");
    }

    @Test
    void aReviewWaitsForAnAnswerAndIsDeclinedWhenNobodyGivesOne() {
        Map<String, Map<String, Object>> states = machines(DECISION).getFirst().states();

        assertThat(states.get("Review").get("Resource").toString()).endsWith(".waitForTaskToken");
        assertThat(Json.objects(states.get("Review"), "Catch").getFirst())
                .containsEntry("ErrorEquals", List.of("States.Timeout"))
                .containsEntry("Next", "Expire");
        assertThat(states.get("Expire")).containsEntry("Next", "Decline");
    }

    @ParameterizedTest
    @ValueSource(strings = {FAILOVER, FAILBACK})
    void aStepThatFailsEachTimeIsOnRecord(String file) {
        machines(file).getFirst().states().forEach((name, state) -> {
            if ("Task".equals(state.get("Type"))) {
                assertThat(Json.objects(state, "Catch").getFirst())
                        .as(name)
                        .containsEntry("ErrorEquals", List.of("States.ALL"))
                        .containsEntry("Next", name.equals("GiveUp") ? "Unfinished" : "GiveUp");
            }
        });
    }

    /** A unit that fails when it is tried out, or serves some shards alone, must not stay in service. */
    @ParameterizedTest
    @ValueSource(strings = {"Checked", "Probed"})
    void aFailbackThatDoesNotHoldIsWithdrawn(String choice) {
        Map<String, Map<String, Object>> states = machines(FAILBACK).getFirst().states();

        assertThat(Json.objects(states.get(choice), "Choices"))
                .contains(Map.of("Condition", "{% $states.input.next = 'UNDO' %}", "Next", "Withdraw"));
    }

    /** Whatever becomes of a stress test, its marks open no door any more; so long as that is not done, it is tried again. */
    @Test
    void whateverFailsInAStressTestClosesIt() {
        machines(STRESS).getFirst().states().forEach((name, state) -> {
            if (Set.of("Task", "Map").contains(String.valueOf(state.get("Type"))) && !name.equals("End")) {
                assertThat(Json.objects(state, "Catch").getFirst())
                        .as(name)
                        .containsEntry("ErrorEquals", List.of("States.ALL"))
                        .containsEntry("Next", "End");
            }
        });
        Map<String, Object> end = machines(STRESS).getFirst().states().get("End");
        assertThat(end).doesNotContainKey("Catch");
        assertThat(Json.objects(end, "Retry").getFirst()).containsEntry("MaxAttempts", 1000);
    }

    /** Sent twice, a slice would be loaded twice; and who is refused a worker must not insist on what live traffic needs. */
    @Test
    void aWorkerThatMakesLoadIsNeverSentAgain() {
        Map<String, Object> pay = machines(STRESS).getLast().states().get("Pay");

        assertThat(Json.objects(pay, "Retry"))
                .singleElement()
                .satisfies(retry -> assertThat(retry).containsEntry("MaxAttempts", 0));
    }
}
