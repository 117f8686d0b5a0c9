package doubleeleven.gateway;

import java.time.Instant;
import java.util.Optional;

/** Stress tests on record. */
public interface StressTests {
    Optional<StressTest> find(String id);

    /** Puts a new one on record, and answers what is on record under its id then: another one, where the id was taken. */
    StressTest admit(StressTest test);

    /** Stops one for good; the first stop counts. */
    void stop(String id, Instant now);
}
