package doubleeleven.rig;

import doubleeleven.aws.dynamodb.Values;
import doubleeleven.payment.PaymentStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** The stream of the payment table: for each write that changes an item a record with both images, in the order of that item's writes. */
final class PaymentStream {
    private static final int LOCKS = 256;

    /** An item's image before and after a write. */
    record Change(long number, @Nullable Map<String, AttributeValue> old, Map<String, AttributeValue> now) {
        String text(String attribute) {
            AttributeValue value = now.get(attribute);
            return value == null || value.s() == null ? "" : value.s();
        }
    }

    private final Consumer<Change> reader;
    private final AtomicLong numbers = new AtomicLong();
    private final ReentrantLock[] locks = new ReentrantLock[LOCKS];
    /** Images of open payments; of terminal ones, which are rarely written again, only that they are there. */
    private final Map<String, Map<String, AttributeValue>> images = new ConcurrentHashMap<>();

    PaymentStream(Consumer<Change> reader) {
        this.reader = reader;
        Arrays.setAll(locks, _ -> new ReentrantLock());
    }

    /** Writes, and tells the reader what became of it. */
    UpdateItemResponse update(DynamoDbClient database, UpdateItemRequest request) {
        String key = Values.text(request.key(), "pk");
        ReentrantLock lock = locks[Math.floorMod(key.hashCode(), LOCKS)];
        lock.lock();
        try {
            Map<String, AttributeValue> old = images.get(key);
            if (old != null && old.isEmpty()) {
                old = database.getItem(get -> get.tableName(request.tableName())
                                .key(request.key())
                                .consistentRead(true))
                        .item();
            }
            Map<String, AttributeValue> before = old;
            return WholeItem.update(database, request, now -> changed(before, now));
        } finally {
            lock.unlock();
        }
    }

    /** An item was written: here, or in another Region from where it has come. */
    void changed(@Nullable Map<String, AttributeValue> old, Map<String, AttributeValue> now) {
        images.put(Values.text(now, "pk"), isTerminal(now) ? Map.of() : now);
        if (!now.equals(old)) {
            reader.accept(new Change(numbers.incrementAndGet(), old, now));
        }
    }

    private static boolean isTerminal(Map<String, AttributeValue> item) {
        return PaymentStatus.valueOf(Values.text(item, "status")).isTerminal();
    }

    List<String> open() {
        return images.entrySet().stream()
                .filter(image -> !image.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }
}
