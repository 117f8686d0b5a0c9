package doubleeleven.gateway.release;

import doubleeleven.routing.Unit;
import java.time.Instant;
import java.util.Map;

/** How the colours of a unit stand. */
@FunctionalInterface
public interface Figures {
    /**
     * Every colour of the unit.
     *
     * @param since overdue are those alone that were claimed from then on
     */
    Map<String, Standing> of(Unit unit, Instant since);
}
