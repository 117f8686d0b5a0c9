package doubleeleven.routing;

import org.jspecify.annotations.Nullable;

/**
 * What the planned peak asks of a unit.
 *
 * @param lost the unit that it carries besides its own shards; null while nothing is lost
 * @param needed payments a second
 * @param available payments a second that it is provisioned for
 */
public record Load(String unit, @Nullable String lost, long needed, long available) {
    public boolean isCarried() {
        return needed <= available;
    }
}
