package doubleeleven.rig.explore;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Functions as Lambda invokes them. */
final class Handlers {
    /** Time for one sweep of recovery and for no pause. */
    private static final int MILLISECONDS_LEFT = 12_000;

    private static final Context CONTEXT = (Context)
            Proxy.newProxyInstance(Context.class.getClassLoader(), new Class<?>[] {Context.class}, (_, method, _) -> {
                if (method.getName().equals("getRemainingTimeInMillis")) {
                    return MILLISECONDS_LEFT;
                }
                throw new UnsupportedOperationException(method.getName());
            });

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
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            handler.handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), out, CONTEXT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
