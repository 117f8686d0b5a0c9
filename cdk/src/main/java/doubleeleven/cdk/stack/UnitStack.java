package doubleeleven.cdk.stack;

import doubleeleven.cdk.construct.Alarms;
import doubleeleven.cdk.construct.Alarms.MetricOf;
import doubleeleven.cdk.construct.Arns;
import doubleeleven.cdk.construct.AslStateMachine;
import doubleeleven.cdk.construct.Binding;
import doubleeleven.cdk.construct.Deployment;
import doubleeleven.cdk.construct.FunctionSpec;
import doubleeleven.cdk.construct.Grants;
import doubleeleven.cdk.construct.JavaFunction;
import doubleeleven.cdk.construct.ReliableQueue;
import doubleeleven.cdk.topology.Colour;
import doubleeleven.cdk.topology.Names;
import doubleeleven.cdk.topology.NotificationSettings;
import doubleeleven.cdk.topology.TopologyFile;
import doubleeleven.cdk.topology.Unit;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.sns.ITopic;
import software.amazon.awscdk.services.sns.StringConditions;
import software.amazon.awscdk.services.sns.SubscriptionFilter;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.stepfunctions.StateMachineType;
import software.constructs.Construct;

/** One colour of a unit: the payment workflow and the functions and queues that finish what it decided. */
final class UnitStack extends Stack {
    static final String PAYMENT_TCC = "payment-tcc";
    static final String CREDIT_DECISION = "credit-decision";
    static final String CREDIT_DAY = "credit-day";
    static final String PHASE_TWO = "phase-two";
    static final String RECONCILIATION = "reconciliation";
    static final String RECOVERY = "recovery";
    private static final String POSTING = "posting";
    private static final String FEATURES = "features";
    private static final String NOTIFICATIONS = "notifications";
    /** Queues whose dead letters can be redriven. */
    static final List<String> QUEUES = List.of(PHASE_TWO, POSTING, FEATURES, NOTIFICATIONS);
    /** Recovery finishes a payment within a minute, wherever it was left. */
    private static final int OPEN_MILLISECONDS = 60_000;

    private static final int DEGRADED_PERCENT = 1;
    private static final int RECONCILIATION_RETRIES = 2;

    private final Deployment deployment;
    private final Names names;
    private final Unit unit;
    private final Colour colour;
    private final ReliableQueue phaseTwo;
    private final ReliableQueue posting;
    private final ReliableQueue notifications;

    UnitStack(Construct scope, String id, StackProps props, Deployment deployment, Unit unit, Colour colour) {
        super(scope, id, props);
        this.deployment = deployment;
        this.names = deployment.names();
        this.unit = unit;
        this.colour = colour;
        ITopic decided = Topic.fromTopicArn(this, "Decided", Arns.topic(unit.region(), names.of("decided")));
        phaseTwo = new ReliableQueue(this, "PhaseTwoQueue", deployment, name(PHASE_TWO), 30)
                .subscribe(decided, mine())
                .alarmOnAge(deployment);
        posting = new ReliableQueue(this, "PostingQueue", deployment, name(POSTING), 30).alarmOnAge(deployment);
        ReliableQueue features = new ReliableQueue(this, "FeaturesQueue", deployment, name(FEATURES), 30)
                .subscribe(decided, mineCommitted())
                .alarmOnAge(deployment);
        // What a merchant does not take is sent again as a new message, each of which waits for a quarter of an hour at
        // most.
        notifications = new ReliableQueue(this, "NotificationsQueue", deployment, name(NOTIFICATIONS), 30)
                .subscribe(decided, mine())
                .alarmOnAge(deployment, NotificationSettings.LONGEST_DELAY_SECONDS);
        JavaFunction scoreRisk = riskBranch();
        new AslStateMachine(
                this,
                "PaymentTcc",
                deployment,
                PAYMENT_TCC,
                name(PAYMENT_TCC),
                StateMachineType.EXPRESS,
                "recovery settles their payments.",
                Map.of(
                        "AccountTable", new Binding.Table("account"),
                        "PaymentTable", new Binding.Table("payment"),
                        "CreditTable", new Binding.Table("credit"),
                        "ControlTable", new Binding.Rows("control", "ROUTE#*"),
                        "Unit", new Binding.Text(unit.name()),
                        "ScoreRiskFunction", new Binding.Invoked(scoreRisk.target())));
        finishPayments();
        JavaFunction.consumerOf(this, "Posting", deployment, posting(), posting);
        JavaFunction.consumerOf(this, "Features", deployment, features(), features);
        JavaFunction.consumerOf(this, "Notifications", deployment, notifications(), notifications);
        recoverPayments();
        decideOnCredit();
        if (goesThroughCredit(unit, colour)) {
            goThroughCredit();
        }
        if (reconciles(deployment, unit, colour)) {
            reconcile();
        }
    }

    private void decideOnCredit() {
        JavaFunction assess = new JavaFunction(this, "AssessCredit", deployment, assessCredit());
        JavaFunction applications = new JavaFunction(this, "Applications", deployment, applications());
        new AslStateMachine(
                this,
                "CreditDecision",
                deployment,
                CREDIT_DECISION,
                name(CREDIT_DECISION),
                StateMachineType.STANDARD,
                "their applications stay undecided: see the execution, mend the cause, redrive it.",
                Map.of(
                        "AssessFunction", new Binding.Invoked(assess.target()),
                        "ApplicationsFunction", new Binding.Invoked(applications.target())));
    }

    private void goThroughCredit() {
        JavaFunction plan = new JavaFunction(
                this,
                "CreditPlan",
                deployment,
                function("credit-plan", "credit", "CreditDayHandler")
                        .with("CONTROL_TABLE", names.of("control"))
                        .may(Grants.rows(deployment, getRegion(), "control", "RULE", "GetItem")));
        JavaFunction billing = new JavaFunction(
                this,
                "Billing",
                deployment,
                credit("billing", "BillingHandler").may(table("credit", "GetItem", "PutItem", "Query", "UpdateItem")));
        JavaFunction overdue = new JavaFunction(
                this,
                "Overdue",
                deployment,
                credit("overdue", "OverdueHandler")
                        .may(table("account", "GetItem", "UpdateItem"))
                        .may(table("credit", "Query", "UpdateItem")));
        new AslStateMachine(
                        this,
                        "CreditDay",
                        deployment,
                        CREDIT_DAY,
                        name(CREDIT_DAY),
                        StateMachineType.STANDARD,
                        "the next day's run does what is left; start it by hand if it must not wait.",
                        Map.of(
                                "PlanFunction", new Binding.Invoked(plan.target()),
                                "BillingFunction", new Binding.Invoked(billing.target()),
                                "OverdueFunction", new Binding.Invoked(overdue.target())))
                .runDaily(deployment, 0, 30);
    }

    /** One colour of a unit does it: its shards are the unit's, whichever colour their customers see. */
    static boolean goesThroughCredit(Unit unit, Colour colour) {
        return colour.equals(unit.colours().getFirst());
    }

    private FunctionSpec applications() {
        return function("applications", "credit", "ApplicationsHandler")
                .with("ACCOUNT_TABLE", names.of("account"))
                .with("CREDIT_TABLE", names.of("credit"))
                .may(table("account", "GetItem", "PutItem", "UpdateItem"))
                .may(table("credit", "DeleteItem", "GetItem", "PutItem", "UpdateItem"));
    }

    private FunctionSpec credit(String part, String handler) {
        return function(part, "credit", handler)
                .limits(1024, 900)
                .with("ACCOUNT_TABLE", names.of("account"))
                .with("CREDIT_TABLE", names.of("credit"));
    }

    private JavaFunction riskBranch() {
        FunctionSpec spec = scoreRisk();
        JavaFunction function = new JavaFunction(this, "ScoreRisk", deployment, spec);
        Alarms.createForShare(
                function,
                "Degraded",
                deployment,
                name("risk-degraded"),
                "Payments are decided without the payer's features: the feature table is slow or out of reach.",
                spec.emits("RiskDegraded", "Sum"),
                spec.emits("RiskDecision", "SampleCount"),
                DEGRADED_PERCENT);
        return function;
    }

    private void finishPayments() {
        FunctionSpec spec = phaseTwo();
        JavaFunction function = JavaFunction.consumerOf(this, "PhaseTwo", deployment, spec, phaseTwo);
        Alarms.create(
                function,
                "HoldMissing",
                deployment,
                name("hold-missing"),
                "A committed payment has neither its hold nor a trace of it: the money of that account is not as it was promised. "
                        + "Nothing was guessed; the message goes to the dead-letter queue.",
                spec.emits("HoldMissing", "Sum"),
                1);
    }

    private void recoverPayments() {
        FunctionSpec spec = recovery();
        // The next run comes within a minute, so a failed one is not repeated.
        JavaFunction function = JavaFunction.scheduled(this, "Recovery", deployment, spec, Duration.minutes(1), 0);
        Alarms.createForSilence(
                function,
                "Silent",
                deployment,
                name("recovery-silent"),
                "Recovery does not run: payments that are in doubt stay so until another unit's recovery finds them.",
                MetricOf.sum("AWS/Lambda", "Invocations", "FunctionName", name(RECOVERY)));
        Alarms.create(
                function,
                "OldestOpenPayment",
                deployment,
                name("oldest-open-payment"),
                "A payment is open for longer than a minute since its claim, in spite of recovery: phase two is down, too slow or refuses it. "
                        + "List open payments, the oldest first: eleven payments; see what one waits for and what may be done: eleven payment ID.",
                spec.emits("OldestOpenPayment", "Maximum"),
                OPEN_MILLISECONDS);
        Alarms.create(
                function,
                "RecoveryFailed",
                deployment,
                name("recovery-failed"),
                "Recovery cannot read or drive some payment and goes on with the others: see its log group. "
                        + "eleven payments --stuck shows which; eleven payment ID what is wrong with it.",
                spec.emits("RecoveryFailed", "Sum"),
                deployment.topology().alarms().errors());
        Alarms.create(
                function,
                "PruneFailed",
                deployment,
                name("prune-failed"),
                "Tombstones are not pruned, so account items grow: see the log groups of recovery and phase two.",
                spec.emits("PruneFailed", "Sum"),
                deployment.topology().alarms().errors());
    }

    private void reconcile() {
        FunctionSpec spec = reconciliation();
        JavaFunction function = JavaFunction.scheduled(
                this, "Reconciliation", deployment, spec, Duration.days(1), RECONCILIATION_RETRIES);
        Alarms.createForDailyMetric(
                function,
                "OverdueHolds",
                deployment,
                name("overdue-holds"),
                "Reconciliation found holds past their time that nothing else had settled; it has asked phase two to.",
                spec.emits("OverdueHolds", "Sum"),
                1);
        Alarms.createForDailyMetric(
                function,
                "UnpostedEntries",
                deployment,
                name("unposted-entries"),
                "Reconciliation found entries that were never posted; it has asked posting to.",
                spec.emits("UnpostedEntries", "Sum"),
                1);
        Alarms.createForDailyMetric(
                function,
                "ReconciliationFailed",
                deployment,
                name("reconciliation-failed"),
                "Reconciliation could not read some items and went on with the others: see its log group.",
                spec.emits("ReconciliationFailed", "Sum"),
                1);
    }

    /** The books are one, so one colour of one unit goes through them. */
    static boolean reconciles(Deployment deployment, Unit unit, Colour colour) {
        List<Unit> units = deployment
                .topology()
                .region(deployment.topology().primaryRegion())
                .units();
        return unit.equals(units.getFirst()) && colour.equals(unit.colours().getFirst());
    }

    private FunctionSpec scoreRisk() {
        return function("score-risk", "risk", "ScoreRiskHandler")
                .limits(1769, 3)
                .startsFromSnapshot()
                .with("FEATURE_TABLE", names.of("feature"))
                .with(
                        "FEATURE_READ_MILLISECONDS",
                        Integer.toString(deployment.topology().functions().featureReadMilliseconds()))
                .with("RISK_DEADLINE_MILLISECONDS", riskDeadline())
                .may(table("feature", "Query"));
    }

    private FunctionSpec assessCredit() {
        return function("assess-credit", "risk", "AssessCreditHandler")
                .limits(1769, 30)
                .with("RISK_DEADLINE_MILLISECONDS", riskDeadline());
    }

    private String riskDeadline() {
        return Integer.toString(deployment.topology().functions().riskDeadlineMilliseconds());
    }

    private FunctionSpec features() {
        return function(FEATURES, "risk", "FeaturesHandler")
                .with("FEATURE_TABLE", names.of("feature"))
                .may(table("feature", "UpdateItem"));
    }

    private FunctionSpec notifications() {
        NotificationSettings settings = deployment.topology().notifications();
        return function(NOTIFICATIONS, "notification", "NotificationsHandler")
                .worksOnAtMost(settings.concurrency())
                .with("PLATFORM_TABLE", names.of("platform"))
                .with("CONTROL_TABLE", names.of("control"))
                .with("NOTIFICATIONS_QUEUE_URL", notifications.url())
                .with("NOTIFICATIONS_HELD_SECONDS", Integer.toString(settings.heldSeconds()))
                .with("NOTIFICATIONS_TRIED_HOURS", Integer.toString(settings.triedHours()))
                .with("LOOPBACK_ENDPOINTS", Boolean.toString(settings.loopback()))
                .may(Grants.rows(deployment, getRegion(), "platform", "M#*", "GetItem"))
                .may(Grants.rows(deployment, getRegion(), "control", "RULE", "GetItem"))
                .may(Grants.allow("sqs:SendMessage", notifications.arn()));
    }

    private FunctionSpec phaseTwo() {
        return function(PHASE_TWO, "payment", "PhaseTwoHandler")
                .limits(1024, 30)
                // What floods the doors must not take the executions that finish what was decided.
                .keeps(deployment.topology().phaseTwoConcurrency(unit))
                .with("ACCOUNT_TABLE", names.of("account"))
                .with("PAYMENT_TABLE", names.of("payment"))
                .with("CREDIT_TABLE", names.of("credit"))
                .with("POSTING_QUEUE_URL", posting.url())
                .may(table("account", "PutItem", "UpdateItem"))
                .may(table("payment", "GetItem", "UpdateItem"))
                .may(table("credit", "PutItem", "UpdateItem"))
                .may(Grants.allow("sqs:SendMessage", posting.arn()));
    }

    private FunctionSpec recovery() {
        return function(RECOVERY, "payment", "RecoveryHandler")
                .limits(512, 60)
                .with("PAYMENT_TABLE", names.of("payment"))
                .with("TOPOLOGY", TopologyFile.firstRule(deployment.topology()))
                .with("PHASE_TWO_QUEUE_URL", phaseTwo.url())
                .with("NOTIFICATIONS_QUEUE_URL", notifications.url())
                .may(table("payment", "GetItem", "UpdateItem"))
                .may(Grants.index(deployment, getRegion(), "payment", "due", "Query"))
                .may(Grants.allow("sqs:SendMessage", phaseTwo.arn(), notifications.arn()));
    }

    private FunctionSpec posting() {
        return function(POSTING, "ledger", "PostingHandler")
                .with("ACCOUNT_TABLE", names.of("account"))
                .may(table("account", "GetItem", "Query", "UpdateItem"));
    }

    private FunctionSpec reconciliation() {
        return function(RECONCILIATION, "ledger", "ReconciliationHandler")
                .limits(1024, 900)
                .with("ACCOUNT_TABLE", names.of("account"))
                .with("PAYMENT_TABLE", names.of("payment"))
                .with("CREDIT_TABLE", names.of("credit"))
                .with("PHASE_TWO_QUEUE_URL", phaseTwo.url())
                .with("POSTING_QUEUE_URL", posting.url())
                // It keeps how far it got beside the accounts.
                .may(table("account", "GetItem", "PutItem", "Scan"))
                .may(table("payment", "GetItem", "Scan"))
                .may(table("credit", "Scan"))
                .may(Grants.allow("sqs:SendMessage", phaseTwo.arn(), posting.arn()));
    }

    private FunctionSpec function(String part, String context, String handler) {
        return FunctionSpec.named(deployment, name(part), context, handler)
                .with("UNIT", unit.name())
                .with("COLOUR", colour.name());
    }

    private Map<String, SubscriptionFilter> mine() {
        return Map.of("unit", exactly(unit.name()), "colour", exactly(colour.name()));
    }

    private Map<String, SubscriptionFilter> mineCommitted() {
        return Map.of("unit", exactly(unit.name()), "colour", exactly(colour.name()), "status", exactly("COMMITTED"));
    }

    private static SubscriptionFilter exactly(String value) {
        return SubscriptionFilter.stringFilter(
                StringConditions.builder().allowlist(List.of(value)).build());
    }

    private String name(String part) {
        return names.of(unit, colour, part);
    }

    private List<PolicyStatement> table(String table, String... operations) {
        return Grants.table(deployment, getRegion(), table, operations);
    }
}
