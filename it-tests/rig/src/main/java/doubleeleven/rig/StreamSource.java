package doubleeleven.rig;

import static java.nio.charset.StandardCharsets.UTF_8;

import doubleeleven.aws.Json;
import doubleeleven.rig.PaymentStream.Change;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A Region's part of the stream: its relay is called with one batch after the other, and what fails is repeated before anything later. */
final class StreamSource implements Source {
    private static final int BATCH = 100;
    private static final int RETRIES = 10;

    private final String name;
    private final String region;
    private final Function relay;
    private final Course course;
    private final Deque<Change> waiting = new ArrayDeque<>();
    private final List<String> deadLetters = new ArrayList<>();
    private boolean busy;
    private int failures;

    StreamSource(String name, String region, Function relay, Course course) {
        this.name = name;
        this.region = region;
        this.relay = relay;
        this.course = course;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String region() {
        return region;
    }

    void append(Change change) {
        int copies = course.passage(name).size();
        synchronized (this) {
            for (int i = 0; i < copies; i++) {
                waiting.add(change);
            }
        }
        course.arrived(this, course.clock().instant());
    }

    @Override
    public int poll() {
        List<Change> batch;
        synchronized (this) {
            if (busy || waiting.isEmpty()) {
                return 0;
            }
            busy = true;
            // A batch that failed is cut in half until what cannot be relayed stands alone.
            batch = waiting.stream().limit(Math.max(1, BATCH >> failures)).toList();
        }
        int done = 0;
        try {
            done = relay(batch);
        } finally {
            finish(batch, done);
        }
        return batch.size();
    }

    synchronized int size() {
        return waiting.size();
    }

    synchronized List<String> deadLetters() {
        return List.copyOf(deadLetters);
    }

    private synchronized void finish(List<Change> batch, int done) {
        busy = false;
        for (int i = 0; i < done; i++) {
            waiting.remove();
        }
        failures = done == batch.size() ? 0 : failures + 1;
        if (failures > RETRIES) {
            deadLetters.add(waiting.remove().text("pk"));
            failures = 0;
        }
        if (!waiting.isEmpty()) {
            course.arrived(this, course.clock().instant());
        }
    }

    /** How many records from the first were relayed. */
    private int relay(List<Change> batch) {
        String payload = Json.write(
                Map.of("Records", batch.stream().map(StreamSource::record).toList()));
        Map<String, Object> answer;
        try {
            answer = Json.object(new String(relay.invoke(payload.getBytes(UTF_8)), UTF_8));
        } catch (Function.Failed | Course.Cut e) {
            return 0;
        }
        List<Map<String, Object>> failed = Json.objects(answer, "batchItemFailures");
        if (failed.isEmpty()) {
            return batch.size();
        }
        long first = failed.stream()
                .mapToLong(each -> Long.parseLong(Json.text(each, "itemIdentifier")))
                .min()
                .orElseThrow();
        return Math.toIntExact(
                batch.stream().filter(change -> change.number() < first).count());
    }

    private static Map<String, Object> record(Change change) {
        Map<String, Object> images = new LinkedHashMap<>();
        images.put("SequenceNumber", Long.toString(change.number()));
        images.put("NewImage", typed(change.now()));
        @Nullable Map<String, AttributeValue> old = change.old();
        if (old != null) {
            images.put("OldImage", typed(old));
        }
        return Map.of("eventName", old == null ? "INSERT" : "MODIFY", "dynamodb", images);
    }

    private static Map<String, Object> typed(Map<String, AttributeValue> item) {
        Map<String, Object> typed = new LinkedHashMap<>();
        item.forEach((name, value) -> typed.put(name, typed(value)));
        return typed;
    }

    private static Object typed(AttributeValue value) {
        return switch (value.type()) {
            case S -> Map.of("S", value.s());
            case N -> Map.of("N", value.n());
            case BOOL -> Map.of("BOOL", value.bool());
            case L -> Map.of("L", value.l().stream().map(StreamSource::typed).toList());
            case M -> Map.of("M", typed(value.m()));
            default -> throw new UnsupportedOperationException("an attribute of type " + value.type());
        };
    }
}
