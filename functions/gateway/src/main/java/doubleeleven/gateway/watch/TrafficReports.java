package doubleeleven.gateway.watch;

import doubleeleven.health.Heard;
import java.time.Instant;

/** What a Region's gateways tell its watcher of customers' payments. */
public interface TrafficReports {
    void missed(String unit, String colour, Instant at);

    void reached(String unit, String colour, Instant at);

    Heard of(String unit, String colour);
}
