package doubleeleven.cdk.topology;

/**
 * Settings of the queues.
 *
 * @param visibilityTimesTimeout how many timeouts of its consumer a message stays hidden
 * @param maxReceiveCount after so many tries a message goes to the dead-letter queue
 */
public record QueueSettings(int visibilityTimesTimeout, int maxReceiveCount, int retentionDays) {}
