package doubleeleven.rig.bench;

import doubleeleven.rig.Bus;
import doubleeleven.rig.Course;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.sns.model.PublishBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;

/** Counts what is charged or waited for: functions called, states entered, calls of services, messages. */
final class Tally implements Course.Beside {
    private static final String SEPARATOR = " | ";
    private static final String MESSAGES = "Messages";

    private final Course course;
    private final TreeMap<String, Integer> counts = new TreeMap<>();

    Tally(Clock clock) {
        this.course = Course.direct(this::carry, clock);
    }

    /** What was counted since the last time. */
    Map<String, Integer> take() {
        Map<String, Integer> taken = new TreeMap<>(counts);
        counts.clear();
        return taken;
    }

    @Override
    public Course other() {
        return course;
    }

    @Override
    public <T> T run(String part, Duration limit, Supplier<T> work) {
        count(part.endsWith("payment-tcc") ? "Executions" : "Lambda calls", name(part), 1);
        return course.run(part, limit, work);
    }

    @Override
    public void entered(String part, String site) {
        count("State transitions", name(part), 1);
    }

    private Object carry(Bus.ServiceCall call, Supplier<Object> effect) {
        if (!call.service().equals("Lambda")) {
            count("Service calls", name(call.caller()) + ": " + call.service() + " " + target(call), 1);
        }
        switch (call.request()) {
            case PublishBatchRequest publish ->
                count(
                        MESSAGES,
                        name(call.caller()) + " to the topic",
                        publish.publishBatchRequestEntries().size());
            case SendMessageRequest _ -> count(MESSAGES, name(call.caller()) + " to a queue", 1);
            case SendMessageBatchRequest send ->
                count(
                        MESSAGES,
                        name(call.caller()) + " to a queue",
                        send.entries().size());
            case UpdateItemRequest update -> count("Writes", update.tableName().substring("double11-".length()), 1);
            case PutItemRequest put -> count("Writes", put.tableName().substring("double11-".length()), 1);
            default -> {}
        }
        return effect.get();
    }

    private static String target(Bus.ServiceCall call) {
        String of = switch (call.request()) {
            case UpdateItemRequest update -> " " + update.tableName();
            case PutItemRequest put -> " " + put.tableName();
            case GetItemRequest get -> " " + get.tableName();
            case QueryRequest query -> " " + query.tableName();
            case BatchGetItemRequest batch -> " " + String.join("+", new TreeMap<>(batch.requestItems()).keySet());
            default -> "";
        };
        return call.operation() + of.replace("double11-", "");
    }

    /** The part without its Region, unit and colour. */
    private static String name(String part) {
        return part.substring(part.lastIndexOf('/') + 1);
    }

    private void count(String kind, String what, int times) {
        counts.merge(kind + SEPARATOR + what, times, Integer::sum);
    }

    /** What kind of thing was counted. */
    static String kind(String counted) {
        return counted.substring(0, counted.indexOf(SEPARATOR));
    }

    /** Which of its kind. */
    static String thing(String counted) {
        return counted.substring(counted.indexOf(SEPARATOR) + SEPARATOR.length());
    }
}
