package doubleeleven.rig;

import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** What services refuse calls with. */
public final class Refusals {
    private Refusals() {}

    /**
     * A service's refusal.
     *
     * @param exception of the service, without anything in it
     * @param status of HTTP
     */
    public static AwsServiceException of(
            AwsServiceException.Builder exception, String service, String code, int status, String message) {
        exception.statusCode(status);
        exception.awsErrorDetails(AwsErrorDetails.builder()
                .errorCode(code)
                .errorMessage(message)
                .serviceName(service)
                .build());
        return exception.message(message).build();
    }
}
