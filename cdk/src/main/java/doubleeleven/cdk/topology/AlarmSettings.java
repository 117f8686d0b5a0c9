package doubleeleven.cdk.topology;

/**
 * When alarms go off.
 *
 * @param errors failed calls of one function within the period
 * @param throttles refused calls of one function within the period
 * @param oldestMessageSeconds how old a message of phase two, or a record of the stream, may get
 */
public record AlarmSettings(int errors, int throttles, int oldestMessageSeconds, int periodSeconds) {}
