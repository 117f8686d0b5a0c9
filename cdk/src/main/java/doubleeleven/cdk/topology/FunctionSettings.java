package doubleeleven.cdk.topology;

/**
 * Limits that functions are held to, whatever they ask for.
 *
 * @param architecture arm64 or x86_64
 * @param consumerTimeoutSecondsAtMost for consumers of queues, whose messages stay hidden for a multiple of it
 * @param streamReadersPerShard how many batches of one stream shard are worked on at a time
 * @param hedgeMilliseconds how long the gateway waits for a unit before it has the standby run the same attempt as well: longer than all but
 *     one payment in a hundred take while all is well, and half of what one may take after a unit is lost
 * @param featureReadMilliseconds how long a risk decision waits for the payer's features before it does without
 * @param phaseTwoMilliseconds how long finishing one decided payment takes, which says how many executions are kept for it; 0 keeps none
 * @param riskDeadlineMilliseconds how long a risk decision may take in all; a model that is late is not waited for
 */
public record FunctionSettings(
        String architecture,
        int memoryMegabytesAtMost,
        int consumerTimeoutSecondsAtMost,
        int streamReadersPerShard,
        int phaseTwoMilliseconds,
        int hedgeMilliseconds,
        int featureReadMilliseconds,
        int riskDeadlineMilliseconds,
        int logRetentionDays) {}
