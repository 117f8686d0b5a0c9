package doubleeleven.gateway.failover;

import java.util.List;
import java.util.Optional;

/** Failovers on record. */
public interface FailoverRecords {
    /** Puts it on record as it is now; a later look at the same failover stays. */
    void put(Failover failover);

    Optional<Failover> find(String unit, String id);

    /** A unit's, the newest first. */
    List<Failover> latest(String unit, int most);
}
