package doubleeleven.gateway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import doubleeleven.aws.Functions;
import doubleeleven.aws.Json;
import doubleeleven.gateway.Answer;
import doubleeleven.gateway.Request;
import doubleeleven.gateway.ShadowGateway;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The shadow's gateway function in this Region: the only thing of the shadow that anything live may touch. It is called once, since what a
 * stress test measures must not be what retries made of it.
 */
record LambdaShadowGateway(Functions functions, String function) implements ShadowGateway {
    @Override
    public Optional<Answer> answer(Request request) {
        try {
            byte[] answer = functions.invoke(
                    function, Json.write(ProxyEvent.event(request)).getBytes(UTF_8));
            return Optional.of(ProxyEvent.answer(Json.object(new String(answer, UTF_8))));
        } catch (SdkException e) {
            return Optional.empty();
        }
    }
}
