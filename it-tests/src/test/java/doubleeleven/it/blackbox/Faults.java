package doubleeleven.it.blackbox;

import doubleeleven.it.client.Sandbox.Fault;
import doubleeleven.it.client.Sandbox.Rule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The faults of one test, which leaves none behind. */
final class Faults implements AfterEachCallback {
    /** They end by themselves where the test dies. */
    private static final int SECONDS = 600;

    private final List<Fault> faults = new ArrayList<>();

    Fault inject(Rule rule) {
        Fault fault = World.sandbox().inject(rule.seconds(SECONDS));
        faults.add(fault);
        return fault;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        faults.forEach(Fault::remove);
    }
}
