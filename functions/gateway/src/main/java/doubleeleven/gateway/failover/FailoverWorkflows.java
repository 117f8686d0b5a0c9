package doubleeleven.gateway.failover;

/** Where failovers are carried out. */
@FunctionalInterface
public interface FailoverWorkflows {
    /**
     * Has the workflow of that direction begin, in the Region that the failover names; once, however often it is asked to.
     *
     * @return whether it could be reached
     */
    boolean start(Failover failover);
}
