package doubleeleven.rig.explore;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Json;
import doubleeleven.rig.Invocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** Functions as Lambda invokes them. */
final class Handlers {
    /** Time for one sweep of recovery and for no pause. */
    private static final Invocation INVOCATION =
            Invocation.until(Clock.fixed(Fixture.NOW, ZoneOffset.UTC), Duration.ofSeconds(12));

    private Handlers() {}

    /** A queue's message; true where it is done, false where it will come again. */
    static Parts.Code batch(RequestStreamHandler handler, Map<String, Object> body) {
        String event = Json.write(Map.of("Records", List.of(Map.of("messageId", "message", "body", Json.write(body)))));
        return _ -> Json.objects(Json.object(invoke(handler, event)), "batchItemFailures")
                .isEmpty();
    }

    /** A scheduled run; true where nothing failed. */
    static Parts.Code sweep(RequestStreamHandler handler) {
        return _ -> Json.integer(Json.object(invoke(handler, "{}")), "failed") == 0;
    }

    private static String invoke(RequestStreamHandler handler, String event) {
        try {
            return new String(INVOCATION.of(handler, event.getBytes(UTF_8)), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
