package doubleeleven.notification;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a merchant wants to be told what became of its payments, and the key that proves to it who tells.
 *
 * @param secret signs each notification
 * @param former the secret before it; null where there was none
 * @param changedAt since when the secret is in use
 */
public record Endpoint(
        String merchant, URI url, Secret secret, @Nullable Secret former, Instant changedAt) {
    /** How long a former secret goes on to sign beside the new one, for receivers that do not know the new one yet. */
    public static final Duration OVERLAP = Duration.ofHours(24);

    /** The same merchant's next endpoint, whose receiver may know the secret of this one for a while. */
    public Endpoint changed(URI next, Secret fresh, Instant now) {
        return new Endpoint(merchant, next, fresh, secret, now);
    }

    /** Until when notifications carry the former secret's signature too; none where there is no former secret. */
    public Optional<Instant> formerUntil() {
        return Optional.ofNullable(former).map(secret -> changedAt.plus(OVERLAP));
    }

    /** The secrets that sign at that time, the one in use first. */
    public List<Secret> secrets(Instant now) {
        return former != null && now.isBefore(changedAt.plus(OVERLAP)) ? List.of(secret, former) : List.of(secret);
    }
}
