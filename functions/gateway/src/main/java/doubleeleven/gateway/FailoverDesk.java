package doubleeleven.gateway;

import doubleeleven.gateway.failover.Failover;
import doubleeleven.gateway.failover.Failover.Direction;
import doubleeleven.gateway.failover.FailoverRecords;
import doubleeleven.gateway.failover.FailoverWorkflows;
import doubleeleven.gateway.failover.Failovers;
import doubleeleven.gateway.operations.Publications;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.ShardRange;
import doubleeleven.routing.Takeover;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Taking units out of service and bringing them back, for operators. */
final class FailoverDesk {
    private final Publications publications;
    private final FailoverRecords records;
    private final FailoverWorkflows workflows;
    private final String region;
    private final OperatorJournal journal;
    private final Clock clock;

    FailoverDesk(
            Publications publications,
            FailoverRecords records,
            FailoverWorkflows workflows,
            String region,
            Journal journal,
            Clock clock) {
        this.publications = publications;
        this.records = records;
        this.workflows = workflows;
        this.region = region;
        this.journal = new OperatorJournal(journal);
        this.clock = clock;
    }

    /** What is asked for. */
    record Wish(Direction direction, String reason) {
        static Checked<Wish> read(Map<String, @Nullable Object> json) {
            return Fields.read(
                    json,
                    fields -> new Wish(
                            Direction.valueOf(
                                    fields.choice("direction", List.of(Direction.AWAY.name(), Direction.BACK.name()))),
                            fields.text("reason", Text.REASON)));
        }
    }

    Checked<Answer> start(Call call) {
        return Wish.read(call.body()).then(wish -> {
            RoutingRule rule = publications.inForce().rule();
            String unit = call.variable("unit");
            if (!rule.units().containsKey(unit)) {
                return new Checked.Refused<>(Problem.notFound());
            }
            Optional<Problem> objection = objection(rule, unit, wish.direction());
            return objection
                    .<Checked<Answer>>map(Checked.Refused::new)
                    .orElseGet(() -> started(call, wish, unit, rule));
        });
    }

    private static Optional<Problem> objection(RoutingRule rule, String unit, Direction direction) {
        return switch (direction) {
            case AWAY ->
                Takeover.begin(rule, unit).isPresent()
                        ? Optional.empty()
                        : Optional.of(Problem.of(
                                ProblemType.DECISION_NOT_SAFE,
                                "Some unit would be left without a standby: too few of them serve."));
            case BACK ->
                rule.unit(unit).forbidden()
                        ? Optional.empty()
                        : Optional.of(Problem.of(
                                ProblemType.NOTHING_TO_DO, unit + " serves its customers by the rule in force."));
        };
    }

    private Checked<Answer> started(Call call, Wish wish, String unit, RoutingRule rule) {
        Failover failover = Failovers.begin(
                unit, wish.direction(), call.caller().keyId(), wish.reason(), region, rule, clock.instant());
        records.put(failover);
        if (!workflows.start(failover)) {
            records.put(Failovers.notStarted(failover, clock.instant()));
            return new Checked.Refused<>(Problem.of(
                            ProblemType.WORKFLOW_UNREACHABLE,
                            "Nothing was changed. Make the same call again, here or in another Region.")
                    .retrySoon());
        }
        journal.acted(call, "FAILOVER_" + wish.direction(), Map.of("unit", unit, "failover", failover.id()));
        return new Checked.Passed<>(Answer.of(202, body(failover)));
    }

    Checked<Answer> list(Call call) {
        return OperationsRequests.Some.read(call.queryFields())
                .then(some -> new Checked.Passed<>(Answer.of(
                        200,
                        Map.of(
                                "failovers",
                                records.latest(call.variable("unit"), some.limit()).stream()
                                        .map(FailoverDesk::body)
                                        .toList()))));
    }

    Checked<Answer> show(Call call) {
        return records.find(call.variable("unit"), call.variable("failover"))
                .<Checked<Answer>>map(found -> new Checked.Passed<>(Answer.of(200, body(found))))
                .orElseGet(() -> new Checked.Refused<>(Problem.notFound()));
    }

    private static Map<String, Object> body(Failover failover) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", failover.id());
        body.put("unit", failover.unit());
        body.put("direction", failover.direction().name());
        body.put("state", failover.state().name());
        body.put("begunAt", failover.begunAt().toString());
        body.put("by", failover.by());
        body.put("reason", failover.reason());
        body.put("region", failover.region());
        body.put("shards", failover.shards().stream().map(ShardRange::toString).toList());
        body.put("wards", List.copyOf(failover.wards()));
        body.put(
                "notes",
                failover.notes().stream()
                        .map(note -> Map.of(
                                "at", note.at().toString(), "step", note.step().name(), "text", note.text()))
                        .toList());
        body.put("links", Map.of("self", "/operations/units/" + failover.unit() + "/failovers/" + failover.id()));
        return body;
    }
}
