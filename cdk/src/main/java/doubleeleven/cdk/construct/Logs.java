package doubleeleven.cdk.construct;

import java.util.Arrays;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/** Log groups that exist before their writer does, so that retention holds from the first line on. */
public final class Logs {
    private Logs() {}

    public static LogGroup group(Construct scope, Deployment deployment, String name) {
        return LogGroup.Builder.create(scope, "Logs")
                .logGroupName(name)
                .retention(retention(deployment.topology().functions().logRetentionDays()))
                .removalPolicy(deployment.logRemoval())
                .build();
    }

    private static RetentionDays retention(int days) {
        return switch (days) {
            case 1 -> RetentionDays.ONE_DAY;
            case 3 -> RetentionDays.THREE_DAYS;
            case 7 -> RetentionDays.ONE_WEEK;
            case 30 -> RetentionDays.ONE_MONTH;
            case 90 -> RetentionDays.THREE_MONTHS;
            case 365 -> RetentionDays.ONE_YEAR;
            case 3653 -> RetentionDays.TEN_YEARS;
            default ->
                throw new IllegalArgumentException("functions.logRetentionDays: one of "
                        + Arrays.asList(1, 3, 7, 30, 90, 365, 3653) + ", not " + days);
        };
    }
}
