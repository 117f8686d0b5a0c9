package doubleeleven.credit.billing;

import doubleeleven.ids.Shard;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Credit lines: who has one, and which of them are frozen because a bill is overdue. */
public interface Lines {
    /**
     * Some of a shard's customers with a line, in a fixed order.
     *
     * @param after the last one seen; null for the first ones
     */
    List<String> customers(Shard shard, @Nullable String after, int max);

    /**
     * Lets a line grant no hold.
     *
     * @param since from when on
     * @return false where it is frozen already, for whatever reason, or there is none
     */
    boolean freeze(String customer, Instant since);

    /**
     * Lets a line grant holds again.
     *
     * @param now a line frozen since a later time stays so: whoever froze it knew more
     * @return false where it is not frozen, or not for an overdue bill
     */
    boolean thaw(String customer, Instant now);
}
