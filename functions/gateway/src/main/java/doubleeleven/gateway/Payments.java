package doubleeleven.gateway;

import doubleeleven.ids.OrderHash;
import doubleeleven.payment.Payment;
import java.util.Optional;

/** Payment items as the gateway reads them, strongly. It never writes one. */
public interface Payments {
    Optional<Payment> find(OrderHash order);
}
