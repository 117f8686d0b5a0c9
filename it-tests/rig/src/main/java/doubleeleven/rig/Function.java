package doubleeleven.rig;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.time.Duration;
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
            course.taken(name, environment);
            byte[] answer;
            try {
                answer = Invocation.until(course.clock(), told).of(environment, payload);
            } catch (IOException | RuntimeException e) {
                idle.push(environment);
                throw new Failed(name, e);
            }
            // Whatever else comes out of it, an error, ends the environment with it.
            idle.push(environment);
            return answer;
        });
    }

    /** The handler threw. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;

        private Failed(String function, Exception cause) {
            super(function + " failed", cause);
        }
    }
}
