package doubleeleven.cdk;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.cdk.Templates.Resource;
import doubleeleven.cdk.Templates.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every permission is written down twice: in the stacks and in {@code grants.txt}. */
class GrantsTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "grants.txt");
    private static final Path FOUND = Path.of("target", "grants.txt");

    /** Actions that IAM cannot limit to a resource. */
    static final Set<String> WITHOUT_RESOURCE = Set.of(
            "logs:CreateLogDelivery",
            "logs:DeleteLogDelivery",
            "logs:DescribeLogGroups",
            "logs:DescribeResourcePolicies",
            "logs:GetLogDelivery",
            "logs:ListLogDeliveries",
            "logs:PutResourcePolicy",
            "logs:UpdateLogDelivery",
            "xray:GetSamplingRules",
            "xray:GetSamplingTargets",
            "xray:PutTelemetryRecords",
            "xray:PutTraceSegments");

    private static final Set<String> READS = Set.of("BatchGetItem", "GetItem", "Query", "Scan");
    private static final Set<String> WRITES = Set.of("DeleteItem", "PutItem", "UpdateItem");
    private static final Set<String> STREAM_READS =
            Set.of("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams");
    private static final Pattern UNIT_IN_ITS_REGION =
            Pattern.compile("(states|sqs):us-[a-z]+-\\d:(stateMachine:)?double11-rz\\d\\d-[a-z]-");

    private static final Pattern RELEASE_ELSEWHERE =
            Pattern.compile("states:us-[a-z]+-\\d:(?=stateMachine:double11-release)");

    @Test
    void everyRoleMayDoWhatTheTableSaysAndNothingElse() throws IOException {
        SortedMap<String, Set<String>> found = new TreeMap<>();
        for (Templates deployment : Templates.both()) {
            for (Template stack : deployment.stacks()) {
                grants(stack)
                        .forEach((role, grants) -> assertThat(found.computeIfAbsent(role, first -> grants))
                                .as("grants of %s in %s, like those of its peers in other stacks", role, stack.name())
                                .isEqualTo(grants));
            }
        }
        String text = found.entrySet().stream()
                .map(role -> role.getKey() + "\n"
                        + role.getValue().stream()
                                .map(grant -> "  " + grant + "\n")
                                .collect(Collectors.joining()))
                .collect(Collectors.joining("\n"));
        Files.writeString(FOUND, text);

        assertThat(text)
                .as("permissions; a change that is meant is made in %s too (found: %s)", GOLDEN, FOUND)
                .isEqualTo(written());
    }

    @Test
    void onlyTracesAndTheDeliveryOfLogsNameNoResource() {
        for (Templates deployment : Templates.both()) {
            for (Resource role : deployment.all("AWS::IAM::Role")) {
                for (Map<String, Object> statement : statements(role)) {
                    assertThat(texts(statement.get("Action")))
                            .as("%s", role)
                            .noneMatch(action -> action.contains("*"))
                            .allMatch(
                                    action -> !texts(statement.get("Resource")).contains("*")
                                            || WITHOUT_RESOURCE.contains(action));
                    assertThat(statement.get("Effect")).isEqualTo("Allow");
                }
            }
        }
    }

    @Test
    void noPolicyIsAttachedBehindARolesBack() {
        for (Templates deployment : Templates.both()) {
            assertThat(deployment.all("AWS::IAM::Policy")).isEmpty();
            assertThat(deployment.all("AWS::IAM::ManagedPolicy")).isEmpty();
            assertThat(deployment.all("AWS::IAM::Role").stream()
                            .flatMap(role -> role.at("ManagedPolicyArns") instanceof List<?> list
                                    ? list.stream()
                                    : Stream.empty())
                            .map(String::valueOf))
                    .allMatch(arn -> arn.contains("AmazonAPIGatewayPushToCloudWatchLogs"))
                    .hasSize(deployment.regions().size());
        }
    }

    @Test
    void theGatewayReachesEveryColourOfEveryUnitWhereItRuns() {
        for (Templates deployment : Templates.both()) {
            Set<String> expected = new TreeSet<>();
            for (Template unit : deployment.units()) {
                String prefix = unit.name().replace("-unit-", "-");
                expected.add("states:" + unit.region() + ":stateMachine:" + prefix + "-payment-tcc");
                expected.add("states:" + unit.region() + ":stateMachine:" + prefix + "-credit-decision");
                expected.add("sqs:" + unit.region() + ":" + prefix + "-phase-two");
            }
            for (Template region : deployment.regions()) {
                Resource role = region.meantBy(
                                region.function("double11-gateway").at("Role"))
                        .orElseThrow();
                Set<String> reached = statements(role).stream()
                        .flatMap(statement -> resources(region, statement).stream())
                        .filter(arn -> arn.startsWith("states:") || arn.startsWith("sqs:"))
                        .collect(Collectors.toCollection(TreeSet::new));
                assertThat(reached).as(region.name()).isEqualTo(expected);
            }
        }
    }

    /** What else comes to lie in the control table, operators cannot write by hand. */
    @Test
    void operatorsWriteTheirOwnRecordsTheRuleAndItsRoutesInTheControlTableAndNothingElse() {
        for (Templates deployment : Templates.both()) {
            for (Template region : deployment.regions()) {
                Resource role = region.meantBy(
                                region.function("double11-operations").at("Role"))
                        .orElseThrow();
                assertThat(statements(role))
                        .filteredOn(statement -> resources(region, statement).stream()
                                .anyMatch(resource -> resource.endsWith("table/double11-control")))
                        .extracting(statement -> statement.get("Condition"))
                        .containsExactlyInAnyOrder(
                                Map.of("ForAllValues:StringLike", Map.of("dynamodb:LeadingKeys", List.of("AUDIT#*"))),
                                Map.of("ForAllValues:StringLike", Map.of("dynamodb:LeadingKeys", List.of("RELEASE#*"))),
                                Map.of("ForAllValues:StringLike", Map.of("dynamodb:LeadingKeys", List.of("HEALTH"))),
                                Map.of("ForAllValues:StringLike", Map.of("dynamodb:LeadingKeys", List.of("RULE"))),
                                Map.of("ForAllValues:StringLike", Map.of("dynamodb:LeadingKeys", List.of("ROUTE#*"))),
                                Map.of(
                                        "ForAllValues:StringLike",
                                        Map.of("dynamodb:LeadingKeys", List.of("FAILOVER#*"))),
                                Map.of("ForAllValues:StringLike", Map.of("dynamodb:LeadingKeys", List.of("STRESS#*"))));
            }
        }
    }

    /** A release changes a rule and counts payments; it touches no money, and no queue but to see what it gave up. */
    @Test
    void theStepsOfAReleaseWriteTheRuleAndTheirRecordAlone() {
        for (Templates deployment : Templates.both()) {
            for (Template region : deployment.regions()) {
                Resource role = region.meantBy(
                                region.function("double11-release-step").at("Role"))
                        .orElseThrow();
                assertThat(statements(role))
                        .filteredOn(statement -> texts(statement.get("Action")).stream()
                                .anyMatch(action -> WRITES.contains(action.replaceFirst("dynamodb:", ""))))
                        .extracting(statement -> statement.get("Condition"))
                        .containsExactlyInAnyOrder(
                                Map.of("ForAllValues:StringLike", Map.of("dynamodb:LeadingKeys", List.of("RELEASE#*"))),
                                Map.of("ForAllValues:StringLike", Map.of("dynamodb:LeadingKeys", List.of("RULE"))),
                                Map.of("ForAllValues:StringLike", Map.of("dynamodb:LeadingKeys", List.of("ROUTE#*"))));
                assertThat(statements(role).stream()
                                .flatMap(statement -> texts(statement.get("Action")).stream())
                                .filter(action -> action.startsWith("sqs:") || action.startsWith("states:")))
                        .containsOnly("sqs:GetQueueAttributes");
            }
        }
    }

    /** A table under a key of the customer's is useless to a role that may not use the key through it. */
    @Test
    void whoReadsOrWritesATableUnderTheCustomersKeyMayUseTheKeyForThatAndOnlyThroughDynamoDb() {
        int withKey = 0;
        for (Template stack : Templates.ownKeys().stacks()) {
            for (Resource role : stack.all("AWS::IAM::Role")) {
                Set<String> operations = new HashSet<>();
                Set<String> keyActions = new TreeSet<>();
                for (Map<String, Object> statement : statements(role)) {
                    List<String> actions = texts(statement.get("Action"));
                    actions.stream()
                            .filter(action -> action.startsWith("dynamodb:"))
                            .map(action -> action.substring("dynamodb:".length()))
                            .forEach(operations::add);
                    if (actions.stream().anyMatch(action -> action.startsWith("kms:"))) {
                        keyActions.addAll(actions);
                        assertThat(texts(statement.get("Resource")))
                                .containsExactly(Templates.KEY.formatted("us-east-1"));
                        assertThat(statement.get("Condition"))
                                .isEqualTo(Map.of(
                                        "StringEquals", Map.of("kms:ViaService", "dynamodb.us-east-1.amazonaws.com")));
                    }
                }
                operations.remove("DescribeTable");
                boolean readsOnly = Stream.concat(READS.stream(), STREAM_READS.stream())
                        .collect(Collectors.toSet())
                        .containsAll(operations);
                assertThat(keyActions)
                        .as("%s, which does %s", role, operations)
                        .isEqualTo(
                                operations.isEmpty()
                                        ? Set.of()
                                        : readsOnly
                                                ? Set.of("kms:Decrypt", "kms:DescribeKey")
                                                : Set.of(
                                                        "kms:Decrypt",
                                                        "kms:DescribeKey",
                                                        "kms:Encrypt",
                                                        "kms:GenerateDataKey"));
                withKey += operations.isEmpty() ? 0 : 1;
            }
        }
        // Gateway, relay, first rule, operator's key; in each of two colours workflow, risk and five functions, and
        // reconciliation.
        assertThat(withKey).isGreaterThanOrEqualTo(17);
    }

    private static String written() throws IOException {
        return Files.readAllLines(GOLDEN).stream()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.joining("\n", "", "\n"))
                .stripLeading();
    }

    static SortedMap<String, Set<String>> grants(Template stack) {
        SortedMap<String, Set<String>> byRole = new TreeMap<>();
        for (Resource role : stack.all("AWS::IAM::Role")) {
            SortedMap<String, Set<String>> actionsByResource = new TreeMap<>();
            for (Map<String, Object> statement : statements(role)) {
                String condition = statement.containsKey("Condition") ? " if " + statement.get("Condition") : "";
                for (String resource : resources(stack, statement)) {
                    actionsByResource
                            .computeIfAbsent(common(stack, resource) + condition, first -> new TreeSet<>())
                            .addAll(texts(statement.get("Action")));
                }
            }
            Set<String> lines = new TreeSet<>();
            actionsByResource.forEach((resource, actions) -> lines.add(resource + ": " + String.join(", ", actions)));
            byRole.put(common(stack, owner(stack, role)), lines);
        }
        return byRole;
    }

    /** Who acts under a role. */
    static String owner(Template stack, Resource role) {
        return Stream.of("AWS::Lambda::Function", "AWS::StepFunctions::StateMachine")
                .flatMap(type -> stack.all(type).stream())
                .filter(actor -> Stream.of("Role", "RoleArn")
                        .anyMatch(property -> stack.meantBy(actor.at(property))
                                .filter(role::equals)
                                .isPresent()))
                .map(actor -> name(stack, actor))
                .findFirst()
                .orElseGet(() -> "role " + role.id().replaceAll("[0-9A-F]{8}$", ""));
    }

    static List<Map<String, Object>> statements(Resource role) {
        List<Map<String, Object>> statements = new ArrayList<>();
        int policies = role.objects("Policies").size();
        for (int policy = 0; policy < policies; policy++) {
            statements.addAll(role.objects("Policies", policy, "PolicyDocument", "Statement"));
        }
        return statements;
    }

    static List<String> resources(Template stack, Map<String, Object> statement) {
        Object named = statement.get("Resource");
        return (named instanceof List<?> list ? list : List.of(named))
                .stream().map(resource -> resolved(stack, resource)).distinct().toList();
    }

    /** An ARN without what is the same in all of them: its partition and the account. */
    private static String resolved(Template stack, Object expression) {
        if (expression instanceof String text) {
            return text;
        }
        if (expression instanceof Map<?, ?> object && object.get("Fn::Join") instanceof List<?> join) {
            return ((Collection<?>) join.get(1))
                    .stream()
                            .map(part -> part instanceof String text ? text : pseudo(stack, part))
                            .collect(Collectors.joining())
                            .replace("arn:aws:", "")
                            .replace(":ACCOUNT:", ":");
        }
        return stack.meantBy(expression)
                .map(resource -> name(stack, resource))
                .orElseThrow(() -> new AssertionError("not understood: " + expression));
    }

    private static String pseudo(Template stack, Object part) {
        return switch (String.valueOf(((Map<?, ?>) part).get("Ref"))) {
            case "AWS::Partition" -> "aws";
            case "AWS::AccountId" -> "ACCOUNT";
            case "AWS::Region" -> stack.region();
            default -> throw new AssertionError("not understood: " + part);
        };
    }

    private static String name(Template stack, Resource resource) {
        return switch (resource.type()) {
            case "AWS::Lambda::Function" -> "function " + resource.text("FunctionName");
            case "AWS::Lambda::Alias" ->
                name(stack, stack.meantBy(resource.at("FunctionName")).orElseThrow()) + ":" + resource.text("Name");
            case "AWS::StepFunctions::StateMachine" -> "workflow " + resource.text("StateMachineName");
            case "AWS::SQS::Queue" -> "sqs:" + stack.region() + ":" + resource.text("QueueName");
            case "AWS::SNS::Topic" -> "sns:" + stack.region() + ":" + resource.text("TopicName");
            case "AWS::Logs::LogGroup" -> "log group " + resource.text("LogGroupName");
            case "Custom::ReplicaStream" -> "stream of " + resource.text("TableName");
            default -> throw new AssertionError("no name for " + resource);
        };
    }

    /** What is the same in every stack of a kind, once its Region and its unit have no names. */
    private static String common(Template stack, String text) {
        String own = stack.name().startsWith("double11-unit-") ? stack.name().substring("double11-unit-".length()) : "";
        String shared = own.isEmpty()
                ? UNIT_IN_ITS_REGION.matcher(text).replaceAll("$1:{its Region}:$2double11-{every unit}-")
                : text.replace("double11-" + own + "-", "double11-{unit}-");
        return RELEASE_ELSEWHERE
                .matcher(shared.replace(stack.region(), "{Region}"))
                .replaceAll("states:{every other Region}:");
    }

    static List<String> texts(Object value) {
        return (value instanceof List<?> list ? list : List.of(value))
                .stream().map(String::valueOf).toList();
    }
}
