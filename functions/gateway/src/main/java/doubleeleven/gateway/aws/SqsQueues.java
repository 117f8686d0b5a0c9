package doubleeleven.gateway.aws;

import doubleeleven.aws.Json;
import doubleeleven.gateway.operations.Queues;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Dead-letter queues in SQS, by naming convention. */
final class SqsQueues implements Queues {
    /** The most that one call receives. */
    private static final int RECEIVED_AT_ONCE = 10;
    /** A queue gives fewer than it has; what it holds back in two calls is seen in the next look. */
    private static final int CALLS = 3;
    /** Should the look die in the middle, what it saw is visible to others again this much later. */
    private static final int LOOK_SECONDS = 5;
    /** Longer than the call may take: what is not moved by then is visible again and stays. */
    private static final int MOVE_SECONDS = 30;

    private final SqsClient client;
    private final String region;
    private final ResourceNames names;

    SqsQueues(SqsClient client, String region, ResourceNames names) {
        this.client = client;
        this.region = region;
        this.names = names;
    }

    @Override
    public long waiting(String queue) {
        QueueAttributeName visible = QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES;
        Map<QueueAttributeName, String> attributes = client.getQueueAttributes(
                        request -> request.queueUrl(url(queue)).attributeNames(visible))
                .attributes();
        return Long.parseLong(attributes.getOrDefault(visible, "0"));
    }

    @Override
    public List<Letter> look(String queue, int most) {
        List<Message> seen = receive(queue, most, LOOK_SECONDS);
        if (!seen.isEmpty()) {
            List<ChangeMessageVisibilityBatchRequestEntry> back = new ArrayList<>();
            for (Message message : seen) {
                back.add(ChangeMessageVisibilityBatchRequestEntry.builder()
                        .id(Integer.toString(back.size()))
                        .receiptHandle(message.receiptHandle())
                        .visibilityTimeout(0)
                        .build());
            }
            // One that cannot be put back comes back by itself.
            client.changeMessageVisibilityBatch(
                    request -> request.queueUrl(url(queue)).entries(back));
        }
        return seen.stream().map(SqsQueues::letter).toList();
    }

    @Override
    public Optional<Move> lastMove(String queue) {
        return client
                .listMessageMoveTasks(request -> request.sourceArn(arn(queue)).maxResults(1))
                .results()
                .stream()
                .findFirst()
                .map(task -> new Move(
                        task.status(),
                        task.approximateNumberOfMessagesMoved() == null ? 0 : task.approximateNumberOfMessagesMoved()));
    }

    @Override
    public void moveAll(String from, String to) {
        // Named, because what a topic could not deliver lies here too and knows no queue that it came from.
        client.startMessageMoveTask(request -> request.sourceArn(arn(from)).destinationArn(arn(to)));
    }

    @Override
    public int moveSome(String from, String to, int most) {
        int moved = 0;
        for (Message message : receive(from, most, MOVE_SECONDS)) {
            // Sent first: one that is there twice is harmless, one that is nowhere is lost.
            client.sendMessage(request -> request.queueUrl(url(to)).messageBody(message.body()));
            client.deleteMessage(request -> request.queueUrl(url(from)).receiptHandle(message.receiptHandle()));
            moved++;
        }
        return moved;
    }

    private List<Message> receive(String queue, int most, int hiddenSeconds) {
        Map<String, Message> received = new LinkedHashMap<>();
        for (int call = 0; call < CALLS && received.size() < most; call++) {
            int wanted = Math.min(RECEIVED_AT_ONCE, most - received.size());
            List<Message> some = client.receiveMessage(request -> request.queueUrl(url(queue))
                            .maxNumberOfMessages(wanted)
                            .visibilityTimeout(hiddenSeconds)
                            // Asks all servers of the queue and not a few.
                            .waitTimeSeconds(1)
                            .messageSystemAttributeNames(
                                    MessageSystemAttributeName.SENT_TIMESTAMP,
                                    MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT))
                    .messages();
            if (some.isEmpty()) {
                break;
            }
            some.forEach(message -> received.put(message.messageId(), message));
        }
        return List.copyOf(received.values());
    }

    private static Letter letter(Message message) {
        Map<MessageSystemAttributeName, String> attributes = message.attributes();
        return new Letter(
                message.messageId(),
                body(message),
                Instant.ofEpochMilli(
                        Long.parseLong(attributes.getOrDefault(MessageSystemAttributeName.SENT_TIMESTAMP, "0"))),
                Integer.parseInt(attributes.getOrDefault(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "0")));
    }

    private static Map<String, Object> body(Message message) {
        try {
            return Json.object(message.body());
        } catch (Json.MalformedJson e) {
            return Map.of();
        }
    }

    private String url(String queue) {
        return names.queueUrl(region, queue);
    }

    private String arn(String queue) {
        return names.queueArn(region, queue);
    }
}
