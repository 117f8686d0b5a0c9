package doubleeleven.aws;

import software.amazon.awssdk.core.SdkClient;

/** Functions that a function calls and waits for. */
public interface Functions extends SdkClient {
    /**
     * Calls a function once.
     *
     * @param function its ARN
     * @return what it answered
     * @throws software.amazon.awssdk.core.exception.SdkException where it gave no answer, or failed
     */
    byte[] invoke(String function, byte[] payload);

    @Override
    default String serviceName() {
        return "lambda";
    }

    @Override
    default void close() {}
}
