package doubleeleven.gateway.aws;

import doubleeleven.aws.Json;
import doubleeleven.gateway.operations.Settlements;
import doubleeleven.payment.Payment;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages of operators to phase two, to the payment's unit or else its standby: every unit's workers settle every payment. */
final class SqsSettlements implements Settlements {
    private final RegionalClients clients;
    private final ResourceNames names;
    private final RoutingRule rule;

    SqsSettlements(RegionalClients clients, ResourceNames names, RoutingRule rule) {
        this.clients = clients;
        this.names = names;
        this.rule = rule;
    }

    @Override
    public void ask(Payment payment, @Nullable String trace) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("pk", payment.order().value());
        body.put("attempt", payment.attempt().value());
        body.put("why", "OPERATOR");
        if (trace != null) {
            body.put("trace", trace);
        }
        RuntimeException failed = new IllegalStateException("no unit " + payment.unit() + " is ruled");
        for (Unit unit : inTurn(payment)) {
            String colour = unit.colours().containsKey(payment.colour())
                    ? payment.colour()
                    : unit.colours().firstKey();
            try {
                clients.queues(unit.region())
                        .sendMessage(request -> request.queueUrl(names.phaseTwo(unit.region(), unit.name(), colour))
                                .messageBody(Json.write(body)));
                return;
            } catch (RuntimeException e) {
                failed = e;
            }
        }
        throw failed;
    }

    /** A unit that is ruled no longer has nobody of its own: then any other does. */
    private List<Unit> inTurn(Payment payment) {
        return rule.units().values().stream()
                .filter(unit -> unit.name().equals(payment.unit()))
                .findFirst()
                .map(unit -> List.of(unit, rule.standbyOf(unit)))
                .orElseGet(() -> List.copyOf(rule.units().values()));
    }
}
