package doubleeleven.it.blackbox;

import doubleeleven.it.client.Sandbox.Fault;
import doubleeleven.it.client.Sandbox.Rule;
import java.util.ArrayList;
import java.util.List;

/** The faults of one test, which leaves none behind. */
final class Faults {
    /** They end by themselves where the test dies. */
    private static final int SECONDS = 300;

    private final List<Fault> faults = new ArrayList<>();

    Fault inject(Rule rule) {
        Fault fault = World.sandbox().inject(rule.seconds(SECONDS));
        faults.add(fault);
        return fault;
    }

    void repair() {
        faults.forEach(Fault::remove);
    }
}
