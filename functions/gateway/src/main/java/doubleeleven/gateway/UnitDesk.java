package doubleeleven.gateway;

import doubleeleven.gateway.operations.Publications;
import doubleeleven.gateway.watch.Board;
import doubleeleven.gateway.watch.Board.Start;
import doubleeleven.health.Look;
import doubleeleven.health.Quorum;
import doubleeleven.health.UnitHealth;
import doubleeleven.health.View;
import doubleeleven.routing.Deployed;
import doubleeleven.routing.Feature;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.RuleDocument;
import doubleeleven.routing.Unit;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the units are, for operators: what each Region's watcher saw last, and what that comes to. */
final class UnitDesk {
    private final Publications publications;
    private final Board board;
    private final Deployed deployed;
    private final Clock clock;

    UnitDesk(Publications publications, Board board, Deployed deployed, Clock clock) {
        this.publications = publications;
        this.board = board;
        this.deployed = deployed;
        this.clock = clock;
    }

    Checked<Answer> list(Call call) {
        return Fields.read(call.queryFields(), fields -> call).then(asked -> {
            RoutingRule rule = publications.inForce().rule();
            Board.State state = board.read();
            Instant now = clock.instant();
            Map<String, UnitHealth> health = Quorum.judge(rule, deployed.regions(), state.looks(), now);
            List<Map<String, Object>> units = new ArrayList<>();
            health.values().forEach(each -> units.add(body(rule.unit(each.unit()), each, state.looks(), now)));
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("rule", rule.version());
            body.put(
                    "automaticFailover",
                    rule.switchedOff().contains(Feature.AUTOMATIC_FAILOVER) ? RuleDocument.OFF : RuleDocument.ON);
            body.put("units", units);
            state.last().ifPresent(last -> body.put("lastAutomaticFailover", body(last)));
            return new Checked.Passed<>(Answer.of(200, body));
        });
    }

    private static Map<String, Object> body(Unit unit, UnitHealth health, List<Look> looks, Instant now) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("unit", unit.name());
        body.put("region", unit.region());
        body.put("standby", unit.standby());
        body.put("forbidden", unit.forbidden());
        body.put("health", health.verdict().name());
        body.put(
                "sights",
                looks.stream()
                        .sorted(Comparator.comparing(Look::region))
                        .flatMap(look -> look.views().stream()
                                .filter(view -> view.unit().equals(unit.name()))
                                .map(view -> body(look.region(), view, now)))
                        .toList());
        return body;
    }

    private static Map<String, Object> body(String region, View view, Instant now) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("region", region);
        body.put("colour", view.colour());
        body.put("synthetic", view.synthetic().name());
        body.put("said", view.said());
        body.put("real", view.real().name());
        body.put("at", view.at().toString());
        body.put("fresh", Quorum.isFresh(view, now));
        body.put("failures", view.failures());
        if (view.failingSince() != null) {
            body.put("failingSince", view.failingSince().toString());
        }
        return body;
    }

    private static Map<String, Object> body(Start start) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("unit", start.unit());
        body.put("failover", start.failover());
        body.put("region", start.region());
        body.put("at", start.at().toString());
        body.put("links", Map.of("self", "/operations/units/" + start.unit() + "/failovers/" + start.failover()));
        return body;
    }
}
