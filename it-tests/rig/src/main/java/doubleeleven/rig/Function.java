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
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;

/** A Lambda function: as many execution environments as there are calls at once, each with a handler of its own. */
final class Function {
    private final String name;
    private final Duration timeout;
    private final Supplier<RequestStreamHandler> starting;
    private final Course course;
    private final Deque<RequestStreamHandler> idle = new ConcurrentLinkedDeque<>();

    Function(String name, Duration timeout, Supplier<RequestStreamHandler> starting, Course course) {
        this.name = name;
        this.timeout = timeout;
        this.starting = starting;
        this.course = course;
    }

    String name() {
        return name;
    }

    byte[] invoke(byte[] payload) {
        return invoke(payload, timeout);
    }

    /**
     * Calls the function and waits for it.
     *
     * @param told the time it is told to have
     * @throws Failed where the handler threw
     * @throws Course.Cut where it did not come to its end
     */
    byte[] invoke(byte[] payload, Duration told) {
        return course.run(name, timeout, () -> {
            RequestStreamHandler handler = idle.poll();
            RequestStreamHandler environment = handler == null ? starting.get() : handler;
            ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
            try {
                environment.handleRequest(
                        new ByteArrayInputStream(payload),
                        out,
                        context(course.clock(), course.clock().instant().plus(told)));
            } catch (IOException | RuntimeException e) {
                idle.push(environment);
                throw new Failed(name, e);
            }
            // Whatever else comes out of it, an error, ends the environment with it.
            idle.push(environment);
            return out.toByteArray();
        });
    }

    /** The handler threw. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Failed(String function, Exception cause) {
            super(function + " failed", cause);
        }
    }

    /** What a handler is told about its call: the time it has. */
    static Context context(Clock clock, Instant end) {
        return (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (_, method, _) -> {
                    if (method.getName().equals("getRemainingTimeInMillis")) {
                        return Math.toIntExact(
                                Duration.between(clock.instant(), end).toMillis());
                    }
                    throw new UnsupportedOperationException("no handler asks for " + method.getName());
                });
    }
}
