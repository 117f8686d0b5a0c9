package doubleeleven.aws.dynamodb;

import doubleeleven.aws.Environment;

/** Names of the environment variables that tell a function its tables. */
public final class Tables {
    private Tables() {}

    public static String account(Environment environment) {
        return environment.require("ACCOUNT_TABLE");
    }

    public static String payment(Environment environment) {
        return environment.require("PAYMENT_TABLE");
    }

    public static String credit(Environment environment) {
        return environment.require("CREDIT_TABLE");
    }

    public static String control(Environment environment) {
        return environment.require("CONTROL_TABLE");
    }

    public static String feature(Environment environment) {
        return environment.require("FEATURE_TABLE");
    }

    public static String platform(Environment environment) {
        return environment.require("PLATFORM_TABLE");
    }
}
