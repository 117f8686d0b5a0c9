package doubleeleven.rig;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.PublishBatchRequest;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sns.model.PublishBatchResponse;
import software.amazon.awssdk.services.sns.model.PublishBatchResultEntry;
import software.amazon.awssdk.services.sns.model.TooManyEntriesInBatchRequestException;

/** The topics by their ARNs. A message reaches each queue whose filter it fits, as published, without an envelope. */
final class Topics implements SnsClient {
    /** The most that one call publishes. */
    private static final int BATCH = 10;

    private record Subscription(Queue queue, Map<String, String> filter) {
        boolean wants(Map<String, MessageAttributeValue> attributes) {
            return filter.entrySet().stream().allMatch(wanted -> {
                MessageAttributeValue value = attributes.get(wanted.getKey());
                return value != null && wanted.getValue().equals(value.stringValue());
            });
        }
    }

    private final Map<String, List<Subscription>> byTopic = new HashMap<>();

    void add(String topic) {
        byTopic.put(topic, new ArrayList<>());
    }

    void subscribe(String topic, Queue queue, Map<String, String> filter) {
        subscriptions(topic).add(new Subscription(queue, filter));
    }

    @Override
    public PublishBatchResponse publishBatch(PublishBatchRequest request) {
        List<Subscription> subscriptions = subscriptions(request.topicArn());
        if (request.publishBatchRequestEntries().size() > BATCH) {
            throw TooManyEntriesInBatchRequestException.builder()
                    .message("more than " + BATCH + " entries")
                    .statusCode(400)
                    .build();
        }
        List<PublishBatchResultEntry> taken = new ArrayList<>();
        for (PublishBatchRequestEntry entry : request.publishBatchRequestEntries()) {
            subscriptions.stream()
                    .filter(subscription -> subscription.wants(entry.messageAttributes()))
                    .forEach(subscription -> subscription.queue().send(entry.message(), Duration.ZERO));
            taken.add(PublishBatchResultEntry.builder().id(entry.id()).build());
        }
        return PublishBatchResponse.builder()
                .successful(taken)
                .failed(List.of())
                .build();
    }

    private List<Subscription> subscriptions(String topic) {
        List<Subscription> subscriptions = byTopic.get(topic);
        if (subscriptions == null) {
            throw NotFoundException.builder()
                    .message("no topic " + topic)
                    .statusCode(404)
                    .build();
        }
        return subscriptions;
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
