package doubleeleven.rig;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * One call of a handler as Lambda makes it.
 *
 * @param context what the handler is told about the call: the time it has
 */
public record Invocation(Context context) {
    /** A call that has so much time from now on. */
    public static Invocation until(Clock clock, Duration left) {
        Instant end = clock.instant().plus(left);
        return new Invocation((Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (_, method, _) -> {
                    if (method.getName().equals("getRemainingTimeInMillis")) {
                        return Math.toIntExact(
                                Duration.between(clock.instant(), end).toMillis());
                    }
                    throw new UnsupportedOperationException("no handler asks for " + method.getName());
                }));
    }

    public byte[] of(RequestStreamHandler handler, byte[] payload) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
        handler.handleRequest(new ByteArrayInputStream(payload), out, context);
        return out.toByteArray();
    }
}
