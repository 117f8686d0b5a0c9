package doubleeleven.cdk.construct;

import doubleeleven.cdk.construct.Alarms.MetricOf;
import doubleeleven.cdk.topology.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import software.amazon.awscdk.Stack;
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
 * An Express state machine from a definition under {@code statemachines/}. Its tokens and the values here must match exactly, and its
 * role may do what its tasks do, read from the definition itself, and nothing else.
 */
public final class AslStateMachine extends Construct {
    public AslStateMachine(
            Construct scope,
            String id,
            Deployment deployment,
            String file,
            String name,
            Map<String, Binding> bindings) {
        super(scope, id);
        Asl asl = Asl.parse(deployment.sources().stateMachine(file));
        asl.requireBound(bindings.keySet());
        LogGroup logs = Logs.group(this, deployment, "/aws/vendedlogs/states/" + name);
        Role role = role(deployment, asl, bindings);
        StateMachine.Builder.create(this, "StateMachine")
                .stateMachineName(name)
                .stateMachineType(StateMachineType.EXPRESS)
                .definitionBody(DefinitionBody.fromString(asl.text()))
                .definitionSubstitutions(substitutions(bindings))
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
                "Errors only: the payment item is the journal, and logging every step of every payment costs more than the payment.");
        alarms(deployment, name);
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
                    statements.addAll(Grants.table(
                            deployment,
                            region,
                            table,
                            actions.stream()
                                    .map(action -> action.substring("dynamodb:".length()))
                                    .toArray(String[]::new)));
                case Binding.Invoked(var function) ->
                    statements.add(Grants.allow(List.copyOf(actions), List.of(function.getFunctionArn())));
            }
        });
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

    private static Map<String, String> substitutions(Map<String, Binding> bindings) {
        Map<String, String> values = new LinkedHashMap<>();
        bindings.forEach((token, binding) -> values.put(
                token,
                switch (binding) {
                    case Binding.Table(String table) -> Names.of(table);
                    case Binding.Invoked(var function) -> function.getFunctionArn();
                }));
        return values;
    }

    private void alarms(Deployment deployment, String name) {
        String arn = Arns.stateMachine(Stack.of(this).getRegion(), name);
        Alarms.create(
                this,
                "Failed",
                deployment,
                name + "-failed",
                "Executions of " + name
                        + " end with an error that the definition does not catch; recovery settles their payments.",
                MetricOf.sum("AWS/States", "ExecutionsFailed", "StateMachineArn", arn),
                deployment.topology().alarms().errors());
        Alarms.create(
                this,
                "TimedOut",
                deployment,
                name + "-timed-out",
                "Executions of " + name + " exceed their time; recovery settles their payments.",
                MetricOf.sum("AWS/States", "ExecutionsTimedOut", "StateMachineArn", arn),
                deployment.topology().alarms().errors());
    }
}
