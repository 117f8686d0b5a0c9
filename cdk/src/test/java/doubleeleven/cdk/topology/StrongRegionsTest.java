package doubleeleven.cdk.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrongRegionsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "us-east-1 us-east-2 us-west-2",
                "eu-west-1 eu-west-2 eu-central-1",
                "eu-west-3 eu-west-1 eu-central-1",
                "ap-northeast-3 ap-northeast-1 ap-northeast-2"
            })
    void threeRegionsOfOneSetAreStrong(String regions) {
        assertThat(StrongRegions.objection(List.of(regions.split(" ", -1)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "us-east-1 us-east-2 eu-west-1",
                "us-east-1 us-east-2 us-west-1",
                "ap-southeast-1 ap-southeast-2 ap-northeast-1",
                "eu-north-1 eu-west-1 eu-west-2"
            })
    void regionsThatAreNotOfOneSetAreRefusedByName(String regions) {
        assertThat(StrongRegions.objection(List.of(regions.split(" ", -1))))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains(regions.split(" ", -1))
                        .contains("multi-Region strong consistency")
                        .contains("us-west-2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "us-east-1",
                "us-east-1 us-east-2",
                "us-east-1 us-east-2 us-east-2",
                "eu-west-1 eu-west-2 eu-west-3 eu-central-1"
            })
    void anythingButThreeRegionsIsRefused(String regions) {
        assertThat(StrongRegions.objection(List.of(regions.split(" ", -1))))
                .hasValueSatisfying(why -> assertThat(why).contains("three different Regions"));
    }

    /** Refused, not weakened. */
    @Test
    void aTopologyOverRegionsWithoutStrongConsistencyIsNotDeployed() throws IOException {
        String weak = Files.readString(Path.of("topologies", "production.json")).replace("us-west-2", "us-west-1");

        assertThatThrownBy(() -> TopologyFile.parse(weak))
                .isInstanceOf(InvalidTopology.class)
                .hasMessageContaining("topology production cannot be deployed")
                .hasMessageContaining("us-west-1");
    }
}
