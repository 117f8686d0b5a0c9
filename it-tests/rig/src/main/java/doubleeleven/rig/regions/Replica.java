package doubleeleven.rig.regions;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A Region's copy of a table: which version of each item is there, and which are on their way. */
final class Replica {
    /** An item on its way may have so many versions before the arrived ones among them become one. */
    private static final int VERSIONS = 8;

    /**
     * An item as a write left it.
     *
     * @param number among all writes of all Regions, by their times: the highest is the last writer
     * @param item its key alone where it was deleted
     */
    record Version(long number, Map<String, AttributeValue> item, boolean isDeleted) {}

    /** Where something has come from that is here already, and waits only to be looked at. */
    private static final String HERE = "";

    private record Coming(Instant at, String from, Version version) {}

    private final Map<String, List<Coming>> coming = new LinkedHashMap<>();
    private final Map<String, Long> there = new HashMap<>();

    /** Written here. */
    void wrote(String key, Version version) {
        there.put(key, version.number());
    }

    /** Written in a Region, and here from that moment on. */
    void send(String key, Version version, String from, Instant at, Instant now, Predicate<String> reaches) {
        List<Coming> versions = coming.computeIfAbsent(key, _ -> new ArrayList<>(2));
        if (versions.size() >= VERSIONS) {
            Version arrived = take(versions, now, reaches);
            if (arrived != null) {
                versions.add(new Coming(Instant.MIN, HERE, arrived));
            }
        }
        versions.add(new Coming(at, from, version));
    }

    /** Lets in what has arrived: of an item the last write, unless a later one is there. */
    void settle(Instant now, Predicate<String> reaches, Consumer<Version> in) {
        Iterator<Map.Entry<String, List<Coming>>> items = coming.entrySet().iterator();
        while (items.hasNext()) {
            Map.Entry<String, List<Coming>> item = items.next();
            settle(item.getKey(), item.getValue(), now, reaches, in);
            if (item.getValue().isEmpty()) {
                items.remove();
            }
        }
    }

    /** Lets in what has arrived of one item. */
    void settle(String key, Instant now, Predicate<String> reaches, Consumer<Version> in) {
        List<Coming> versions = coming.get(key);
        if (versions != null) {
            settle(key, versions, now, reaches, in);
            if (versions.isEmpty()) {
                coming.remove(key);
            }
        }
    }

    private void settle(
            String key, List<Coming> versions, Instant now, Predicate<String> reaches, Consumer<Version> in) {
        Version arrived = take(versions, now, reaches);
        if (arrived != null && arrived.number() > there.getOrDefault(key, 0L)) {
            there.put(key, arrived.number());
            in.accept(arrived);
        }
    }

    boolean isSettled() {
        return coming.isEmpty();
    }

    /** Removes what has arrived; answers the last write of it. */
    private static @Nullable Version take(List<Coming> versions, Instant now, Predicate<String> reaches) {
        Version last = null;
        Iterator<Coming> each = versions.iterator();
        while (each.hasNext()) {
            Coming next = each.next();
            if (!next.at().isAfter(now) && (next.from().equals(HERE) || reaches.test(next.from()))) {
                last = last == null || next.version().number() > last.number() ? next.version() : last;
                each.remove();
            }
        }
        return last;
    }
}
