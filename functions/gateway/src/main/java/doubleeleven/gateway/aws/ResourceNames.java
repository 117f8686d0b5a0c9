package doubleeleven.gateway.aws;

import doubleeleven.aws.Environment;
import doubleeleven.routing.Traffic;
import java.util.Locale;

/**
 * ARNs and URLs of what is deployed, by naming convention. Known without asking: a look-up would cost the caller a call, and would not work
 * either where the resource's Region is slow.
 */
record ResourceNames(String accountId, Traffic traffic) {
    static ResourceNames of(Environment environment) {
        return new ResourceNames(environment.require("AWS_ACCOUNT"), environment.traffic());
    }

    /** A Region's workflow. */
    String stateMachine(String region, String workflow) {
        return "arn:aws:states:" + region + ":" + accountId + ":stateMachine:" + traffic.name(workflow);
    }

    /** The workflow of a unit's colour. */
    String stateMachine(String region, String unit, String colour, String workflow) {
        return stateMachine(region, cell(unit, colour) + "-" + workflow);
    }

    /** The URL of the queue by which a unit's colour is told of phase two. */
    String phaseTwo(String region, String unit, String colour) {
        return queueUrl(region, traffic.name(cell(unit, colour) + "-phase-two"));
    }

    String queueUrl(String region, String queue) {
        return "https://sqs." + region + ".amazonaws.com/" + accountId + "/" + queue;
    }

    String queueArn(String region, String queue) {
        return "arn:aws:sqs:" + region + ":" + accountId + ":" + queue;
    }

    /** Such as rz01-a. */
    private static String cell(String unit, String colour) {
        return unit.toLowerCase(Locale.ROOT) + "-" + colour;
    }
}
