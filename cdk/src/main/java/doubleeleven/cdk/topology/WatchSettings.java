package doubleeleven.cdk.topology;

/**
 * How each Region watches the units.
 *
 * @param everySeconds between two looks; 0 where the schedule is off, and whoever invokes the function has one look
 * @param patienceMilliseconds how long a unit may take over a synthetic payment
 */
public record WatchSettings(int everySeconds, int patienceMilliseconds) {
    public boolean isScheduled() {
        return everySeconds > 0;
    }
}
