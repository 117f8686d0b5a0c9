package doubleeleven.gateway.watch;

import doubleeleven.health.Look;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where each Region's watcher writes what it sees, for all to read. */
public interface Board {
    /**
     * A failover that began by itself.
     *
     * @param region whose watcher began it
     */
    record Start(String unit, String failover, String region, Instant at) {}

    /**
     * Everything that is on it.
     *
     * @param looks the last one of each Region
     * @param last the failover that began by itself last
     */
    record State(List<Look> looks, Optional<Start> last) {
        public State {
            looks = List.copyOf(looks);
        }
    }

    State read();

    /**
     * Puts a look in the place of the Region's one before it.
     *
     * @return false where another run of the same Region's watcher was faster
     */
    boolean put(Look look);

    /**
     * Makes sure that one watcher alone begins a failover after that one.
     *
     * @return false where another one was faster
     */
    boolean take(Start start, Optional<Start> last);
}
