package doubleeleven.gateway.stress;

import java.time.Instant;

/** Which stress tests doors let in. */
public interface Admissions {
    boolean isRunning(String test, Instant now);

    /** Has the gateways that take the test's calls count live payments from now on. */
    void watch(String test);

    /** Has the marks of the test refused everywhere, for good. */
    void close(String test, Instant now);
}
