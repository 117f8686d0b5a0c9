package doubleeleven.notification.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Clients;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.SqsBatch;
import doubleeleven.aws.SqsBatch.Message;
import doubleeleven.aws.dynamodb.EndpointItems;
import doubleeleven.aws.dynamodb.Tables;
import doubleeleven.notification.delivery.Deliverer;
import doubleeleven.notification.delivery.Deliverer.Later;
import doubleeleven.notification.delivery.Deliverer.Patience;
import doubleeleven.notification.delivery.Sender;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Gatherers;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Tells merchants what a batch of decisions came to, all at once: one merchant's slow endpoint costs the batch its own time and no more. What
 * has to wait goes back to the queue as a message of its own, for one that is only hidden counts against what a queue can have in flight.
 */
public final class NotificationsHandler implements RequestStreamHandler {
    private static final int WORKERS = 10;

    private final Deliverer deliverer;
    private final SqsClient sqs;
    private final String queueUrl;
    private final int workers;
    private final SqsBatch batch;

    /** Called by Lambda. */
    public NotificationsHandler() {
        this(Host.lambda());
    }

    public NotificationsHandler(Host host) {
        this(host, new HttpSender(InetAddress::getAllByName, isLoopback(host.environment()), host.clock()));
    }

    /** Has notifications brought to merchants otherwise. */
    public NotificationsHandler(Host host, Sender sender) {
        Environment environment = host.environment();
        this.workers =
                environment.find("NOTIFICATION_WORKERS").map(Integer::parseInt).orElse(WORKERS);
        DynamoDbClient client = Clients.dynamoDb(host);
        String platform = Tables.platform(environment);
        this.deliverer = new Deliverer(
                merchant -> EndpointItems.find(client, platform, merchant),
                sender,
                new RuleSwitch(
                        client,
                        Tables.control(environment),
                        e -> host.log().error("The routing rule cannot be read", Map.of(), e),
                        host.clock()),
                new Patience(
                        Duration.ofSeconds(Long.parseLong(environment.require("NOTIFICATIONS_HELD_SECONDS"))),
                        Duration.ofHours(Long.parseLong(environment.require("NOTIFICATIONS_TRIED_HOURS")))),
                workers,
                new LoggedJournal(host.log(), host.metrics()),
                host.clock());
        this.sqs = Clients.local(SqsClient.class, SqsClient::builder, host);
        this.queueUrl = environment.require("NOTIFICATIONS_QUEUE_URL");
        this.batch = new SqsBatch(host.log());
    }

    private static boolean isLoopback(Environment environment) {
        return environment.find("LOOPBACK_ENDPOINTS").map(Boolean::parseBoolean).orElse(false);
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        batch.together(in, out, this::deliver);
    }

    private Set<String> deliver(List<Message> messages) {
        return messages.stream()
                .gather(Gatherers.mapConcurrent(workers, this::failed))
                .flatMap(Optional::stream)
                .collect(Collectors.toUnmodifiableSet());
    }

    private Optional<String> failed(Message message) {
        try {
            Optional<Later> later = deliverer.deliver(DecisionMessage.read(message.body()));
            later.ifPresent(left -> sqs.sendMessage(request -> request.queueUrl(queueUrl)
                    .messageBody(Json.write(DecisionMessage.to(message.body(), left.left())))
                    .delaySeconds(Math.toIntExact(left.in().toSeconds()))));
            return Optional.empty();
        } catch (RuntimeException e) {
            batch.failed(message, e);
            return Optional.of(message.id());
        }
    }
}
