package doubleeleven.payment.aws;

import doubleeleven.aws.Environment;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.routing.RoutingRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Whose open payments this unit looks at, and how long it leaves them to those nearer: its own at once, those of the units it stands by
 * for later, and every other unit's last.
 */
record SweepPlan(List<Look> looks) {
    static final Duration WARDS = Duration.ofSeconds(10);
    static final Duration OTHERS = Duration.ofSeconds(25);

    /** One unit's payments, left alone until they are overdue by so much. */
    record Look(String unit, Duration patience) {}

    SweepPlan {
        looks = List.copyOf(looks);
    }

    /** From the units named in the environment: {@code TOPOLOGY} is the rule document the deployment was made with. */
    static SweepPlan of(Environment environment) {
        return of(environment.require("UNIT"), RoutingDocument.read(environment.require("TOPOLOGY")));
    }

    static SweepPlan of(String own, RoutingRule rule) {
        List<Look> looks = new ArrayList<>(List.of(new Look(own, Duration.ZERO)));
        rule.units().values().stream()
                .filter(unit -> !unit.name().equals(own))
                .map(unit -> new Look(unit.name(), unit.standby().equals(own) ? WARDS : OTHERS))
                .forEach(looks::add);
        return new SweepPlan(looks);
    }
}
