package doubleeleven.cdk.construct;

import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagSuppressions;
import java.util.List;
import software.constructs.IConstruct;

/** Exceptions from the AwsSolutions rules, each with its reason, on one resource. */
public final class Nag {
    private Nag() {}

    public static void accept(IConstruct construct, String rule, String reason) {
        NagSuppressions.addResourceSuppressions(
                construct,
                List.of(NagPackSuppression.builder().id(rule).reason(reason).build()),
                false);
    }

    /** Accepts one finding of a rule that has several, such as {@code Resource::*} of IAM5. */
    public static void accept(IConstruct construct, String rule, String finding, String reason) {
        NagSuppressions.addResourceSuppressions(
                construct,
                List.of(NagPackSuppression.builder()
                        .id(rule)
                        .reason(reason)
                        .appliesTo(List.of(finding))
                        .build()),
                false);
    }
}
