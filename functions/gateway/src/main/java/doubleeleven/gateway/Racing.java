package doubleeleven.gateway;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Has work done beside whoever waits for it. */
public interface Racing {
    <T> Race<T> open();

    /** Pieces of work under way, each of which ends by itself. */
    interface Race<T> extends AutoCloseable {
        void begin(Supplier<T> work);

        /**
         * What the next piece to end came to; nothing where none ends in that time.
         *
         * @throws RuntimeException what the work threw
         */
        Optional<T> next(Duration atMost);

        /** Nobody hears any more of what is still under way. */
        @Override
        void close();
    }
}
