package doubleeleven.ids;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/**
 * The hundredth of all customers that one customer belongs to; the prefix of every key of theirs.
 *
 * @param number 0 to 99
 */
public record Shard(int number) {
    public static final int COUNT = 100;

    public Shard {
        if (number < 0 || number >= COUNT) {
            throw new IllegalArgumentException("shard must be 0 to 99: " + number);
        }
    }

    /** The shard of a customer: hashed, so that consecutive numbers spread over all units. */
    public static Shard of(String customer) {
        int head = ByteBuffer.wrap(Fingerprint.sha256().digest(customer.getBytes(UTF_8)))
                .getInt();
        return new Shard(Integer.remainderUnsigned(head, COUNT));
    }

    /** Two digits, as in keys. */
    @Override
    public String toString() {
        return (number < 10 ? "0" : "") + number;
    }
}
