package doubleeleven.rig;

import doubleeleven.routing.Traffic;
import java.util.Locale;

/**
 * Where something is deployed: in a Region, or with one colour of a unit. Its parts and its resources are named after it, as the stacks name
 * them.
 *
 * @param name such as {@code us-east-1} or {@code RZ01-a}
 * @param prefix of its own resources within the traffic's, such as {@code rz01-a-}
 */
record Place(Traffic traffic, String name, String region, String prefix) {
    static final String ACCOUNT = "000000000000";

    static Place ofRegion(Traffic traffic, String region) {
        return new Place(traffic, region, region, "");
    }

    static Place ofCell(Traffic traffic, Topology.Unit unit, String colour) {
        return new Place(
                traffic,
                unit.name() + "-" + colour,
                unit.region(),
                unit.name().toLowerCase(Locale.ROOT) + "-" + colour + "-");
    }

    /** A function or an execution as the bus names it, such as {@code RZ01-a/phase-two}. */
    String part(String part) {
        return name + "/" + part;
    }

    /** The name of a resource, such as {@code double11-rz01-a-phase-two}. */
    String resource(String part) {
        return traffic.name(prefix + part);
    }

    String stateMachineArn(String workflow) {
        return "arn:aws:states:" + region + ":" + ACCOUNT + ":stateMachine:" + resource(workflow);
    }

    String queueUrl(String part) {
        return "https://sqs." + region + ".amazonaws.com/" + ACCOUNT + "/" + resource(part);
    }

    /** The topic of the Region, by which its units hear what was decided. */
    String decidedTopicArn() {
        return "arn:aws:sns:" + region + ":" + ACCOUNT + ":" + traffic.name("decided");
    }
}
