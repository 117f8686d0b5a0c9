package doubleeleven.cdk.stack;

import doubleeleven.cdk.construct.Alarms;
import doubleeleven.cdk.construct.Alarms.MetricOf;
import doubleeleven.cdk.construct.Arns;
import doubleeleven.cdk.construct.AslStateMachine;
import doubleeleven.cdk.construct.Binding;
import doubleeleven.cdk.construct.DeadLetters;
import doubleeleven.cdk.construct.Deployment;
import doubleeleven.cdk.construct.FunctionSpec;
import doubleeleven.cdk.construct.Grants;
import doubleeleven.cdk.construct.JavaFunction;
import doubleeleven.cdk.topology.Colour;
import doubleeleven.cdk.topology.Names;
import doubleeleven.cdk.topology.Region;
import doubleeleven.cdk.topology.TopologyFile;
import doubleeleven.cdk.topology.Unit;
import doubleeleven.cdk.topology.WatchSettings;
import doubleeleven.routing.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awscdk.CustomResource;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.kms.Alias;
import software.amazon.awscdk.services.lambda.EventSourceMapping;
import software.amazon.awscdk.services.lambda.StartingPosition;
import software.amazon.awscdk.services.lambda.eventsources.SqsDlq;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.stepfunctions.StateMachineType;
import software.constructs.Construct;

/** What each Region has once: the API, the relay from the payment table's stream to its units, and the operators' functions. */
final class RegionStack extends Stack {
    private static final String GATEWAY = "gateway";
    private static final String RELAY_DEAD_LETTERS = "relay-dlq";
    private static final String UNIT_FAILOVER = "unit-failover";
    private static final String UNIT_FAILBACK = "unit-failback";
    private static final String RELEASE = "release";
    private static final String HEALTH_WATCHER = "health-watcher";
    private static final String STRESS_TEST = "stress-test";
    private static final int RELAY_BATCH = 100;
    private static final int RELAY_RETRIES = 10;

    private final Deployment deployment;
    private final Names names;
    private final Region region;

    RegionStack(Construct scope, String id, StackProps props, Deployment deployment, Region region) {
        super(scope, id, props);
        this.deployment = deployment;
        this.names = deployment.names();
        this.region = region;
        Alarms.topic(this, deployment);
        JavaFunction gateway = gatewayFunction();
        JavaFunction operations = new JavaFunction(this, "Operations", deployment, operations());
        if (deployment.traffic() == Traffic.LIVE) {
            // The one door: what carries a stress test's mark goes on to the shadow's gateway.
            HttpApi api = new HttpApi(this, "Api", deployment, gateway.target(), operations.target());
            deployment
                    .topology()
                    .domain()
                    .ifPresent(domain -> new DoorNames(this, "Door", deployment, domain, api.api()));
        }
        failovers();
        if (deployment.traffic() == Traffic.LIVE) {
            watch();
        }
        relay();
        new JavaFunction(this, "OperatorKey", deployment, operatorKey());
        new JavaFunction(this, "RebuildFeatures", deployment, rebuildFeatures());
        releases();
        if (deployment.shadow().isPresent()) {
            stressTests();
        }
        if (region.primary()) {
            firstRoutingRule();
        }
    }

    private JavaFunction gatewayFunction() {
        FunctionSpec spec = gateway();
        JavaFunction function = new JavaFunction(this, "Gateway", deployment, spec);
        for (Unit unit : deployment.topology().units()) {
            Alarms.create(
                    function,
                    "Failover" + unit.name(),
                    deployment,
                    names.of("failover-" + unit.slug()),
                    "Payments of " + unit.name() + " are served by its standby " + unit.standby()
                            + ": the unit does not answer this Region's gateway.",
                    spec.emits("Failover", "Sum", "unit", unit.name()),
                    deployment.topology().alarms().errors());
        }
        Alarms.create(
                function,
                "FlowRefused",
                deployment,
                names.of("flow-refused"),
                "A unit is asked for more than its limit in the routing rule: new payments are refused at this Region's door.",
                spec.emits("FlowRefused", "Sum", "scope", "UNIT"),
                deployment.topology().alarms().errors());
        return function;
    }

    private FunctionSpec gateway() {
        List<String> payments = stateMachines(UnitStack.PAYMENT_TCC);
        List<String> applications = stateMachines(UnitStack.CREDIT_DECISION);
        FunctionSpec spec = FunctionSpec.named(deployment, names.of(GATEWAY), "gateway", "GatewayHandler")
                .limits(1769, 25)
                .startsFromSnapshot()
                .with("ACCOUNT_TABLE", names.of("account"))
                .with("PAYMENT_TABLE", names.of("payment"))
                .with("CREDIT_TABLE", names.of("credit"))
                .with("CONTROL_TABLE", names.of("control"))
                .with("PLATFORM_TABLE", names.of("platform"))
                .with("TOPOLOGY", TopologyFile.firstRule(deployment.topology()))
                .with("AWS_ACCOUNT", getAccount())
                .with(
                        "HEDGE_MILLISECONDS",
                        Integer.toString(deployment.topology().functions().hedgeMilliseconds()))
                .with(
                        "LOOPBACK_ENDPOINTS",
                        Boolean.toString(deployment.topology().notifications().loopback()))
                .may(table("account", "BatchGetItem", "GetItem", "PutItem", "Query"))
                .may(table("payment", "GetItem"))
                .may(table("credit", "GetItem", "PutItem", "Query"))
                .may(table("platform", "GetItem", "PutItem"))
                .may(Grants.rows(deployment, getRegion(), "platform", "M#*", "DeleteItem"))
                .may(Grants.rows(deployment, getRegion(), "platform", "TALLY#*", "UpdateItem"))
                .may(Grants.rows(deployment, getRegion(), "platform", "TRAFFIC#*", "UpdateItem"))
                .may(table("control", "GetItem"))
                .may(Grants.allow(List.of("states:StartSyncExecution"), payments))
                .may(Grants.allow(List.of("states:StartExecution"), applications))
                .may(Grants.allow(List.of("sqs:SendMessage"), everyPhaseTwoQueue()));
        deployment
                .shadow()
                .map(shadow -> Arns.liveFunction(getRegion(), shadow.names().of(GATEWAY)))
                .ifPresent(shadow ->
                        spec.with("SHADOW_GATEWAY", shadow).may(Grants.allow("lambda:InvokeFunction", shadow)));
        return spec;
    }

    /** Shifts any unit's customers to its other colour. */
    private void releases() {
        JavaFunction steps = new JavaFunction(this, "ReleaseStep", deployment, releaseStep());
        new AslStateMachine(
                this,
                "Release",
                deployment,
                RELEASE,
                names.of(RELEASE),
                StateMachineType.STANDARD,
                "the unit's weights stay as the release left them: eleven releases UNIT, then eleven rule --rollback.",
                Map.of("ReleaseFunction", new Binding.Invoked(steps.target())));
    }

    /** Loads the shadow through the doors, and stops by itself. */
    private void stressTests() {
        JavaFunction steps = new JavaFunction(this, "StressStep", deployment, stressStep());
        JavaFunction load = new JavaFunction(
                this,
                "StressLoad",
                deployment,
                // A client from outside: it has the doors' addresses and their keys from whoever begins, and no rights
                // here.
                FunctionSpec.named(deployment, names.of("stress-load"), "gateway", "StressLoadHandler")
                        .limits(1769, 900));
        new AslStateMachine(
                this,
                "StressTest",
                deployment,
                STRESS_TEST,
                names.of(STRESS_TEST),
                StateMachineType.STANDARD,
                "its test is closed and loads nothing: eleven stress-test show NAME says why.",
                Map.of(
                        "StepFunction", new Binding.Invoked(steps.target()),
                        "LoadFunction", new Binding.Invoked(load.target())));
    }

    private FunctionSpec stressStep() {
        return judging("stress-step", "StressStepHandler")
                .may(Grants.rows(deployment, getRegion(), "control", "STRESS#*", "GetItem", "PutItem", "UpdateItem"))
                .may(Grants.rows(deployment, getRegion(), "control", "RULE", "GetItem"));
    }

    private FunctionSpec releaseStep() {
        return judging("release-step", "ReleaseHandler")
                .may(Grants.rows(deployment, getRegion(), "control", "RELEASE#*", "GetItem", "PutItem"))
                .may(Grants.rows(deployment, getRegion(), "control", "RULE", "GetItem", "PutItem"))
                .may(Grants.rows(deployment, getRegion(), "control", "ROUTE#*", "PutItem"));
    }

    /** What reads how live payments do. */
    private FunctionSpec judging(String name, String handler) {
        List<String> deadLetters = deployment.topology().units().stream()
                .flatMap(unit -> unit.colours().stream()
                        .map(colour -> Arns.queue(unit.region(), names.of(unit, colour, UnitStack.PHASE_TWO + "-dlq"))))
                .toList();
        return FunctionSpec.named(deployment, names.of(name), "gateway", handler)
                .limits(1024, 30)
                .with("ACCOUNT_TABLE", names.of("account"))
                .with("PAYMENT_TABLE", names.of("payment"))
                .with("CREDIT_TABLE", names.of("credit"))
                .with("CONTROL_TABLE", names.of("control"))
                .with("PLATFORM_TABLE", names.of("platform"))
                .with(
                        "REGIONS",
                        deployment.topology().regions().stream()
                                .map(Region::name)
                                .collect(Collectors.joining(",")))
                .with("AWS_ACCOUNT", getAccount())
                .may(Grants.rows(deployment, getRegion(), "platform", "TALLY#*", "BatchGetItem"))
                .may(Grants.index(deployment, getRegion(), "payment", "due", "Query"))
                .may(table("payment", "BatchGetItem"))
                .may(Grants.allow(List.of("sqs:GetQueueAttributes"), deadLetters));
    }

    private List<String> stateMachines(String name) {
        List<String> arns = new ArrayList<>();
        for (Unit unit : deployment.topology().units()) {
            unit.colours().forEach(colour -> arns.add(Arns.stateMachine(unit.region(), names.of(unit, colour, name))));
        }
        return arns;
    }

    private FunctionSpec operations() {
        List<String> queues = new ArrayList<>();
        List<String> finalDeadLetters = new ArrayList<>(List.of(names.of(RELAY_DEAD_LETTERS)));
        if (deployment.traffic() == Traffic.LIVE) {
            finalDeadLetters.add(names.of(HEALTH_WATCHER + "-dlq"));
        }
        // A name for each colour, though one alone reconciles: which one changes with the topology, the role does not.
        Set<String> looked = new TreeSet<>(finalDeadLetters);
        for (Unit unit : region.units()) {
            for (Colour colour : unit.colours()) {
                UnitStack.QUEUES.forEach(queue -> queues.add(names.of(unit, colour, queue)));
                finalDeadLetters.add(names.of(unit, colour, UnitStack.RECOVERY + "-dlq"));
                looked.add(names.of(unit, colour, UnitStack.RECOVERY + "-dlq"));
                looked.add(names.of(unit, colour, UnitStack.RECONCILIATION + "-dlq"));
                looked.add(names.of(unit, colour, UnitStack.CREDIT_DAY + "-dlq"));
                if (UnitStack.goesThroughCredit(unit, colour)) {
                    finalDeadLetters.add(names.of(unit, colour, UnitStack.CREDIT_DAY + "-dlq"));
                }
                if (UnitStack.reconciles(deployment, unit, colour)) {
                    finalDeadLetters.add(names.of(unit, colour, UnitStack.RECONCILIATION + "-dlq"));
                }
            }
        }
        List<String> redriven =
                queues.stream().map(queue -> queueArn(queue + "-dlq")).toList();
        FunctionSpec spec = FunctionSpec.named(deployment, names.of("operations"), "gateway", "OperationsHandler")
                .limits(1769, 25)
                .with("ACCOUNT_TABLE", names.of("account"))
                .with("PAYMENT_TABLE", names.of("payment"))
                .with("CREDIT_TABLE", names.of("credit"))
                .with("CONTROL_TABLE", names.of("control"))
                .with("PLATFORM_TABLE", names.of("platform"))
                .with("TOPOLOGY", TopologyFile.firstRule(deployment.topology()))
                .with("AWS_ACCOUNT", getAccount())
                .with("QUEUES", String.join(",", queues))
                .with("FINAL_DEAD_LETTERS", String.join(",", finalDeadLetters))
                .may(table("account", "GetItem", "UpdateItem"))
                .may(table("credit", "GetItem", "PutItem", "Query"))
                .may(Grants.allow(List.of("states:SendTaskSuccess"), stateMachines(UnitStack.CREDIT_DECISION)))
                .may(Grants.allow(
                        List.of("states:SendTaskSuccess"),
                        deployment.topology().regions().stream()
                                .map(each -> Arns.stateMachine(each.name(), names.of(RELEASE)))
                                .toList()))
                .may(Grants.allow("states:StartExecution", Arns.stateMachine(getRegion(), names.of(RELEASE))))
                .may(Grants.rows(deployment, getRegion(), "control", "RELEASE#*", "GetItem", "PutItem", "Query"))
                .may(table("payment", "BatchGetItem", "GetItem", "UpdateItem"))
                .may(Grants.index(deployment, getRegion(), "payment", "due", "Query"))
                .may(table("platform", "GetItem"))
                .may(Grants.rows(deployment, getRegion(), "control", "AUDIT#*", "PutItem", "Query", "UpdateItem"))
                .may(Grants.rows(deployment, getRegion(), "control", "RULE", "GetItem", "PutItem", "Query"))
                .may(Grants.rows(deployment, getRegion(), "control", "ROUTE#*", "PutItem"))
                .may(Grants.rows(deployment, getRegion(), "control", "FAILOVER#*", "GetItem", "PutItem", "Query"))
                .may(Grants.rows(deployment, getRegion(), "control", "HEALTH", "Query"))
                .may(Grants.rows(deployment, getRegion(), "control", "STRESS#*", "GetItem", "PutItem", "UpdateItem"))
                .may(Grants.allow(
                        List.of("states:StartExecution"),
                        Stream.of(UNIT_FAILOVER, UNIT_FAILBACK)
                                .map(workflow -> Arns.stateMachine(region.name(), names.of(workflow)))
                                .toList()))
                .may(Grants.allow(List.of("sqs:SendMessage"), everyPhaseTwoQueue()))
                .may(Grants.allow(
                        List.of("sqs:SendMessage"),
                        queues.stream()
                                .filter(queue -> !queue.endsWith(UnitStack.PHASE_TWO))
                                .map(this::queueArn)
                                .toList()))
                .may(Grants.allow(
                        List.of(
                                "sqs:ChangeMessageVisibility",
                                "sqs:DeleteMessage",
                                "sqs:GetQueueAttributes",
                                "sqs:ListMessageMoveTasks",
                                "sqs:ReceiveMessage",
                                "sqs:StartMessageMoveTask"),
                        redriven))
                .may(Grants.allow(
                        List.of("sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
                        looked.stream().map(this::queueArn).toList()));
        if (deployment.shadow().isPresent()) {
            spec.with("DOOR_HOSTS", String.join(",", doorHosts()))
                    .may(Grants.allow("states:StartExecution", Arns.stateMachine(getRegion(), names.of(STRESS_TEST))));
        }
        return spec;
    }

    /** Nothing but doors of this platform is ever loaded. */
    private List<String> doorHosts() {
        Stream<String> own =
                deployment.topology().regions().stream().map(each -> ".execute-api." + each.name() + ".amazonaws.com");
        Stream<String> named = deployment.topology().domain().stream()
                .flatMap(domain -> Stream.concat(
                        Stream.of(domain.name()),
                        deployment.topology().regions().stream().map(each -> domain.nameIn(each.name()))));
        return Stream.concat(own, named).toList();
    }

    /** In every Region, so that one is there whichever is lost. */
    private void failovers() {
        JavaFunction steps = new JavaFunction(this, "Failover", deployment, failover());
        for (String workflow : List.of(UNIT_FAILOVER, UNIT_FAILBACK)) {
            new AslStateMachine(
                    this,
                    UNIT_FAILOVER.equals(workflow) ? "UnitFailover" : "UnitFailback",
                    deployment,
                    workflow,
                    names.of(workflow),
                    StateMachineType.STANDARD,
                    "the rule in force holds as it is: see eleven failovers UNIT, mend the cause, start another one.",
                    Map.of("FailoverFunction", new Binding.Invoked(steps.target())));
        }
    }

    private FunctionSpec failover() {
        return FunctionSpec.named(deployment, names.of("failover"), "gateway", "FailoverHandler")
                .limits(1024, 120)
                .with("PAYMENT_TABLE", names.of("payment"))
                .with("CONTROL_TABLE", names.of("control"))
                .with("AWS_ACCOUNT", getAccount())
                .may(Grants.index(deployment, getRegion(), "payment", "due", "Query"))
                .may(Grants.rows(deployment, getRegion(), "control", "RULE", "GetItem", "PutItem", "Query"))
                .may(Grants.rows(deployment, getRegion(), "control", "ROUTE#*", "PutItem"))
                .may(Grants.rows(deployment, getRegion(), "control", "FAILOVER#*", "PutItem", "Query"))
                .may(Grants.allow(List.of("states:StartSyncExecution"), stateMachines(UnitStack.PAYMENT_TCC)));
    }

    /** In every Region, so that enough of them see what becomes of any one. */
    private void watch() {
        WatchSettings settings = deployment.topology().watch();
        FunctionSpec spec = healthWatcher(settings);
        // The next run comes within a minute, so a failed one is not repeated.
        JavaFunction function = JavaFunction.scheduled(
                this, "HealthWatcher", deployment, spec, Duration.minutes(1), 0, settings.isScheduled());
        if (settings.isScheduled()) {
            Alarms.createForSilence(
                    function,
                    "Silent",
                    deployment,
                    names.of("health-watcher-silent"),
                    "This Region does not see the units, so it has no voice when one is down: two Regions must see it to take it out. See the function's log group.",
                    spec.emits("Watched", "Sum"));
        }
        for (Unit unit : deployment.topology().units()) {
            Alarms.create(
                    function,
                    "Down" + unit.name(),
                    deployment,
                    names.of("unit-down-" + unit.slug()),
                    unit.name() + " is down, as the other Regions see it: eleven health, eleven failovers "
                            + unit.name() + ".",
                    spec.emits("UnitDown", "Sum", "unit", unit.name()),
                    1);
            Alarms.create(
                    function,
                    "Withheld" + unit.name(),
                    deployment,
                    names.of("failover-withheld-" + unit.slug()),
                    unit.name()
                            + " is down and is not taken out of service by itself: the function's log group says why. Somebody must decide: eleven failover "
                            + unit.name() + ".",
                    spec.emits("FailoverWithheld", "Sum", "unit", unit.name()),
                    1);
        }
    }

    private FunctionSpec healthWatcher(WatchSettings settings) {
        return FunctionSpec.named(deployment, names.of(HEALTH_WATCHER), "gateway", "HealthWatcherHandler")
                .limits(1024, 90)
                .with("CONTROL_TABLE", names.of("control"))
                .with("PLATFORM_TABLE", names.of("platform"))
                .with("TOPOLOGY", TopologyFile.firstRule(deployment.topology()))
                .with("AWS_ACCOUNT", getAccount())
                .with("LOOK_EVERY_SECONDS", Integer.toString(settings.everySeconds()))
                .with("PATIENCE_MILLISECONDS", Integer.toString(settings.patienceMilliseconds()))
                .may(Grants.rows(deployment, getRegion(), "control", "RULE", "GetItem"))
                .may(Grants.rows(deployment, getRegion(), "control", "HEALTH", "PutItem", "Query"))
                .may(Grants.rows(deployment, getRegion(), "control", "FAILOVER#*", "GetItem", "PutItem", "Query"))
                .may(Grants.rows(deployment, getRegion(), "platform", "TRAFFIC#*", "GetItem"))
                .may(Grants.allow(List.of("states:StartSyncExecution"), stateMachines(UnitStack.PAYMENT_TCC)))
                .may(Grants.allow("states:StartExecution", Arns.stateMachine(region.name(), names.of(UNIT_FAILOVER))));
    }

    private List<String> everyPhaseTwoQueue() {
        return deployment.topology().units().stream()
                .flatMap(unit -> unit.colours().stream()
                        .map(colour -> Arns.queue(unit.region(), names.of(unit, colour, UnitStack.PHASE_TWO))))
                .toList();
    }

    private String queueArn(String name) {
        return Arns.queue(region.name(), name);
    }

    private void relay() {
        Topic decided = Topic.Builder.create(this, "Decided")
                .topicName(names.of("decided"))
                .enforceSsl(true)
                .masterKey(Alias.fromAliasName(this, "TopicKey", "alias/aws/sns"))
                .build();
        DeadLetters deadLetters = new DeadLetters(
                this,
                "RelayDeadLetters",
                deployment,
                names.of(RELAY_DEAD_LETTERS),
                "then purge them: recovery finishes the payments they tell of, eleven rebuild-features remembers them for risk");
        String stream = paymentStream();
        JavaFunction relay = new JavaFunction(
                this,
                "Relay",
                deployment,
                FunctionSpec.named(deployment, names.of("relay"), "payment", "RelayHandler")
                        .limits(512, 30)
                        .with("DECIDED_TOPIC_ARN", decided.getTopicArn())
                        .may(Grants.allow("sns:Publish", decided.getTopicArn()))
                        .may(Grants.allow("sqs:SendMessage", deadLetters.queue().getQueueArn()))
                        .may(Grants.stream(deployment, getRegion(), stream)));
        EventSourceMapping.Builder.create(relay, "Stream")
                .target(relay.target())
                .eventSourceArn(stream)
                // What was decided before the relay was there is relayed too; phase two does nothing twice.
                .startingPosition(StartingPosition.TRIM_HORIZON)
                .batchSize(RELAY_BATCH)
                .parallelizationFactor(deployment.topology().functions().streamReadersPerShard())
                .bisectBatchOnError(true)
                .reportBatchItemFailures(true)
                .retryAttempts(RELAY_RETRIES)
                .onFailure(new SqsDlq(deadLetters.queue()))
                .filters(List.of(Map.of("pattern", RelayFilter.of(region))))
                .build();
        Alarms.create(
                relay,
                "Age",
                deployment,
                names.of("relay-age"),
                "The relay lags behind the payment table's stream; recovery finishes payments meanwhile, more slowly.",
                MetricOf.maximum("AWS/Lambda", "IteratorAge", "FunctionName", names.of("relay")),
                1000 * deployment.topology().alarms().oldestMessageSeconds());
    }

    /** Each replica has a stream of its own, whose ARN only the Region itself knows. */
    private String paymentStream() {
        JavaFunction lookup = new JavaFunction(
                this,
                "ReplicaStream",
                deployment,
                FunctionSpec.named(deployment, names.of("replica-stream"), "setup", "ReplicaStreamHandler")
                        .limits(512, 60)
                        .may(table("payment", "DescribeTable")));
        return CustomResource.Builder.create(lookup, "PaymentStream")
                .resourceType("Custom::ReplicaStream")
                .serviceToken(lookup.target().getFunctionArn())
                .properties(Map.of("TableName", names.of("payment")))
                .build()
                .getAttString("StreamArn");
    }

    private void firstRoutingRule() {
        JavaFunction publisher = new JavaFunction(
                this,
                "RoutingRule",
                deployment,
                FunctionSpec.named(deployment, names.of("routing-rule"), "setup", "RoutingRuleHandler")
                        .limits(512, 60)
                        .with("CONTROL_TABLE", names.of("control"))
                        .may(table("control", "PutItem")));
        CustomResource.Builder.create(publisher, "FirstRule")
                .resourceType("Custom::RoutingRule")
                .serviceToken(publisher.target().getFunctionArn())
                .properties(Map.of("Document", TopologyFile.firstRule(deployment.topology())))
                .build();
    }

    private FunctionSpec operatorKey() {
        return FunctionSpec.named(deployment, names.of("operator-key"), "setup", "OperatorKeyHandler")
                .limits(512, 30)
                .with("PLATFORM_TABLE", names.of("platform"))
                .may(table("platform", "PutItem", "UpdateItem"));
    }

    private FunctionSpec rebuildFeatures() {
        return FunctionSpec.named(deployment, names.of("rebuild-features"), "risk", "RebuildFeaturesHandler")
                .limits(1024, 60)
                .with("PAYMENT_TABLE", names.of("payment"))
                .with("FEATURE_TABLE", names.of("feature"))
                .may(table("payment", "Scan"))
                .may(table("feature", "UpdateItem"));
    }

    private List<PolicyStatement> table(String table, String... operations) {
        return Grants.table(deployment, getRegion(), table, operations);
    }

    /** Lets only this Region's decided payments through: every replica's stream shows the writes of all Regions. */
    private static final class RelayFilter {
        private RelayFilter() {}

        static String of(Region region) {
            String units = region.units().stream()
                    .map(unit -> "\"" + unit.name() + "\"")
                    .collect(Collectors.joining(","));
            return "{\"eventName\":[\"INSERT\",\"MODIFY\"],\"dynamodb\":{\"NewImage\":{\"unit\":{\"S\":[" + units
                    + "]},\"status\":{\"S\":[\"COMMITTED\",\"ABORTED\"]}}}}";
        }
    }
}
