package doubleeleven.rig;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;

/** The queues by their URLs, as functions send to them. */
final class Queues implements SqsClient {
    private final Map<String, Queue> byUrl = new HashMap<>();

    void add(String url, Queue queue) {
        byUrl.put(url, queue);
    }

    List<Queue> all() {
        return List.copyOf(byUrl.values());
    }

    @Override
    public SendMessageResponse sendMessage(SendMessageRequest request) {
        return SendMessageResponse.builder()
                .messageId(send(request.queueUrl(), request.messageBody(), request.delaySeconds()))
                .build();
    }

    @Override
    public SendMessageBatchResponse sendMessageBatch(SendMessageBatchRequest request) {
        return SendMessageBatchResponse.builder()
                .successful(request.entries().stream()
                        .map(entry -> SendMessageBatchResultEntry.builder()
                                .id(entry.id())
                                .messageId(send(request.queueUrl(), entry.messageBody(), entry.delaySeconds()))
                                .build())
                        .toList())
                .failed(List.of())
                .build();
    }

    private String send(String url, String body, Integer delaySeconds) {
        Queue queue = byUrl.get(url);
        if (queue == null) {
            throw QueueDoesNotExistException.builder()
                    .message("no queue " + url)
                    .statusCode(400)
                    .build();
        }
        return queue.send(body, Duration.ofSeconds(Objects.requireNonNullElse(delaySeconds, 0)));
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
