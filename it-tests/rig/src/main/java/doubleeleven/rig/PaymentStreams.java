package doubleeleven.rig;

import doubleeleven.rig.PaymentStream.Change;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The payment table's stream in each Region, and the relay there that reads what was decided. */
final class PaymentStreams {
    private final Topology topology;
    private final Map<String, PaymentStream> streams = new LinkedHashMap<>();
    private final Map<String, StreamSource> relays = new LinkedHashMap<>();

    /** @param payment the table */
    PaymentStreams(Topology topology, Database database, String payment) {
        this.topology = topology;
        PaymentStream common = new PaymentStream(this::relay);
        for (String region : topology.regions()) {
            boolean strong = database.isStrong(payment);
            streams.put(region, strong ? common : new PaymentStream(change -> relayIn(region, change)));
        }
        database.listen((region, table, old, now) -> {
            if (table.equals(payment)) {
                in(region).changed(old, now);
            }
        });
    }

    PaymentStream in(String region) {
        return Objects.requireNonNull(streams.get(region), "no stream in " + region);
    }

    void readBy(StreamSource relay) {
        relays.put(relay.region(), relay);
    }

    private void relay(Change change) {
        topology.regionOfUnit(change.text("unit")).ifPresent(region -> relayFrom(region, change));
    }

    /** A Region's own stream tells of every write; the Region relays those of its units. */
    private void relayIn(String region, Change change) {
        if (topology.regionOfUnit(change.text("unit")).filter(region::equals).isPresent()) {
            relayFrom(region, change);
        }
    }

    /** What the event source mapping's filter lets through: decided. */
    private void relayFrom(String region, Change change) {
        String status = change.text("status");
        if (status.equals("COMMITTED") || status.equals("ABORTED")) {
            Objects.requireNonNull(relays.get(region)).append(change);
        }
    }

    /** Payments that are not terminal. */
    List<String> open() {
        return streams.values().stream()
                .flatMap(stream -> stream.open().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /** Records that wait. */
    int waiting() {
        return relays.values().stream().mapToInt(StreamSource::size).sum();
    }

    /** What relays gave up, by relay. */
    Map<String, List<String>> deadLetters() {
        Map<String, List<String>> letters = new LinkedHashMap<>();
        relays.values().forEach(relay -> letters.put(relay.name(), relay.deadLetters()));
        return letters;
    }
}
