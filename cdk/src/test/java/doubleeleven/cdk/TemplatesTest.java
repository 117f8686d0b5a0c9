package doubleeleven.cdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.cdk.construct.Deployment;
import doubleeleven.cdk.construct.ProjectSources;
import doubleeleven.cdk.stack.Stacks;
import doubleeleven.cdk.topology.TopologyFile;
import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.assertions.Annotations;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Template;

class TemplatesTest {
    private static List<Stack> production;
    private static List<Stack> sandbox;

    @BeforeAll
    static void synthesise() {
        production = stacks("production");
        sandbox = stacks("sandbox");
    }

    @Test
    void moneyLiesInTablesWithStrongConsistencyOverThreeRegions() {
        List<String> strong = resources(production, "AWS::DynamoDB::GlobalTable").stream()
                .filter(table -> "STRONG".equals(properties(table).get("MultiRegionConsistency")))
                .peek(table ->
                        assertThat((List<?>) properties(table).get("Replicas")).hasSize(3))
                .map(table -> (String) properties(table).get("TableName"))
                .toList();

        assertThat(strong).containsExactlyInAnyOrder("double11-account", "double11-payment", "double11-control");
    }

    @Test
    void everyFunctionRunsJava25UnderARoleOfItsOwn() {
        for (List<Stack> stacks : List.of(production, sandbox)) {
            List<Map<String, Object>> functions = resources(stacks, "AWS::Lambda::Function");
            assertThat(functions)
                    .isNotEmpty()
                    .allSatisfy(function ->
                            assertThat(properties(function).get("Runtime")).isEqualTo("java25"));
        }
        for (Stack stack : production) {
            List<Object> roles = resources(List.of(stack), "AWS::Lambda::Function").stream()
                    .map(function -> properties(function).get("Role"))
                    .toList();
            assertThat(roles).doesNotHaveDuplicates();
        }
    }

    @Test
    void noPolicyAllowsEveryActionOfAService() {
        for (Map<String, Object> role : resources(production, "AWS::IAM::Role")) {
            assertThat(String.valueOf(properties(role).get("Policies")))
                    .doesNotContain(":*,")
                    .doesNotContain("Action=*");
        }
    }

    @Test
    void everyQueueThatIsReadHasADeadLetterQueueWithAnAlarm() {
        for (Stack stack : production) {
            List<Map<String, Object>> queues = resources(List.of(stack), "AWS::SQS::Queue");
            long dead = queues.stream()
                    .filter(queue -> name(queue).endsWith("-dlq"))
                    .count();
            long read = queues.stream()
                    .filter(queue -> !name(queue).endsWith("-dlq"))
                    .count();
            assertThat(queues.stream()
                            .filter(queue -> !name(queue).endsWith("-dlq"))
                            .filter(queue -> !properties(queue).containsKey("RedrivePolicy")))
                    .isEmpty();
            assertThat(dead).isGreaterThanOrEqualTo(read);
            assertThat(resources(List.of(stack), "AWS::CloudWatch::Alarm").stream()
                            .filter(alarm -> "ApproximateNumberOfMessagesVisible"
                                    .equals(properties(alarm).get("MetricName"))))
                    .hasSizeGreaterThanOrEqualTo(Math.toIntExact(dead));
        }
    }

    @Test
    void openPaymentsAreIndexedByTheirDueTime() {
        Template.fromStack(production.getFirst())
                .hasResourceProperties(
                        "AWS::DynamoDB::GlobalTable",
                        Match.objectLike(Map.of(
                                "TableName",
                                "double11-payment",
                                "GlobalSecondaryIndexes",
                                Match.arrayWith(List.of(Match.objectLike(Map.of("IndexName", "due")))))));
    }

    @Test
    void aWorkflowIsExpressTracedAndOnePerUnitAndColour() {
        assertThat(resources(sandbox, "AWS::StepFunctions::StateMachine"))
                .hasSize(4)
                .allSatisfy(machine -> {
                    assertThat(properties(machine).get("StateMachineType")).isEqualTo("EXPRESS");
                    assertThat(properties(machine).get("TracingConfiguration")).isEqualTo(Map.of("Enabled", true));
                });
    }

    @Test
    void aTopologyThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> stacks("moon")).isInstanceOf(RuntimeException.class);
    }

    @Test
    void theSolutionsRulesFindNothingThatIsNotArgued() {
        for (Stack stack : production) {
            Aspects.of(stack).add(new AwsSolutionsChecks());
        }
        for (Stack stack : production) {
            Annotations.fromStack(stack).hasNoError("*", Match.stringLikeRegexp("AwsSolutions-.*"));
        }
    }

    private static List<Stack> stacks(String topology) {
        App app = new App();
        Stacks.create(
                app,
                new Deployment(
                        TopologyFile.read(Path.of("topologies", topology + ".json")),
                        new ProjectSources(Path.of(".."))),
                Optional.empty());
        return app.getNode().getChildren().stream()
                .filter(Stack.class::isInstance)
                .map(Stack.class::cast)
                .toList();
    }

    private static List<Map<String, Object>> resources(List<Stack> stacks, String type) {
        List<Map<String, Object>> found = new ArrayList<>();
        stacks.forEach(stack -> found.addAll(
                Template.fromStack(stack).findResources(type).values().stream().toList()));
        return found;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> properties(Map<String, Object> resource) {
        return (Map<String, Object>) resource.getOrDefault("Properties", Map.of());
    }

    private static String name(Map<String, Object> queue) {
        return String.valueOf(properties(queue).get("QueueName"));
    }
}
