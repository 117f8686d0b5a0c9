package doubleeleven.ids;

import java.util.Optional;

/**
 * The id the API shows: {@code <shard><order hash>}. The shard leads to the owning unit without a look-up.
 */
public record PaymentId(Shard shard, OrderHash order) {
    /** Reads an id, or answers empty where it cannot be one of ours. */
    public static Optional<PaymentId> parse(String text) {
        try {
            return Optional.of(
                    new PaymentId(new Shard(Integer.parseInt(text, 0, 2, 10)), new OrderHash(text.substring(2))));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return shard + order.value();
    }
}
