package doubleeleven.payment.aws;

import doubleeleven.aws.Environment;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.routing.RoutingRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Whose open payments this unit looks at, how long it leaves them to those nearer, and how often it looks: its own at once and in each
 * sweep, those of the units it stands by for later, and every other unit's last.
 */
record SweepPlan(List<Look> looks) {
    private static final Duration WARDS = Duration.ofSeconds(10);
    private static final Duration OTHERS = Duration.ofSeconds(25);

    /**
     * One unit's payments.
     *
     * @param patience they are left alone until they are overdue by so much
     * @param every looked at in one sweep of so many, the first included
     */
    record Look(String unit, Duration patience, int every) {
        static Look own(String unit) {
            return new Look(unit, Duration.ZERO, 1);
        }

        static Look ward(String unit) {
            return new Look(unit, WARDS, 2);
        }

        static Look other(String unit) {
            return new Look(unit, OTHERS, 3);
        }
    }

    SweepPlan {
        looks = List.copyOf(looks);
    }

    /** From the units named in the environment: {@code TOPOLOGY} is the rule document the deployment was made with. */
    static SweepPlan of(Environment environment) {
        return of(environment.require("UNIT"), RoutingDocument.read(environment.require("TOPOLOGY")));
    }

    static SweepPlan of(String own, RoutingRule rule) {
        List<Look> looks = new ArrayList<>(List.of(Look.own(own)));
        rule.units().values().stream()
                .filter(unit -> !unit.name().equals(own))
                .map(unit -> unit.standby().equals(own) ? Look.ward(unit.name()) : Look.other(unit.name()))
                .forEach(looks::add);
        return new SweepPlan(looks);
    }

    /** Those of one sweep of a run, of which the first is 0. */
    List<Look> inSweep(int number) {
        return looks.stream().filter(look -> number % look.every() == 0).toList();
    }
}
