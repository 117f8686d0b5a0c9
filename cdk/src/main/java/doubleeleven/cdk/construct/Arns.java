package doubleeleven.cdk.construct;

import software.amazon.awscdk.Aws;

/** ARNs by convention, in any Region of the deployment. */
public final class Arns {
    private Arns() {}

    /** The replica of a table in a Region; all replicas have the table's name. */
    public static String table(String region, String table) {
        return arn("dynamodb", region, "table/" + table);
    }

    public static String index(String region, String table, String index) {
        return table(region, table) + "/index/" + index;
    }

    public static String queue(String region, String name) {
        return arn("sqs", region, name);
    }

    public static String topic(String region, String name) {
        return arn("sns", region, name);
    }

    public static String stateMachine(String region, String name) {
        return arn("states", region, "stateMachine:" + name);
    }

    /** What callers of a function that starts from a snapshot call. */
    public static String liveFunction(String region, String name) {
        return arn("lambda", region, "function:" + name + ":live");
    }

    private static String arn(String service, String region, String resource) {
        return "arn:" + Aws.PARTITION + ":" + service + ":" + region + ":" + Aws.ACCOUNT_ID + ":" + resource;
    }
}
