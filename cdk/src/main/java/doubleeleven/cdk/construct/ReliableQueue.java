package doubleeleven.cdk.construct;

import doubleeleven.cdk.construct.Alarms.MetricOf;
import doubleeleven.cdk.topology.QueueSettings;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.sns.ITopic;
import software.amazon.awscdk.services.sns.SubscriptionFilter;
import software.amazon.awscdk.services.sns.subscriptions.SqsSubscription;
import software.amazon.awscdk.services.sqs.DeadLetterQueue;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

/** A queue that loses nothing: what fails too often goes to a dead-letter queue with an alarm; both speak TLS only. */
public final class ReliableQueue extends Construct {
    private final String name;
    private final Queue queue;
    private final DeadLetters deadLetters;

    /**
     * Creates the queue.
     *
     * @param consumerTimeoutSeconds the timeout its consumer asks for, of which visibility is a multiple
     */
    public ReliableQueue(Construct scope, String id, Deployment deployment, String name, int consumerTimeoutSeconds) {
        super(scope, id);
        this.name = name;
        QueueSettings settings = deployment.topology().queues();
        deadLetters = new DeadLetters(this, "DeadLetters", deployment, name + "-dlq");
        queue = Queue.Builder.create(this, "Queue")
                .queueName(name)
                .encryption(QueueEncryption.SQS_MANAGED)
                .enforceSsl(true)
                .visibilityTimeout(Duration.seconds(settings.visibilityTimesTimeout()
                        * JavaFunction.consumerTimeoutSeconds(deployment, consumerTimeoutSeconds)))
                .retentionPeriod(Duration.days(settings.retentionDays()))
                .deadLetterQueue(DeadLetterQueue.builder()
                        .queue(deadLetters.queue())
                        .maxReceiveCount(settings.maxReceiveCount())
                        .build())
                .build();
    }

    public String arn() {
        return queue.getQueueArn();
    }

    public String url() {
        return queue.getQueueUrl();
    }

    /** Receives what matches the filter, as published, without an envelope. */
    public ReliableQueue subscribe(ITopic topic, Map<String, SubscriptionFilter> filter) {
        topic.addSubscription(SqsSubscription.Builder.create(queue)
                .rawMessageDelivery(true)
                .filterPolicy(filter)
                .deadLetterQueue(deadLetters.queue())
                .build());
        return this;
    }

    /** Adds an alarm on the age of the oldest message, for work that somebody waits for. */
    public ReliableQueue alarmOnAge(Deployment deployment) {
        return alarmOnAge(deployment, 0);
    }

    /**
     * The same, where messages are made to wait.
     *
     * @param madeToWaitSeconds how long at most
     */
    public ReliableQueue alarmOnAge(Deployment deployment, int madeToWaitSeconds) {
        Alarms.create(
                this,
                "Age",
                deployment,
                name + "-age",
                "The oldest message of " + name + " waits too long: its consumer is down, too slow or throttled.",
                MetricOf.maximum("AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", name),
                madeToWaitSeconds + deployment.topology().alarms().oldestMessageSeconds());
        return this;
    }
}
