package doubleeleven.rig;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sqs.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueAttributesResponse;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;
import software.amazon.awssdk.services.sqs.model.TooManyEntriesInBatchRequestException;

/** The queues by their URLs, as functions send to them. */
final class Queues implements SqsClient {
    /** The most that one call sends. */
    private static final int BATCH = 10;

    private static final String DEAD_LETTERS = "-dlq";

    private static final int LONGEST_DELAY_SECONDS = 900;

    private final Map<String, Queue> byUrl = new HashMap<>();

    void add(String url, Queue queue) {
        byUrl.put(url, queue);
    }

    List<String> urls() {
        return byUrl.keySet().stream().sorted().toList();
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
        if (request.entries().isEmpty()) {
            throw refusal(EmptyBatchRequestException.builder(), "an empty batch");
        }
        if (request.entries().size() > BATCH) {
            throw refusal(TooManyEntriesInBatchRequestException.builder(), "more than " + BATCH + " entries");
        }
        if (request.entries().stream()
                        .map(SendMessageBatchRequestEntry::id)
                        .distinct()
                        .count()
                < request.entries().size()) {
            throw refusal(BatchEntryIdsNotDistinctException.builder(), "ids that are not distinct");
        }
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

    /** Of a dead-letter queue, how many messages there are. */
    @Override
    public GetQueueAttributesResponse getQueueAttributes(GetQueueAttributesRequest request) {
        if (!request.queueUrl().endsWith(DEAD_LETTERS)
                || !request.attributeNames().equals(List.of(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))) {
            throw new UnsupportedOperationException(
                    "attributes " + request.attributeNames() + " of " + request.queueUrl());
        }
        String source = request.queueUrl().substring(0, request.queueUrl().length() - DEAD_LETTERS.length());
        return GetQueueAttributesResponse.builder()
                .attributes(Map.of(
                        QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                        Integer.toString(existing(source).deadLetters().size())))
                .build();
    }

    private Queue existing(String url) {
        Queue queue = byUrl.get(url);
        if (queue == null) {
            throw refusal(QueueDoesNotExistException.builder(), "no queue " + url);
        }
        return queue;
    }

    private String send(String url, String body, Integer delaySeconds) {
        Queue queue = existing(url);
        int delay = Objects.requireNonNullElse(delaySeconds, 0);
        if (delay < 0 || delay > LONGEST_DELAY_SECONDS) {
            throw refusal(
                    SqsException.builder(),
                    "a delay of " + delay + " s; 0 to " + LONGEST_DELAY_SECONDS + " are offered");
        }
        return queue.send(body, Duration.ofSeconds(delay));
    }

    private static AwsServiceException refusal(SqsException.Builder exception, String message) {
        return exception.message(message).statusCode(400).build();
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
