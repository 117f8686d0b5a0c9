package doubleeleven.notification.delivery;

import doubleeleven.caching.Recent;
import doubleeleven.notification.Endpoint;
import doubleeleven.notification.delivery.Journal.Reason;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Gatherers;

/**
 * Tells merchants what was decided. What one does not take is told again, later and later, for as long as the deployment has patience. Nobody
 * who pays waits for any of it.
 */
public final class Deliverer {
    /** A change of an endpoint is obeyed everywhere this much later. */
    private static final Duration REMEMBERED = Duration.ofSeconds(60);

    private static final Duration SOONEST = Duration.ofSeconds(10);
    /** The longest that a message can be made to wait. */
    private static final Duration LATEST = Duration.ofMinutes(15);

    private final Recent<String, Optional<Endpoint>> endpoints;
    private final Sender sender;
    private final BooleanSupplier off;
    private final Patience patience;
    private final int workers;
    private final Ailing ailing;
    private final Journal journal;
    private final Clock clock;

    /**
     * Creates a deliverer.
     *
     * @param off whether notifications have to wait
     * @param workers how many of those whom one decision concerns are told at once
     */
    public Deliverer(
            Endpoints endpoints,
            Sender sender,
            BooleanSupplier off,
            Patience patience,
            int workers,
            Journal journal,
            Clock clock) {
        this.endpoints = new Recent<>(merchant -> Optional.of(endpoints.find(merchant)), REMEMBERED, clock);
        this.sender = sender;
        this.off = off;
        this.patience = patience;
        this.workers = workers;
        this.ailing = new Ailing(clock);
        this.journal = journal;
        this.clock = clock;
    }

    /**
     * How long is waited.
     *
     * @param held until a notification is looked at again while they are switched off; at most 15 minutes
     * @param tried how long after the decision a merchant that does not take it is tried again by itself
     */
    public record Patience(Duration held, Duration tried) {}

    /**
     * What is left to be told.
     *
     * @param in how long from now
     */
    public record Later(List<Notification> left, Duration in) {}

    /**
     * Tells what one decision has to be told.
     *
     * @return what is left to be told later; none where all was
     * @throws NotDelivered where something was not taken for longer than there is patience
     */
    public Optional<Later> deliver(List<Notification> notifications) {
        Map<Notification, Endpoint> wanted = new LinkedHashMap<>();
        notifications.forEach(each -> endpoints
                .find(each.merchant())
                .flatMap(Function.identity())
                .ifPresent(endpoint -> wanted.put(each, endpoint)));
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        if (off.getAsBoolean()) {
            wanted.keySet().forEach(each -> journal.postponed(each, Reason.SWITCHED_OFF));
            return Optional.of(new Later(List.copyOf(wanted.keySet()), patience.held()));
        }
        List<Notification> left = wanted.entrySet().stream()
                .gather(Gatherers.mapConcurrent(
                        workers,
                        each -> tell(each.getKey(), each.getValue())
                                ? Optional.<Notification>empty()
                                : Optional.of(each.getKey())))
                .flatMap(Optional::stream)
                .toList();
        if (left.isEmpty()) {
            return Optional.empty();
        }
        Duration age = age(left.getFirst());
        if (age.compareTo(patience.tried()) >= 0) {
            throw new NotDelivered(left);
        }
        return Optional.of(new Later(left, wait(age)));
    }

    private boolean tell(Notification notification, Endpoint endpoint) {
        String merchant = notification.merchant();
        if (ailing.isLeftAlone(merchant)) {
            journal.postponed(notification, Reason.AILING);
            return false;
        }
        Optional<String> refused = sender.send(endpoint, notification);
        if (refused.isPresent()) {
            ailing.failed(merchant);
            journal.refused(notification, refused.get());
            return false;
        }
        ailing.took(merchant);
        journal.delivered(notification, age(notification));
        return true;
    }

    private Duration age(Notification notification) {
        Duration age = Duration.between(notification.since(), clock.instant());
        return age.isNegative() ? Duration.ZERO : age;
    }

    /** The longer a merchant has not taken it, the longer until the next try. */
    private static Duration wait(Duration age) {
        return Duration.ofSeconds(Math.clamp(age.toSeconds() / 2, SOONEST.toSeconds(), LATEST.toSeconds()));
    }
}
