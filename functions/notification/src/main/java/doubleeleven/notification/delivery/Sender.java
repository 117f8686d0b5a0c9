package doubleeleven.notification.delivery;

import doubleeleven.notification.Endpoint;
import java.util.Optional;

/** Brings a notification to where its merchant wants it. */
@FunctionalInterface
public interface Sender {
    /**
     * Sends once, in seconds.
     *
     * @return why it was not taken; empty where it was
     */
    Optional<String> send(Endpoint endpoint, Notification notification);
}
