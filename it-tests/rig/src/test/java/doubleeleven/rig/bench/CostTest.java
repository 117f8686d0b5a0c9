package doubleeleven.rig.bench;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.rig.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CostTest {
    private static final Path SANDBOX = Path.of("../../cdk/topologies/sandbox.json");
    private static final Path COUNTED = Path.of("src/test/resources/cost-per-payment.txt");

    /** A call that is added, or saved, shows here: {@code localstack/eleven cost} prints the new table. */
    @Test
    void aPaymentCostsWhatIsWrittenDown() throws IOException {
        assertThat(Cost.table(Topology.read(SANDBOX))).isEqualTo(Files.readString(COUNTED));
    }
}
