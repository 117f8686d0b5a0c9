package doubleeleven.cdk.construct;

import doubleeleven.cdk.construct.Alarms.MetricOf;
import doubleeleven.cdk.topology.FunctionSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.Schedule;
import software.amazon.awscdk.services.events.targets.LambdaFunction;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.EventInvokeConfig;
import software.amazon.awscdk.services.lambda.EventSourceMapping;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.IFunction;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.SnapStartConf;
import software.amazon.awscdk.services.lambda.Tracing;
import software.amazon.awscdk.services.lambda.destinations.SqsDestination;
import software.amazon.awscdk.services.logs.LogGroup;
import software.constructs.Construct;

/** A function with a role, a log group and alarms of its own. */
public final class JavaFunction extends Construct {
    private static final int SQS_BATCH = 10;

    private final Function function;
    private final @Nullable Alias live;

    public JavaFunction(Construct scope, String id, Deployment deployment, FunctionSpec spec) {
        super(scope, id);
        FunctionSettings settings = deployment.topology().functions();
        LogGroup logs = Logs.group(this, deployment, "/aws/lambda/" + spec.name);
        Role role = role(logs, spec);
        function = Function.Builder.create(this, "Function")
                .functionName(spec.name)
                .runtime(Runtime.JAVA_25)
                .architecture("arm64".equals(settings.architecture()) ? Architecture.ARM_64 : Architecture.X86_64)
                .code(Code.fromAsset(
                        deployment.sources().functions(spec.context).toString()))
                .handler(spec.handler)
                .memorySize(Math.min(spec.memoryMegabytes, settings.memoryMegabytesAtMost()))
                .timeout(Duration.seconds(timeoutSeconds(deployment, spec)))
                .environment(environment(deployment, spec))
                .role(role.withoutPolicyUpdates())
                .logGroup(logs)
                .tracing(Tracing.ACTIVE)
                .reservedConcurrentExecutions(spec.reservedConcurrency > 0 ? spec.reservedConcurrency : null)
                .snapStart(spec.snapshot ? SnapStartConf.ON_PUBLISHED_VERSIONS : null)
                .build();
        live = spec.snapshot
                ? Alias.Builder.create(this, "Live")
                        .aliasName("live")
                        .version(function.getCurrentVersion())
                        .build()
                : null;
        if (live != null) {
            Annotations.of(function)
                    .acknowledgeWarning("@aws-cdk/aws-lambda:snapStartRequirePublish", "The alias has one.");
        }
        alarms(deployment, spec);
    }

    /** What callers call. */
    public IFunction target() {
        return live == null ? function : live;
    }

    /** Lets the function consume a queue, in batches of which each message fails or succeeds for itself. */
    public static JavaFunction consumerOf(
            Construct scope, String id, Deployment deployment, FunctionSpec spec, ReliableQueue queue) {
        JavaFunction consumer = new JavaFunction(scope, id, deployment, spec.consumes(queue.arn()));
        EventSourceMapping.Builder.create(consumer, "Queue")
                .target(consumer.target())
                .eventSourceArn(queue.arn())
                .batchSize(SQS_BATCH)
                .maxConcurrency(spec.batchesAtMost > 0 ? spec.batchesAtMost : null)
                .reportBatchItemFailures(true)
                .build();
        return consumer;
    }

    /**
     * Runs the function once in every interval. Nobody waits for such a run, so one that fails, or that never starts, leaves a message
     * in a dead-letter queue of its own.
     *
     * @param retries how often a failed run is tried again before the next one is due
     */
    public static JavaFunction scheduled(
            Construct scope, String id, Deployment deployment, FunctionSpec spec, Duration every, int retries) {
        return scheduled(scope, id, deployment, spec, every, retries, true);
    }

    /**
     * The same, with a schedule that may be switched off: then the function runs when somebody invokes it.
     *
     * @param on whether the schedule runs it
     */
    public static JavaFunction scheduled(
            Construct scope,
            String id,
            Deployment deployment,
            FunctionSpec spec,
            Duration every,
            int retries,
            boolean on) {
        DeadLetters failed = new DeadLetters(
                scope,
                id + "DeadLetters",
                deployment,
                spec.name + "-dlq",
                "then purge them: the next run does the work");
        spec.runsBySchedule().may(Grants.allow("sqs:SendMessage", failed.queue().getQueueArn()));
        JavaFunction function = new JavaFunction(scope, id, deployment, spec);
        EventInvokeConfig.Builder.create(function, "Runs")
                .function(function.function)
                .retryAttempts(retries)
                .onFailure(new SqsDestination(failed.queue()))
                .build();
        Rule.Builder.create(function, "Schedule")
                .schedule(Schedule.rate(every))
                .enabled(on)
                .targets(List.of(LambdaFunction.Builder.create(function.target())
                        .deadLetterQueue(failed.queue())
                        .build()))
                .build();
        return function;
    }

    /** A consumer's timeout as deployed: the base of its queue's visibility. */
    static int consumerTimeoutSeconds(Deployment deployment, int timeoutSeconds) {
        return Math.min(timeoutSeconds, deployment.topology().functions().consumerTimeoutSecondsAtMost());
    }

    private static int timeoutSeconds(Deployment deployment, FunctionSpec spec) {
        return spec.consumer ? consumerTimeoutSeconds(deployment, spec.timeoutSeconds) : spec.timeoutSeconds;
    }

    private static Map<String, String> environment(Deployment deployment, FunctionSpec spec) {
        Map<String, String> environment = new LinkedHashMap<>(spec.environment);
        environment.put("POWERTOOLS_SERVICE_NAME", spec.context);
        environment.put("POWERTOOLS_METRICS_NAMESPACE", deployment.traffic().metrics());
        environment.put("TRAFFIC", deployment.traffic().name());
        return environment;
    }

    private Role role(LogGroup logs, FunctionSpec spec) {
        List<PolicyStatement> statements = new ArrayList<>(spec.grants);
        statements.add(
                Grants.allow(List.of("logs:CreateLogStream", "logs:PutLogEvents"), List.of(logs.getLogGroupArn())));
        statements.add(Grants.trace());
        Role role = Grants.role(this, "lambda.amazonaws.com", statements);
        Nag.accept(role, "AwsSolutions-IAM5", "Resource::*", "X-Ray takes segments without naming a resource.");
        return role;
    }

    private void alarms(Deployment deployment, FunctionSpec spec) {
        String name = spec.name;
        Alarms.create(
                this,
                "Errors",
                deployment,
                name + "-errors",
                "Calls of " + name + " fail: see its log group.",
                MetricOf.sum("AWS/Lambda", "Errors", "FunctionName", name),
                // A schedule makes one call in a period at most: there is no number of them to wait for.
                spec.scheduled ? 1 : deployment.topology().alarms().errors());
        Alarms.create(
                this,
                "Throttles",
                deployment,
                name + "-throttles",
                "Calls of " + name + " are refused: its concurrency, or the account's, is used up.",
                MetricOf.sum("AWS/Lambda", "Throttles", "FunctionName", name),
                spec.scheduled ? 1 : deployment.topology().alarms().throttles());
    }
}
