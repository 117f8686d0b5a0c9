package doubleeleven.cdk.construct;

import doubleeleven.cdk.construct.Alarms.MetricOf;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.events.CronOptions;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.Schedule;
import software.amazon.awscdk.services.events.targets.SfnStateMachine;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.stepfunctions.DefinitionBody;
import software.amazon.awscdk.services.stepfunctions.LogLevel;
import software.amazon.awscdk.services.stepfunctions.LogOptions;
import software.amazon.awscdk.services.stepfunctions.StateMachine;
import software.amazon.awscdk.services.stepfunctions.StateMachineType;
import software.constructs.Construct;

/**
 * A state machine from a definition under {@code statemachines/}. Its tokens and the values here must match exactly, and its
 * role may do what its tasks do, read from the definition itself, and nothing else.
 */
public final class AslStateMachine extends Construct {
    private final String name;
    private final StateMachine machine;

    /**
     * Deploys a definition.
     *
     * @param unfinished who goes on where an execution failed or ran out of time, for those whom its alarms call
     */
    public AslStateMachine(
            Construct scope,
            String id,
            Deployment deployment,
            String file,
            String name,
            StateMachineType type,
            String unfinished,
            Map<String, Binding> bindings) {
        super(scope, id);
        this.name = name;
        Asl asl = Asl.parse(deployment.sources().stateMachine(file));
        asl.requireBound(bindings.keySet());
        LogGroup logs = Logs.group(this, deployment, "/aws/vendedlogs/states/" + name);
        Role role = role(deployment, asl, bindings);
        machine = StateMachine.Builder.create(this, "StateMachine")
                .stateMachineName(name)
                .stateMachineType(type)
                .definitionBody(DefinitionBody.fromString(asl.text()))
                .definitionSubstitutions(substitutions(deployment, bindings))
                .role(role.withoutPolicyUpdates())
                // Inputs name payers and amounts: they stay out of the logs.
                .logs(LogOptions.builder()
                        .destination(logs)
                        .level(LogLevel.ERROR)
                        .includeExecutionData(false)
                        .build())
                .tracingEnabled(true)
                .build();
        Nag.accept(
                this.getNode().findChild("StateMachine"),
                "AwsSolutions-SF1",
                "Errors only: the items are the journal, and logging every step of every payment costs more than the payment.");
        alarms(deployment, unfinished);
    }

    /** Starts it every day at that time, UTC. A start that does not succeed leaves a message in a dead-letter queue of its own. */
    public void runDaily(Deployment deployment, int hour, int minute) {
        DeadLetters failed = new DeadLetters(
                this, "DeadLetters", deployment, name + "-dlq", "then purge them: the next day's run does the work");
        String arn = Arns.stateMachine(Stack.of(this).getRegion(), name);
        Role role = Grants.role(
                new Construct(this, "Daily"),
                "events.amazonaws.com",
                List.of(Grants.allow("states:StartExecution", arn)));
        Rule.Builder.create(this, "Schedule")
                .schedule(Schedule.cron(CronOptions.builder()
                        .hour(Integer.toString(hour))
                        .minute(Integer.toString(minute))
                        .build()))
                .targets(List.of(SfnStateMachine.Builder.create(machine)
                        .role(role.withoutPolicyUpdates())
                        .deadLetterQueue(failed.queue())
                        .build()))
                .build();
    }

    private Role role(Deployment deployment, Asl asl, Map<String, Binding> bindings) {
        String region = Stack.of(this).getRegion();
        List<PolicyStatement> statements = new ArrayList<>();
        bindings.forEach((token, binding) -> {
            NavigableSet<String> actions = asl.actions().getOrDefault(token, new TreeSet<>());
            if (actions.isEmpty()) {
                return;
            }
            switch (binding) {
                case Binding.Table(String table) ->
                    statements.addAll(Grants.table(deployment, region, table, operations(actions)));
                case Binding.Rows(String table, String partitions) ->
                    statements.addAll(Grants.rows(deployment, region, table, partitions, operations(actions)));
                case Binding.Text _ -> throw new IllegalArgumentException("a task calls the text of " + token);
                case Binding.Invoked(var function) ->
                    statements.add(Grants.allow(List.copyOf(actions), List.of(function.getFunctionArn())));
            }
        });
        if (asl.isDistributed()) {
            statements.add(Grants.allow("states:StartExecution", Arns.stateMachine(region, name)));
        }
        statements.add(Grants.allow(
                List.of(
                        "logs:CreateLogDelivery",
                        "logs:GetLogDelivery",
                        "logs:UpdateLogDelivery",
                        "logs:DeleteLogDelivery",
                        "logs:ListLogDeliveries",
                        "logs:PutResourcePolicy",
                        "logs:DescribeResourcePolicies",
                        "logs:DescribeLogGroups"),
                List.of("*")));
        statements.add(Grants.trace("xray:GetSamplingRules", "xray:GetSamplingTargets"));
        Role role = Grants.role(this, "states.amazonaws.com", statements);
        Nag.accept(
                role,
                "AwsSolutions-IAM5",
                "Resource::*",
                "Neither X-Ray nor the delivery of a state machine's logs can be limited to a resource.");
        return role;
    }

    private static String[] operations(NavigableSet<String> actions) {
        return actions.stream()
                .map(action -> action.substring("dynamodb:".length()))
                .toArray(String[]::new);
    }

    private static Map<String, String> substitutions(Deployment deployment, Map<String, Binding> bindings) {
        Map<String, String> values = new LinkedHashMap<>();
        bindings.forEach((token, binding) -> values.put(
                token,
                switch (binding) {
                    case Binding.Table(String table) -> deployment.names().of(table);
                    case Binding.Rows rows -> deployment.names().of(rows.table());
                    case Binding.Text(String text) -> text;
                    case Binding.Invoked(var function) -> function.getFunctionArn();
                }));
        return values;
    }

    private void alarms(Deployment deployment, String unfinished) {
        String arn = Arns.stateMachine(Stack.of(this).getRegion(), name);
        Alarms.create(
                this,
                "Failed",
                deployment,
                name + "-failed",
                "Executions of " + name + " end with an error that the definition does not catch; " + unfinished,
                MetricOf.sum("AWS/States", "ExecutionsFailed", "StateMachineArn", arn),
                deployment.topology().alarms().errors());
        Alarms.create(
                this,
                "TimedOut",
                deployment,
                name + "-timed-out",
                "Executions of " + name + " exceed their time; " + unfinished,
                MetricOf.sum("AWS/States", "ExecutionsTimedOut", "StateMachineArn", arn),
                deployment.topology().alarms().errors());
    }
}
