package doubleeleven.statemachines;

import static com.dashjoin.jsonata.Jsonata.jsonata;
import static doubleeleven.testkit.asl.StateFailed.CONFLICT;
import static doubleeleven.testkit.asl.StateFailed.REFUSED;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.DeclineReason;
import doubleeleven.payment.Lifecycle;
import doubleeleven.payment.PaymentStatus;
import doubleeleven.statemachines.Budget.Cost;
import doubleeleven.statemachines.Orders.Asked;
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
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What every definition in this folder keeps to. */
class AslLintTest {
    private static final Pattern EXPRESSION = Pattern.compile("\\{%(.*?)%}", Pattern.DOTALL);
    private static final Pattern TOKEN = Pattern.compile("\\$\\{([^}]*)}");
    private static final Pattern LITERAL = Pattern.compile("'([A-Z]+(?:_[A-Z]+)+)'");
    /** LocalStack does not look for variables inside a bracket without brackets in it. */
    private static final Pattern BRACKET = Pattern.compile("\\[[^\\[\\]]*]");

    private static final Pattern STATUS = Pattern.compile("#status = (:\\w+)");
    private static final String NOWHERE = "nowhere";

    /** The usual way to Try. */
    private static final List<String> ADMITTED = List.of("Receive", "Admit", "Admitted", "Try");
    /** Reads of the route. They fail open, so they are not repeated, and what they decide no money rests on. */
    private static final Set<String> ADMISSION = Set.of("Admit", "AdmitAgain");

    /** A way through the workflow: the states after Try, and the states within Try that lead there. */
    private record Way(String name, String when, Set<String> via) {
        List<String> path() {
            List<String> path = new ArrayList<>(ADMITTED);
            path.addAll(List.of(name.split(", ")));
            return path;
        }
    }

    private static final List<Way> WAYS = List.of(
            new Way("Claimed, Commit", "paid", Set.of()),
            new Way("Claimed, Abort", "declined by a source or by risk", Set.of("ReadBranch")),
            new Way("Claimed, Answer", "repeated, decided before", Set.of("ReadClaim")),
            new Way("Claimed, CancelOwn, Answer", "repeated, over before; or tried too often", Set.of("ReadClaim")),
            new Way("Claimed, AbortAttempt, CancelOwn, Answer", "another attempt owns the order", Set.of("ReadClaim")),
            new Way("Claimed, Commit, ReadDecision, Answer", "somebody else decided, or the answer was lost", Set.of()),
            new Way("Claimed, Abort, ReadDecision, Answer", "the same", Set.of("ReadBranch")),
            new Way(
                    "Claimed, AbortAttempt, ReadDecision, Answer",
                    "the loser could not be aborted: holds stay, unsettled",
                    Set.of("ReadClaim")),
            new Way("Claimed, Commit, ReadDecision, NothingKnown", "the table does not answer: open", Set.of()),
            new Way("Claimed, Abort, ReadDecision, NothingKnown", "the same", Set.of("ReadBranch")),
            new Way("Claimed, AbortAttempt, ReadDecision, NothingKnown", "the same", Set.of("ReadClaim")),
            new Way("Claimed, NothingKnown", "the claim is unknown: open", Set.of("ReadClaim")),
            new Way("NothingKnown", "Try itself failed: open", Set.of()));

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
            assertThat(catchesAll(task)).as(name).isTrue();
            if (ADMISSION.contains(name)) {
                assertThat(task).as(name).doesNotContainKey("Retry");
                return;
            }
            List<Map<String, Object>> retries = Json.objects(task, "Retry");
            assertThat(retries.getLast().get("ErrorEquals")).as(name).isEqualTo(List.of("States.ALL"));
            assertThat(retries.getLast().get("JitterStrategy")).as(name).isEqualTo("FULL");
        });
        assertThat(catchesAll(STATES.get("CancelOwn"))).isTrue();
    }

    @Test
    void aRefusedConditionIsNeverRepeated() {
        writes().forEach((name, task) -> {
            Map<String, Object> first = Json.objects(task, "Retry").getFirst();
            assertThat(first.get("ErrorEquals")).as(name).isEqualTo(List.of(REFUSED));
            assertThat(first.get("MaxAttempts")).as(name).isEqualTo(0);
            assertThat(object(task, "Arguments").get("ConditionExpression"))
                    .as(name)
                    .isNotNull();
        });
    }

    @Test
    void aConflictBetweenRegionsIsRepeatedMoreOftenThanAFault() {
        writes().forEach((name, task) -> {
            List<Map<String, Object>> retries = Json.objects(task, "Retry");
            Map<String, Object> conflict = retries.get(1);
            assertThat(conflict.get("ErrorEquals")).as(name).isEqualTo(List.of(CONFLICT));
            assertThat(conflict.get("IntervalSeconds")).as(name).isEqualTo(1);
            assertThat(conflict.get("BackoffRate")).as(name).isEqualTo(1);
            assertThat(conflict.get("JitterStrategy")).as(name).isEqualTo("FULL");
            assertThat((Integer) conflict.get("MaxAttempts")).as(name).isGreaterThan((Integer)
                    retries.getLast().get("MaxAttempts"));
        });
    }

    @Test
    void aPaymentsStatusChangesOnlyAsItsLifecycleAllows() {
        Set<List<String>> allowed = Arrays.stream(Lifecycle.values())
                .map(change -> change(change.from().map(Enum::name).orElse(NOWHERE), change.to()))
                .collect(Collectors.toSet());
        Set<List<String>> changes = new LinkedHashSet<>();
        writes().forEach((name, task) -> {
            Map<String, Object> arguments = object(task, "Arguments");
            Map<String, Object> values = object(arguments, "ExpressionAttributeValues");
            List<String> to = statuses((String) arguments.get("UpdateExpression"), values);
            String condition = (String) arguments.get("ConditionExpression");
            List<String> from = new ArrayList<>(statuses(condition, values));
            if (condition.contains("attribute_not_exists(pk)")) {
                from.add(NOWHERE);
            }
            // A status that is set needs a condition on the one before.
            assertThat(from.isEmpty()).as(name).isEqualTo(to.isEmpty());
            to.forEach(after -> from.forEach(before -> changes.add(List.of(before, after))));
        });
        assertThat(allowed).containsAll(changes);
        assertThat(changes)
                .containsExactlyInAnyOrder(
                        change(NOWHERE, PaymentStatus.TRYING),
                        change("CLOSED", PaymentStatus.TRYING),
                        change("TRYING", PaymentStatus.COMMITTED),
                        change("TRYING", PaymentStatus.ABORTED));
    }

    /** A field that is sent and not read is a guard that somebody believes in. */
    @Test
    void everyFieldOfABranchIsRead() {
        Orders.branch(Asked.of(BranchKind.DEBIT, Orders.BALANCE, 1))
                .keySet()
                .forEach(field -> assertThat(text).contains("$states.input." + field));
    }

    @Test
    void everyReadIsStrongButTheFirstOfTheRoute() {
        tasks().forEach((name, task) -> {
            if (task.get("Resource").equals("arn:aws:states:::dynamodb:getItem")) {
                assertThat(object(task, "Arguments").get("ConsistentRead"))
                        .as(name)
                        .isEqualTo(!name.equals("Admit"));
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
        assertThat(tokens)
                .containsExactly(
                        "AccountTable", "ControlTable", "CreditTable", "PaymentTable", "ScoreRiskFunction", "Unit");
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
    void theReadmeBudgetsEveryWayThroughTheWorkflow() throws IOException {
        Budget budget = new Budget(definition);
        List<List<String>> afterTheUsualWay = budget.paths().stream()
                .filter(path -> path.size() > ADMITTED.size()
                        && path.subList(0, ADMITTED.size()).equals(ADMITTED))
                .toList();
        assertThat(WAYS.stream().map(Way::path).toList()).containsExactlyInAnyOrderElementsOf(afterTheUsualWay);

        StringJoiner table = new StringJoiner("\n", "", "\n");
        table.add("| after Try | when | rounds / writes | states | at most | s in conflict | s at most |");
        table.add("|---|---|---|---|---|---|---|");
        for (Way way : WAYS) {
            Cost usual = budget.usual(way.path(), way.via());
            Cost worst = budget.worst(way.path());
            table.add("| %s | %s | %d / %d | %d | %d | %d | %d |"
                    .formatted(
                            way.name(),
                            way.when(),
                            usual.rounds(),
                            usual.writes(),
                            usual.states(),
                            worst.states(),
                            budget.contended(way.path(), way.via()).seconds(),
                            worst.seconds()));
        }
        assertThat(Files.readString(Path.of("README.md"))).contains(table.toString());
    }

    @Test
    void aPaymentIsTriedOrSentElsewhereAndARouteThatCannotBeReadStopsNone() {
        Set<List<String>> waysToTry = new LinkedHashSet<>();
        Set<List<String>> waysElsewhere = new LinkedHashSet<>();
        for (List<String> path : new Budget(definition).paths()) {
            int tried = path.indexOf("Try");
            (tried < 0 ? waysElsewhere : waysToTry).add(tried < 0 ? path : path.subList(1, tried));
        }
        assertThat(waysToTry)
                .containsExactlyInAnyOrder(
                        List.of("Admit"),
                        List.of("Admit", "Admitted"),
                        List.of("Admit", "Admitted", "AdmitAgain"),
                        List.of("Admit", "Admitted", "AdmitAgain", "AdmittedAgain"));
        assertThat(waysElsewhere)
                .containsExactlyInAnyOrder(
                        List.of("Receive", "Admit", "Admitted", "Misrouted"),
                        List.of("Receive", "Admit", "Admitted", "AdmitAgain", "AdmittedAgain", "Misrouted"));
    }

    @Test
    void theReadmeSaysWhatAFurtherSourceAdds() throws IOException {
        Budget holds = new Budget(object(STATES.get("Holds"), "ItemProcessor"));
        Budget cancels = new Budget(object(STATES.get("CancelOwn"), "ItemProcessor"));
        assertThat(Files.readString(Path.of("README.md")))
                .contains("Each further source adds %d states, %d at most; cancelling it %d, %d at most."
                        .formatted(
                                holds.usual().states(),
                                holds.worst().states(),
                                cancels.usual().states(),
                                cancels.worst().states()));
    }

    @Test
    void aPaymentFromOneSourceIsThreeWritesInTwoRounds() {
        Cost paid = new Budget(definition).usual(WAYS.getFirst().path(), Set.of());

        assertThat(paid.rounds()).isEqualTo(2);
        assertThat(paid.writes()).isEqualTo(3);
    }

    /** Faults that last take longer than the workflow has; conflicts alone must never, because they come with load and not with faults. */
    @Test
    void conflictsAloneNeverTimeADecisionOut() {
        Budget budget = new Budget(definition);
        int limit = ((Number) definition.get("TimeoutSeconds")).intValue();
        for (Way way : WAYS) {
            if (Set.of("Commit", "Abort").contains(way.path().getLast())) {
                assertThat(budget.contended(way.path(), way.via()).seconds())
                        .as(way.name())
                        .isLessThan(limit);
            }
        }
    }

    @Test
    void theReadmeIsWhereTheDefinitionSaysAndTellsItsTimeout() throws IOException {
        assertThat((String) definition.get("Comment")).contains("statemachines/README.md");
        assertThat(Files.readString(Path.of("README.md")))
                .contains("ends after " + definition.get("TimeoutSeconds") + " seconds");
    }

    @Test
    void theWorkflowEndsBeforeItsAttemptFallsDue() {
        assertThat(((Number) definition.get("TimeoutSeconds")).intValue()).isLessThan(20);
    }

    private static List<String> statuses(String expression, Map<String, Object> values) {
        return STATUS.matcher(expression)
                .results()
                .map(match -> (String) object(values, match.group(1)).get("S"))
                .toList();
    }

    private static List<String> change(String from, PaymentStatus to) {
        return List.of(from, to.name());
    }

    private static Map<String, Map<String, Object>> writes() {
        Map<String, Map<String, Object>> writes = tasks();
        writes.values().removeIf(task -> !task.get("Resource").equals("arn:aws:states:::dynamodb:updateItem"));
        return writes;
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
