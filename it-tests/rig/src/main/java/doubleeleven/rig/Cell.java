package doubleeleven.rig;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Host;
import doubleeleven.credit.aws.ApplicationsHandler;
import doubleeleven.credit.aws.BillingHandler;
import doubleeleven.credit.aws.CreditDayHandler;
import doubleeleven.credit.aws.OverdueHandler;
import doubleeleven.ledger.aws.PostingHandler;
import doubleeleven.ledger.aws.ReconciliationHandler;
import doubleeleven.notification.aws.NotificationsHandler;
import doubleeleven.payment.aws.PhaseTwoHandler;
import doubleeleven.payment.aws.RecoveryHandler;
import doubleeleven.risk.aws.AssessCreditHandler;
import doubleeleven.risk.aws.FeaturesHandler;
import doubleeleven.risk.aws.ScoreRiskHandler;
import doubleeleven.testkit.asl.PaymentTcc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One colour of one unit: its workflows, its queues with their consumers, its scheduled functions. */
final class Cell {
    static final String PHASE_TWO = "phase-two";
    static final String POSTING = "posting";
    static final String FEATURES = "features";
    static final String NOTIFICATIONS = "notifications";

    private static final String PAYMENT_TCC = "payment-tcc";
    private static final int CONSUMER_SECONDS = 30;
    /** So little that recovery sweeps once and leaves the pause to whoever calls it. */
    private static final Duration ONE_SWEEP = Duration.ofMillis(13_900);

    private final Hosting hosting;
    private final Topology.Unit unit;
    private final String colour;
    private final Place place;
    private final List<Source> sources = new ArrayList<>();
    private final StandardWorkflow decision;
    private final @Nullable StandardWorkflow creditDay;
    private final Function recovery;
    private final Function reconciliation;

    Cell(Hosting hosting, Topology.Unit unit, String colour) {
        this.hosting = hosting;
        this.unit = unit;
        this.colour = colour;
        this.place = Place.ofCell(hosting.traffic(), unit, colour);
        addQueues();
        addPaymentTcc();
        this.decision = hosting.workflow(
                place,
                Workflows.CREDIT_DECISION,
                Map.of(
                        Workflows.ASSESS,
                        function(Workflows.ASSESS, 30, "risk", AssessCreditHandler::new),
                        Workflows.APPLICATIONS,
                        function(Workflows.APPLICATIONS, 30, "credit", ApplicationsHandler::new)));
        sources.add(decision);
        this.creditDay = colour.equals(unit.colours().getFirst()) ? addCreditDay() : null;
        this.recovery = function("recovery", 60, "payment", RecoveryHandler::new);
        this.reconciliation = function("reconciliation", 900, "ledger", ReconciliationHandler::new);
    }

    private void addQueues() {
        Topics topics = hosting.services().topics();
        Queue phaseTwo = queue(PHASE_TWO, PhaseTwoHandler::new, "payment");
        queue(POSTING, PostingHandler::new, "ledger");
        Queue features = queue(FEATURES, FeaturesHandler::new, "risk");
        Queue notifications = queue(
                NOTIFICATIONS,
                host -> new NotificationsHandler(host, hosting.services().inboxes()),
                "notification");
        topics.subscribe(place.decidedTopicArn(), notifications, Map.of("unit", unit.name(), "colour", colour));
        topics.subscribe(place.decidedTopicArn(), phaseTwo, Map.of("unit", unit.name(), "colour", colour));
        topics.subscribe(
                place.decidedTopicArn(),
                features,
                Map.of("unit", unit.name(), "colour", colour, "status", "COMMITTED"));
    }

    private Queue queue(String part, java.util.function.Function<Host, RequestStreamHandler> handler, String context) {
        Topology.Limits limits = hosting.topology().limits();
        Course course = hosting.course();
        int seconds = Math.min(CONSUMER_SECONDS, limits.consumerTimeoutSecondsAtMost());
        int index = sources.size();
        Queue queue = new Queue(
                place.part(part),
                Duration.ofSeconds((long) limits.visibilityTimesTimeout() * seconds),
                limits.maxReceiveCount(),
                () -> course.passage(place.part(part)),
                course.clock()::instant,
                at -> course.arrived(sources.get(index), at));
        sources.add(new QueueSource(queue, unit.region(), function(part, seconds, context, handler)));
        hosting.services().queues().add(place.queueUrl(part), queue);
        return queue;
    }

    private void addPaymentTcc() {
        hosting.services()
                .workflows()
                .addPaymentTcc(
                        place.stateMachineArn(PAYMENT_TCC),
                        unit.name(),
                        hosting.deployed(
                                place,
                                PAYMENT_TCC,
                                Map.of(
                                        PaymentTcc.SCORE_RISK,
                                        function(PaymentTcc.SCORE_RISK, 3, "risk", ScoreRiskHandler::new))));
    }

    private StandardWorkflow addCreditDay() {
        StandardWorkflow day = hosting.workflow(
                place,
                Workflows.CREDIT_DAY,
                Map.of(
                        Workflows.PLAN,
                        function(Workflows.PLAN, 30, "credit", CreditDayHandler::new),
                        Workflows.BILLING,
                        function(Workflows.BILLING, 900, "credit", BillingHandler::new),
                        Workflows.OVERDUE,
                        function(Workflows.OVERDUE, 900, "credit", OverdueHandler::new)));
        sources.add(day);
        return day;
    }

    private Function function(
            String part, int seconds, String context, java.util.function.Function<Host, RequestStreamHandler> handler) {
        Topology.Limits limits = hosting.topology().limits();
        Map<String, String> more = new HashMap<>(Map.of(
                "UNIT", unit.name(),
                "COLOUR", colour,
                "PHASE_TWO_QUEUE_URL", place.queueUrl(PHASE_TWO),
                "POSTING_QUEUE_URL", place.queueUrl(POSTING),
                "NOTIFICATIONS_QUEUE_URL", place.queueUrl(NOTIFICATIONS),
                "NOTIFICATIONS_HELD_SECONDS", Integer.toString(limits.notificationsHeldSeconds()),
                "NOTIFICATIONS_TRIED_HOURS", Integer.toString(limits.notificationsTriedHours()),
                "FEATURE_READ_MILLISECONDS", Integer.toString(limits.featureReadMilliseconds()),
                "RISK_DEADLINE_MILLISECONDS", Integer.toString(limits.riskDeadlineMilliseconds())));
        // A call runs as a part of the function's course, and one that the function dies of ends the function.
        more.put("RISK_THREADS", "0");
        if (hosting.course().isOneAtATime()) {
            more.put("RECOVERY_WORKERS", "1");
            more.put("NOTIFICATION_WORKERS", "1");
        }
        return hosting.function(place, part, seconds, context, more, handler);
    }

    /** Such as {@code RZ01-a}. */
    String name() {
        return place.name();
    }

    String region() {
        return place.region();
    }

    /** What delivers by itself. */
    List<Source> sources() {
        return Collections.unmodifiableList(sources);
    }

    /** Decisions on applications for credit. */
    StandardWorkflow decision() {
        return decision;
    }

    /** The unit's days of credit, which one of its colours carries out. */
    Optional<StandardWorkflow> creditDay() {
        return Optional.ofNullable(creditDay);
    }

    String unit() {
        return unit.name();
    }

    /** One sweep of recovery. */
    void recover() {
        recovery.invoke("{}".getBytes(UTF_8), ONE_SWEEP);
    }

    byte[] reconcile() {
        return reconciliation.invoke("{}".getBytes(UTF_8));
    }
}
