package doubleeleven.rig;

import doubleeleven.notification.Endpoint;
import doubleeleven.notification.delivery.Notification;
import doubleeleven.notification.delivery.Sender;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Merchants' endpoints, outside: they take what they are told and keep it, unless they are down. */
public final class Inboxes implements Sender {
    private final List<Notification> told = new CopyOnWriteArrayList<>();
    private final Set<String> down = ConcurrentHashMap.newKeySet();

    Inboxes() {}

    @Override
    public Optional<String> send(Endpoint endpoint, Notification notification) {
        if (down.contains(endpoint.merchant())) {
            return Optional.of("status 503");
        }
        told.add(notification);
        return Optional.empty();
    }

    /** What merchants were told so far, as it came. */
    public List<Notification> told() {
        return List.copyOf(told);
    }

    /** Has a merchant's endpoint take nothing. */
    public void lose(String merchant) {
        down.add(merchant);
    }

    /** Has it take everything again. */
    public void restore(String merchant) {
        down.remove(merchant);
    }
}
