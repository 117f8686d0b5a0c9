package doubleeleven.cdk.topology;

/**
 * When alarms go off.
 *
 * @param errors failed calls of one function within the period; one that runs by a schedule alarms at the first
 * @param throttles refused calls of one function within the period, likewise
 * @param oldestMessageSeconds how old a message of a queue, or a record of the stream, may get
 */
public record AlarmSettings(int errors, int throttles, int oldestMessageSeconds, int periodSeconds) {}
