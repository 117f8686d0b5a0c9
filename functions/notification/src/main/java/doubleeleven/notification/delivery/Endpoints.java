package doubleeleven.notification.delivery;

import doubleeleven.notification.Endpoint;
import java.util.Optional;

/** Where merchants want to be told. */
@FunctionalInterface
public interface Endpoints {
    /** The merchant's; none where it does not want to be told. */
    Optional<Endpoint> find(String merchant);
}
