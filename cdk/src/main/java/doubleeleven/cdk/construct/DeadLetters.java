package doubleeleven.cdk.construct;

import doubleeleven.cdk.construct.Alarms.MetricOf;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

/** Where what was given up waits for an operator, with an alarm on the first message. */
public final class DeadLetters extends Construct {
    private static final int DAYS = 14;

    private final Queue queue;

    /** For what a queue's consumer gave up: it can be moved back to the queue. */
    DeadLetters(Construct scope, String id, Deployment deployment, String name) {
        this(
                scope,
                id,
                deployment,
                name,
                "then preview and redrive them: eleven redrive " + name + " --region "
                        + Stack.of(scope).getRegion() + " --dry-run");
    }

    /**
     * Creates the queue.
     *
     * @param remedy what to do with the messages once their cause is found
     */
    public DeadLetters(Construct scope, String id, Deployment deployment, String name, String remedy) {
        super(scope, id);
        queue = Queue.Builder.create(this, "Queue")
                .queueName(name)
                .encryption(QueueEncryption.SQS_MANAGED)
                .enforceSsl(true)
                .retentionPeriod(Duration.days(DAYS))
                .build();
        Nag.accept(queue, "AwsSolutions-SQS3", "This queue is a dead-letter queue.");
        Alarms.create(
                this,
                "Waiting",
                deployment,
                name + "-waiting",
                "Messages were given up: find the cause, " + remedy + ".",
                MetricOf.maximum("AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", name),
                1);
    }

    public Queue queue() {
        return queue;
    }
}
