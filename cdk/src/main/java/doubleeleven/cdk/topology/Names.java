package doubleeleven.cdk.topology;

import doubleeleven.routing.Traffic;

/**
 * Physical names. Stacks find each other's resources by these alone: an export would tie the Regions' stacks together and could not
 * cross a Region anyway.
 */
public record Names(Traffic traffic) {
    /** What there is once, or once in each Region: a table, the gateway, the decided topic. */
    public String of(String part) {
        return traffic.name(part);
    }

    /** What there is once for each unit and colour, such as {@code double11-rz01-a-phase-two}. */
    public String of(Unit unit, Colour colour, String part) {
        return of(unit.slug() + "-" + colour.name() + "-" + part);
    }
}
