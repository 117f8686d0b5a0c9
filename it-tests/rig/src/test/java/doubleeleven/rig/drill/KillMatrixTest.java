package doubleeleven.rig.drill;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.rig.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** No single kill stops more than its unit's shards, nor anybody else for longer than a second. */
class KillMatrixTest {
    private static final Path SANDBOX = Path.of("../../cdk/topologies/sandbox.json");
    private static final Path KNOWN = Path.of("src/test/resources/kill-matrix.txt");

    /** {@code localstack/eleven kill-matrix} prints the new one. */
    @Test
    void whateverDiesStopsNoMoreThanIsWrittenDown() throws IOException {
        Matrix matrix = KillMatrix.run(Topology.read(SANDBOX));

        assertThat(matrix.faults()).isEmpty();
        assertThat(matrix.text()).isEqualTo(Files.readString(KNOWN));
    }

    @Test
    void whoStopsOthersCustomersOrKeepsThemWaitingIsFound() {
        Row fine = row("RZ01-a/score-risk", Map.of("RZ01-a", "xxx", "RZ02-a", "..s"), 1000, 0);
        Row door = row("us-east-1/gateway", Map.of("RZ01-a", "x..", "RZ02-a", "x.."), 0, 0);
        assertThat(matrix(fine, door).faults()).isEmpty();

        assertThat(matrix(row("RZ01-a/score-risk", Map.of("RZ01-a", "...", "RZ02-a", "xox"), 0, 0))
                        .faults())
                .containsExactly("RZ01-a/score-risk stops customers of [RZ02-a]");
        assertThat(matrix(row("double11-rz01-a-posting", Map.of("RZ01-a", "xxx"), 0, 0))
                        .faults())
                .isEmpty();
        assertThat(matrix(row("us-east-1/relay", Map.of("RZ01-a", "..."), 1001, 2))
                        .faults())
                .containsExactly(
                        "us-east-1/relay keeps somebody waiting for 1001 ms", "us-east-1/relay leaves 2 payments open");
    }

    private static Row row(String name, Map<String, String> served, long millis, int open) {
        return new Row("function", name, served, Duration.ofMillis(millis), open);
    }

    private static Matrix matrix(Row... rows) {
        return new Matrix(List.of("us-east-1", "us-east-2", "us-west-2"), List.of("RZ01-a", "RZ02-a"), List.of(rows));
    }
}
