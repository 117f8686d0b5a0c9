package doubleeleven.statemachines;

import static com.dashjoin.jsonata.Jsonata.jsonata;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.payment.DeclineReason;
import doubleeleven.payment.PaymentStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What every definition in this folder keeps to. */
class AslLintTest {
    private static final Pattern EXPRESSION = Pattern.compile("\\{%(.*?)%}", Pattern.DOTALL);
    private static final Pattern TOKEN = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern LITERAL = Pattern.compile("'([A-Z]+(?:_[A-Z]+)+)'");
    /** LocalStack does not look for variables inside a bracket without brackets in it. */
    private static final Pattern BRACKET = Pattern.compile("\\[[^\\[\\]]*]");

    private static String text;
    private static Map<String, Object> definition;
    private static final Map<String, Map<String, Object>> STATES = new LinkedHashMap<>();
    private static final List<Map<String, Object>> MACHINES = new ArrayList<>();

    @BeforeAll
    static void read() throws IOException {
        text = Files.readString(Path.of("payment-tcc.asl.json"));
        definition = Json.object(text);
        collect(definition);
    }

    @Test
    void statesHaveNamesOfTheirOwnAndAreWrittenInJsonataAlone() {
        assertThat(definition.get("QueryLanguage")).isEqualTo("JSONata");
        assertThat(text).doesNotContain("\"InputPath\"", "\"ResultPath\"", "\"Parameters\"", ".$\"");
        assertThat(STATES).hasSizeGreaterThan(20);
    }

    @Test
    void everyStateIsReachedAndEveryNextExists() {
        for (Map<String, Object> machine : MACHINES) {
            Map<String, Object> states = object(machine, "States");
            Set<String> reached = new LinkedHashSet<>(Set.of((String) machine.get("StartAt")));
            states.values().forEach(state -> nexts(state, reached));
            assertThat(reached).isEqualTo(states.keySet());
        }
    }

    @Test
    void everyTaskIsBoundedRetriedWithJitterAndCaught() {
        tasks().forEach((name, task) -> {
            assertThat(task.get("TimeoutSeconds")).as(name).isInstanceOf(Number.class);
            List<Map<String, Object>> retries = Json.objects(task, "Retry");
            assertThat(retries.getLast().get("ErrorEquals")).as(name).isEqualTo(List.of("States.ALL"));
            assertThat(retries.getLast().get("JitterStrategy")).as(name).isEqualTo("FULL");
            boolean caughtByMap = List.of("Release", "Withdraw", "Fence").contains(name);
            assertThat(task.toString().contains("ErrorEquals=[States.ALL], Next") || caughtByMap || catchesAll(task))
                    .as(name)
                    .isTrue();
        });
        assertThat(catchesAll(STATES.get("CancelOwn"))).isTrue();
    }

    @Test
    void aRefusedConditionIsNeverRepeated() {
        tasks().forEach((name, task) -> {
            if (task.get("Resource").equals("arn:aws:states:::dynamodb:updateItem")) {
                Map<String, Object> first = Json.objects(task, "Retry").getFirst();
                assertThat(first.get("ErrorEquals"))
                        .as(name)
                        .isEqualTo(List.of("DynamoDB.ConditionalCheckFailedException"));
                assertThat(first.get("MaxAttempts")).as(name).isEqualTo(0);
                assertThat(object(task, "Arguments").get("ConditionExpression"))
                        .as(name)
                        .isNotNull();
            }
        });
    }

    @Test
    void everyReadIsStrong() {
        tasks().forEach((name, task) -> {
            if (task.get("Resource").equals("arn:aws:states:::dynamodb:getItem")) {
                assertThat(object(task, "Arguments").get("ConsistentRead"))
                        .as(name)
                        .isEqualTo(true);
            }
        });
    }

    @Test
    void everyExpressionCompilesAndHidesNoVariableFromTheOfflineEngine() {
        Matcher expressions = EXPRESSION.matcher(text);
        int count = 0;
        while (expressions.find()) {
            String expression = expressions.group(1).replace("\\\"", "\"");
            jsonata(expression);
            Matcher brackets = BRACKET.matcher(expression);
            while (brackets.find()) {
                assertThat(brackets.group()).doesNotContain("$states");
            }
            count++;
        }
        assertThat(count).isGreaterThan(50);
    }

    @Test
    void tokensAreTheOnesThatTheDeploymentBinds() {
        Set<String> tokens = new TreeSet<>();
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            tokens.add(matcher.group(1));
        }
        assertThat(tokens).containsExactly("AccountTable", "PaymentTable", "ScoreRiskFunction");
    }

    @Test
    void statusesAndReasonsAreTheDomainsOwn() {
        Set<String> known = new TreeSet<>(Set.of("ORDER_PAID", "ORDER_IN_FLIGHT"));
        Arrays.stream(DeclineReason.values()).map(Enum::name).forEach(known::add);
        Matcher literals = LITERAL.matcher(text);
        while (literals.find()) {
            assertThat(known).contains(literals.group(1));
        }
        for (PaymentStatus status : PaymentStatus.values()) {
            assertThat(text).contains(status.name());
        }
    }

    @Test
    void theWorkflowEndsBeforeItsAttemptFallsDue() {
        assertThat(((Number) definition.get("TimeoutSeconds")).intValue()).isLessThan(20);
    }

    private static Map<String, Map<String, Object>> tasks() {
        Map<String, Map<String, Object>> tasks = new LinkedHashMap<>();
        STATES.forEach((name, state) -> {
            if ("Task".equals(state.get("Type"))) {
                tasks.put(name, state);
            }
        });
        return tasks;
    }

    private static boolean catchesAll(Map<String, Object> state) {
        return Json.objects(state, "Catch").stream()
                .anyMatch(caught -> List.of("States.ALL").equals(caught.get("ErrorEquals")));
    }

    private static void nexts(Object part, Set<String> reached) {
        if (part instanceof Map<?, ?> map) {
            map.forEach((name, value) -> {
                if ((name.equals("Next") || name.equals("Default")) && value instanceof String next) {
                    reached.add(next);
                } else if (!name.equals("Branches") && !name.equals("ItemProcessor")) {
                    nexts(value, reached);
                }
            });
        } else if (part instanceof List<?> list) {
            list.forEach(each -> nexts(each, reached));
        }
    }

    private static void collect(Object part) {
        if (part instanceof Map<?, ?> map) {
            if (map.get("States") instanceof Map<?, ?>) {
                MACHINES.add(cast(map));
                object(cast(map), "States").forEach((name, state) -> {
                    assertThat(STATES).as("a state's name is its own").doesNotContainKey(name);
                    STATES.put(name, cast(state));
                });
            }
            map.values().forEach(AslLintTest::collect);
        } else if (part instanceof List<?> list) {
            list.forEach(AslLintTest::collect);
        }
    }

    private static Map<String, Object> object(Map<String, Object> parent, String name) {
        return cast(parent.get(name));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> cast(Object object) {
        return (Map<String, Object>) object;
    }
}
