package doubleeleven.gateway;

import doubleeleven.gateway.failover.FailoverRecords;
import doubleeleven.gateway.failover.FailoverWorkflows;
import doubleeleven.gateway.operations.Books;
import doubleeleven.gateway.operations.CreditLines;
import doubleeleven.gateway.operations.DeadLetterQueue;
import doubleeleven.gateway.operations.DeadLetters;
import doubleeleven.gateway.operations.Interventions;
import doubleeleven.gateway.operations.OpenPayments;
import doubleeleven.gateway.operations.Publications;
import doubleeleven.gateway.operations.Queues;
import doubleeleven.gateway.operations.RedriveRecord;
import doubleeleven.gateway.operations.Reviews;
import doubleeleven.gateway.operations.RuleHistory;
import doubleeleven.gateway.operations.Settlements;
import doubleeleven.gateway.release.Releases;
import doubleeleven.gateway.release.Workflows;
import doubleeleven.gateway.stress.RunWorkflows;
import doubleeleven.gateway.stress.Runs;
import doubleeleven.gateway.watch.Board;
import doubleeleven.routing.Deployed;
import doubleeleven.routing.Traffic;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * What only operators call: open payments and what is done about them, dead letters, credit lines, the routing rule, units, failovers,
 * releases, stress tests.
 */
public final class Operations {
    private final Door door;
    private final RandomGenerator random;

    /**
     * Everything operations need from outside.
     *
     * @param region where this runs
     * @param isDoor whether an address is that of a door of ours: nothing else is loaded
     * @param traffic whose payments these are
     * @param deployed every unit there is
     * @param deadLetters those of this Region
     */
    public record Ports(
            Keys keys,
            Books books,
            Settlements settlements,
            Queues queues,
            RedriveRecord.Store redrives,
            CreditLines lines,
            Reviews reviews,
            RuleHistory rules,
            FailoverRecords failovers,
            FailoverWorkflows failoverWorkflows,
            Board board,
            Releases releases,
            Workflows releaseWorkflows,
            StressTests stressTests,
            Runs stressRuns,
            RunWorkflows stressWorkflows,
            Predicate<String> isDoor,
            String region,
            Traffic traffic,
            Deployed deployed,
            List<DeadLetterQueue> deadLetters,
            Journal journal,
            RandomGenerator random,
            Clock clock) {}

    public Operations(Ports ports) {
        Clock clock = ports.clock();
        OperationsDesk payments = new OperationsDesk(
                new OpenPayments(ports.books(), clock),
                new Interventions(ports.books(), ports.settlements(), ports.traffic(), clock),
                List.copyOf(ports.deployed().units().keySet()),
                ports.journal(),
                clock);
        DeadLetterDesk letters = new DeadLetterDesk(
                new DeadLetters(ports.deadLetters(), ports.queues(), ports.books(), ports.redrives(), clock),
                ports.journal());
        LineDesk lines = new LineDesk(ports.lines(), ports.journal(), clock);
        ReviewDesk reviews = new ReviewDesk(ports.reviews(), ports.journal());
        Publications publications = new Publications(ports.rules());
        RuleDesk rules = new RuleDesk(publications, ports.deployed(), ports.journal(), clock);
        FailoverDesk failovers = new FailoverDesk(
                publications, ports.failovers(), ports.failoverWorkflows(), ports.region(), ports.journal(), clock);
        UnitDesk units = new UnitDesk(publications, ports.board(), ports.deployed(), clock);
        ReleaseDesk releases = new ReleaseDesk(
                ports.releases(),
                ports.releaseWorkflows(),
                publications,
                ports.deployed(),
                ports.journal(),
                ports.random(),
                clock);
        Map<Route, Function<Call, Checked<Answer>>> desks = new EnumMap<>(Route.class);
        desks.put(Route.OPEN_PAYMENTS, payments::list);
        desks.put(Route.EXPLAIN, payments::explain);
        desks.put(Route.RETRY, payments::retry);
        desks.put(Route.DECIDE, payments::decide);
        desks.put(Route.DEAD_LETTERS, letters::list);
        desks.put(Route.PREVIEW, letters::preview);
        desks.put(Route.REDRIVE, letters::redrive);
        desks.put(Route.REVIEWS, reviews::list);
        desks.put(Route.REVIEW, reviews::decide);
        desks.put(Route.CHANGE_LIMIT, lines::changeLimit);
        desks.put(Route.FREEZE_LINE, lines::freeze);
        desks.put(Route.THAW_LINE, lines::thaw);
        desks.put(Route.CLOSE_LINE, lines::close);
        desks.put(Route.RULE, rules::current);
        desks.put(Route.PUBLISH_RULE, rules::publish);
        desks.put(Route.RULE_VERSIONS, rules::list);
        desks.put(Route.RULE_VERSION, rules::show);
        desks.put(Route.RULE_DIFF, rules::diff);
        desks.put(Route.ROLL_BACK_RULE, rules::rollBack);
        desks.put(Route.SPREAD_RULE, rules::spread);
        desks.put(Route.UNITS, units::list);
        desks.put(Route.FAIL_OVER, failovers::start);
        desks.put(Route.FAILOVERS, failovers::list);
        desks.put(Route.FAILOVER, failovers::show);
        desks.put(Route.BEGIN_RELEASE, releases::begin);
        desks.put(Route.RELEASES, releases::list);
        desks.put(Route.RELEASE, releases::show);
        desks.put(Route.DECIDE_RELEASE, releases::decide);
        StressTestDesk stressTests =
                new StressTestDesk(ports.stressTests(), ports.stressRuns(), ports.journal(), clock);
        desks.put(Route.ADMIT_STRESS_TEST, stressTests::admit);
        desks.put(Route.STRESS_TEST, stressTests::show);
        desks.put(Route.STOP_STRESS_TEST, stressTests::stop);
        if (ports.traffic() == Traffic.LIVE) {
            // The shadow is what is loaded: who answers for live traffic says whether.
            StressRunDesk stressRuns = new StressRunDesk(
                    ports.stressTests(),
                    ports.stressRuns(),
                    ports.stressWorkflows(),
                    ports.isDoor(),
                    ports.region(),
                    ports.journal(),
                    clock);
            desks.put(Route.RUN_STRESS_TEST, stressRuns::begin);
        }
        this.random = ports.random();
        // Metrics of their own: an operator's look at a thousand payments is no caller's latency.
        this.door = new Door(
                desks,
                Map.of(),
                new Authenticator(ports.keys(), clock),
                ports.journal(),
                ports.random(),
                clock,
                "Operator");
    }

    public Answer answer(Request request) {
        return Crossing.refusalOfMarked(request, random).orElseGet(() -> door.answer(request));
    }
}
