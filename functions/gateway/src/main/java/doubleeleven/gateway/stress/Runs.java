package doubleeleven.gateway.stress;

import java.util.Optional;

/** Runs of stress tests on record, one for each test. */
public interface Runs {
    Optional<Run> find(String test);

    /** Writes a run in place of its revision before; false where that is not the one there. */
    boolean save(Run run);
}
