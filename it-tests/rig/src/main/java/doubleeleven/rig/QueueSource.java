package doubleeleven.rig;

import static java.nio.charset.StandardCharsets.UTF_8;

import doubleeleven.aws.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The event source mapping between a queue and its consumer: batches, of which each message fails or succeeds for itself. */
final class QueueSource implements Source {
    private static final int BATCH = 10;

    private final Queue queue;
    private final String region;
    private final Function consumer;

    QueueSource(Queue queue, String region, Function consumer) {
        this.queue = queue;
        this.region = region;
        this.consumer = consumer;
    }

    @Override
    public String name() {
        return consumer.name();
    }

    @Override
    public String region() {
        return region;
    }

    @Override
    public int poll() {
        List<Queue.Message> batch = queue.receive(BATCH);
        if (!batch.isEmpty()) {
            deliver(batch);
        }
        return batch.size();
    }

    private void deliver(List<Queue.Message> batch) {
        String payload = Json.write(Map.of(
                "Records",
                batch.stream()
                        .map(message -> Map.of(
                                "messageId",
                                message.id(),
                                "body",
                                message.body(),
                                "attributes",
                                Map.of("ApproximateReceiveCount", Integer.toString(message.received()))))
                        .toList()));
        Map<String, Object> answer;
        try {
            answer = Json.object(new String(consumer.invoke(payload.getBytes(UTF_8)), UTF_8));
        } catch (Function.Failed | Course.Cut e) {
            return;
        }
        Set<String> failed = Json.objects(answer, "batchItemFailures").stream()
                .map(each -> Json.text(each, "itemIdentifier"))
                .collect(Collectors.toSet());
        Set<String> delivered = batch.stream().map(Queue.Message::id).collect(Collectors.toSet());
        // Whoever names a message that was not delivered is not believed about the others either.
        if (delivered.containsAll(failed)) {
            batch.stream().filter(message -> !failed.contains(message.id())).forEach(queue::delete);
        }
    }
}
