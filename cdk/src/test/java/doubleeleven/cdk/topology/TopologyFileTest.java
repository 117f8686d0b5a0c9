package doubleeleven.cdk.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import doubleeleven.routing.ShardRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopologyFileTest {
    @ParameterizedTest
    @ValueSource(strings = {"production", "sandbox"})
    void theProjectsTopologiesAreValid(String name) {
        Topology topology = TopologyFile.read(Path.of("topologies", name + ".json"));

        assertThat(topology.name()).isEqualTo(name);
        assertThat(topology.primaryRegion()).isEqualTo("us-east-1");
        assertThat(topology.replicaRegions()).containsExactly("us-east-2", "us-west-2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"production", "sandbox"})
    void everyShardHasExactlyOneOwnerAndItsStandbyIsInAnotherRegion(String name) {
        Topology topology = TopologyFile.read(Path.of("topologies", name + ".json"));

        assertThat(topology.units().stream()
                        .flatMap(unit -> unit.shards().stream())
                        .flatMapToInt(ShardRange::numbers)
                        .sorted()
                        .boxed())
                .containsExactlyElementsOf(IntStream.range(0, 100).boxed().toList());
        assertThat(topology.units())
                .allSatisfy(unit -> assertThat(topology.units())
                        .anyMatch(other -> other.name().equals(unit.standby())
                                && !other.region().equals(unit.region())));
    }

    @Test
    void theFirstRuleIsWhatTheTopologySays() throws IOException {
        Map<String, Object> rule = JSON.std.mapFrom(TopologyFile.firstRule(topology(all -> {})));

        assertThat(rule).containsEntry("version", 1).containsEntry("peak", 85_900);
        assertThat((List<?>) rule.get("units"))
                .hasSize(3)
                .first()
                .isEqualTo(Map.of(
                        "name",
                        "RZ01",
                        "region",
                        "us-east-1",
                        "standby",
                        "RZ02",
                        "capacity",
                        58_000,
                        "colours",
                        Map.of("a", 100, "b", 0),
                        "shards",
                        List.of("00-33")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name",
                "regions",
                "peak",
                "units",
                "shadow",
                "data",
                "data.retained",
                "data.deletionProtection",
                "data.pointInTimeRecovery",
                "data.encryption",
                "functions.architecture",
                "functions.memoryMegabytesAtMost",
                "functions.consumerTimeoutSecondsAtMost",
                "functions.streamReadersPerShard",
                "functions.phaseTwoMilliseconds",
                "functions.hedgeMilliseconds",
                "functions.featureReadMilliseconds",
                "functions.riskDeadlineMilliseconds",
                "functions.logRetentionDays",
                "queues.visibilityTimesTimeout",
                "queues.maxReceiveCount",
                "queues.retentionDays",
                "api.requestsPerSecond",
                "api.burst",
                "alarms.errors",
                "alarms.throttles",
                "alarms.oldestMessageSeconds",
                "alarms.periodSeconds",
                "watch.everySeconds",
                "watch.patienceMilliseconds",
                "notifications.concurrency",
                "notifications.heldSeconds",
                "notifications.triedHours",
                "notifications.loopback"
            })
    void aMissingFieldIsRefusedByName(String field) {
        assertThatThrownBy(() -> topology(all -> parent(all, field).remove(last(field))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(field + ":")
                .hasMessageContaining("nothing there");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "note",
                "data.deletionProtected",
                "functions.memory",
                "queues.fifo",
                "api.rate",
                "alarms.on",
                "watch.off",
                "notifications.email"
            })
    void anUnknownFieldIsRefusedByName(String field) {
        assertThatThrownBy(() -> topology(all -> parent(all, field).put(last(field), 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(last(field))
                .hasMessageContaining("unknown");
    }

    @Test
    void anUnknownFieldOfAUnitIsRefusedWithItsPlace() {
        assertThatThrownBy(() -> topology(all -> unit(all, 1).put("weight", 1)))
                .hasMessageContaining("units[1]")
                .hasMessageContaining("weight");
    }

    @Test
    void aFieldThatIsGivenTwiceIsRefused() {
        assertThatThrownBy(() -> TopologyFile.parse("{\"name\": \"one\", \"name\": \"two\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name");
    }

    @ParameterizedTest
    @CsvSource({
        "data.retained, yes",
        "data.encryption, aws_managed",
        "api.burst, many",
        "regions, us-east-1",
        "units, RZ01",
        "queues, none"
    })
    void aFieldOfTheWrongTypeIsRefusedByName(String field, String value) {
        assertThatThrownBy(() -> topology(all -> parent(all, field).put(last(field), value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(field + ":")
                .hasMessageContaining(value);
    }

    @ParameterizedTest
    @CsvSource({
        "peak, 1, 10000000",
        "functions.memoryMegabytesAtMost, 256, 10240",
        "functions.hedgeMilliseconds, 100, 10000",
        "functions.featureReadMilliseconds, 1, 5000",
        "functions.riskDeadlineMilliseconds, 1, 2500",
        "functions.consumerTimeoutSecondsAtMost, 5, 900",
        "functions.streamReadersPerShard, 1, 10",
        "functions.phaseTwoMilliseconds, 0, 1000",
        "functions.logRetentionDays, 1, 3653",
        "queues.visibilityTimesTimeout, 1, 48",
        "queues.maxReceiveCount, 1, 1000",
        "queues.retentionDays, 1, 14",
        "api.requestsPerSecond, 1, 1000000",
        "api.burst, 1, 1000000",
        "alarms.errors, 1, 1000000",
        "alarms.throttles, 1, 1000000",
        "alarms.oldestMessageSeconds, 1, 86400",
        "alarms.periodSeconds, 60, 86400",
        "watch.everySeconds, 0, 15",
        "watch.patienceMilliseconds, 100, 10000",
        "notifications.concurrency, 2, 1000",
        "notifications.heldSeconds, 1, 900",
        "notifications.triedHours, 1, 336"
    })
    void aNumberIsTakenFromItsLeastToItsMostAndRefusedByNameBeyond(String field, int least, int most) {
        for (int within : new int[] {least, most}) {
            assertThatCode(() -> topology(all -> {
                        for (int i = 0; i < 3; i++) {
                            unit(all, i).put("capacity", 10_000_000);
                        }
                        parent(all, field).put(last(field), within);
                    }))
                    .doesNotThrowAnyException();
        }
        for (int beyond : new int[] {least - 1, most + 1}) {
            assertThatThrownBy(() -> topology(all -> parent(all, field).put(last(field), beyond)))
                    .isInstanceOf(InvalidTopology.class)
                    .hasMessageContaining(field + ":")
                    .hasMessageContaining(String.valueOf(beyond));
        }
    }

    @Test
    void onlyWhereDataMayBeLostMayMerchantsBeOnTheMachineItself() {
        assertThatThrownBy(() ->
                        topology(all -> parent(all, "notifications.loopback").put("loopback", true)))
                .isInstanceOf(InvalidTopology.class)
                .hasMessageContaining("notifications.loopback:");
        assertThatCode(() -> topology(all -> {
                    parent(all, "data.retained").put("retained", false);
                    parent(all, "data.deletionProtection").put("deletionProtection", false);
                    parent(all, "notifications.loopback").put("loopback", true);
                }))
                .doesNotThrowAnyException();
    }

    @Test
    void aPeriodThatIsNoNumberOfMinutesIsRefused() {
        assertThatThrownBy(() ->
                        topology(all -> parent(all, "alarms.periodSeconds").put("periodSeconds", 90)))
                .hasMessageContaining("alarms.periodSeconds: a multiple of 60");
    }

    @Test
    void anArchitectureThatLambdaDoesNotHaveIsRefused() {
        assertThatThrownBy(() ->
                        topology(all -> parent(all, "functions.architecture").put("architecture", "riscv64")))
                .hasMessageContaining("functions.architecture")
                .hasMessageContaining("riscv64");
    }

    @Test
    void deletionProtectionWithoutRetentionIsRefused() {
        assertThatThrownBy(() -> topology(all -> parent(all, "data.retained").put("retained", false)))
                .hasMessageContaining("data.retained");
    }

    @Test
    void customerManagedKeysAreOnePerRegion() {
        Map<String, Object> keys = new HashMap<>(Map.of("us-east-1", "arn:1", "us-east-2", "arn:2"));
        Consumer<Map<String, Object>> own = all -> {
            parent(all, "data.encryption").put("encryption", "CUSTOMER_MANAGED");
            parent(all, "data.keys").put("keys", keys);
        };

        assertThatThrownBy(() -> topology(own)).hasMessageContaining("data.keys: a customer-managed key takes one");
        keys.put("us-west-2", "arn:3");
        assertThat(topology(own).data().keys()).isEqualTo(keys);
        assertThatThrownBy(() -> topology(all -> parent(all, "data.keys").put("keys", keys)))
                .hasMessageContaining("data.keys: not used by AWS_MANAGED");
    }

    @Test
    void aTopologyHasADomainOrNone() {
        assertThat(topology(all -> {}).domain()).isEmpty();

        DomainSettings domain =
                topology(all -> all.put("domain", domain())).domain().orElseThrow();

        assertThat(domain.name()).isEqualTo("pay.example.com");
        assertThat(domain.nameIn("us-east-2")).isEqualTo("us-east-2.pay.example.com");
        assertThat(domain.certificate("us-west-2")).contains(":us-west-2:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "hostedZoneId", "certificates"})
    void aDomainWithoutOneOfItsFieldsIsRefusedByName(String field) {
        Map<String, Object> domain = domain();
        domain.remove(field);

        assertThatThrownBy(() -> topology(all -> all.put("domain", domain)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("domain." + field + ":")
                .hasMessageContaining("nothing there");
    }

    @Test
    void anUnknownFieldOfADomainIsRefusedByName() {
        Map<String, Object> domain = domain();
        domain.put("ttl", 60);

        assertThatThrownBy(() -> topology(all -> all.put("domain", domain)))
                .hasMessageContaining("domain.")
                .hasMessageContaining("ttl")
                .hasMessageContaining("unknown");
    }

    @ParameterizedTest
    @CsvSource({
        "name, Pay.example.com",
        "name, pay",
        "name, pay..example.com",
        "name, -pay.example.com",
        "name, pay.example.com.",
        "name, *.example.com",
        "hostedZoneId, /hostedzone/Z01",
        "hostedZoneId, z01",
        "hostedZoneId, example.com"
    })
    void aDomainsFieldThatCannotBeIsRefusedByName(String field, String value) {
        Map<String, Object> domain = domain();
        domain.put(field, value);

        assertThatThrownBy(() -> topology(all -> all.put("domain", domain)))
                .isInstanceOf(InvalidTopology.class)
                .hasMessageContaining("domain." + field + ":")
                .hasMessageContaining("not " + value);
    }

    @Test
    void aDomainHasOneCertificateInEachRegionAndNoOthers() {
        for (List<String> regions : List.of(
                List.of("us-east-1", "us-east-2"), List.of("us-east-1", "us-east-2", "us-west-2", "eu-west-1"))) {
            assertThatThrownBy(() -> topology(all -> all.put("domain", domain(regions))))
                    .isInstanceOf(InvalidTopology.class)
                    .hasMessageContaining("domain.certificates: one for each of [us-east-1, us-east-2, us-west-2]")
                    .hasMessageContaining(
                            "these are for " + regions.stream().sorted().toList());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:acm:us-east-1:111122223333:certificate/1",
                "arn:aws:iam::111122223333:server-certificate/1",
                "pay.example.com"
            })
    void aCertificateThatARegionsApiCannotUseIsRefusedByName(String arn) {
        Map<String, Object> domain = domain();
        Map<String, String> certificates = certificates(List.of("us-east-1", "us-east-2", "us-west-2"));
        certificates.put("us-east-2", arn);
        domain.put("certificates", certificates);

        assertThatThrownBy(() -> topology(all -> all.put("domain", domain)))
                .isInstanceOf(InvalidTopology.class)
                .hasMessageContaining("domain.certificates.us-east-2:")
                .hasMessageContaining("not " + arn);
    }

    private static Map<String, Object> domain() {
        return domain(List.of("us-east-1", "us-east-2", "us-west-2"));
    }

    private static Map<String, Object> domain(List<String> regions) {
        return new HashMap<>(Map.of(
                "name",
                "pay.example.com",
                "hostedZoneId",
                "Z0123456789ABCDEFGHIJ",
                "certificates",
                certificates(regions)));
    }

    private static Map<String, String> certificates(List<String> regions) {
        Map<String, String> certificates = new HashMap<>();
        regions.forEach(
                region -> certificates.put(region, "arn:aws:acm:" + region + ":111122223333:certificate/1111-2222"));
        return certificates;
    }

    @Test
    void aShardWithoutAnOwnerIsRefusedByName() {
        assertThatThrownBy(() -> topology(all -> unit(all, 0).put("shards", List.of("00-32"))))
                .isInstanceOf(InvalidTopology.class)
                .hasMessageContaining("shard 33: owned by no unit");
    }

    @Test
    void aShardWithTwoOwnersIsRefusedWithBoth() {
        assertThatThrownBy(() -> topology(all -> unit(all, 0).put("shards", List.of("00-34"))))
                .isInstanceOf(InvalidTopology.class)
                .hasMessageContaining("shard 34: owned by RZ01 and by RZ02");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0-33", "33-00", "00-100", "all", "00 - 33"})
    void aRangeThatIsWrittenOtherwiseIsRefused(String range) {
        assertThatThrownBy(() -> topology(all -> unit(all, 0).put("shards", List.of(range))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aStandbyThatWouldBeLostWithItsUnitIsRefused() {
        assertThatThrownBy(() -> topology(all -> unit(all, 1).put("region", "us-east-1")))
                .hasMessageContaining("unit RZ01: its standby RZ02 is in the same Region");
    }

    @Test
    void aStandbyThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> topology(all -> unit(all, 0).put("standby", "RZ09")))
                .hasMessageContaining("unit RZ01: there is no unit RZ09");
    }

    @Test
    void aUnitOutsideTheRegionsIsRefused() {
        assertThatThrownBy(() -> topology(all -> unit(all, 2).put("region", "eu-west-1")))
                .hasMessageContaining("unit RZ03: eu-west-1 is not one of the Regions");
    }

    @Test
    void aUnitThatIsNamedTwiceIsRefused() {
        assertThatThrownBy(() -> topology(all -> unit(all, 1).put("name", "RZ01")))
                .hasMessageContaining("RZ01: named twice");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10_000_001})
    void aCapacityOutOfRangeIsRefusedWithItsUnit(int capacity) {
        assertThatThrownBy(() -> topology(all -> unit(all, 1).put("capacity", capacity)))
                .isInstanceOf(InvalidTopology.class)
                .hasMessageContaining("unit RZ02: capacity: from 1 to 10000000, not " + capacity);
    }

    @ParameterizedTest
    @CsvSource({"0, RZ03, RZ01, 57553", "1, RZ01, RZ02, 57553", "2, RZ02, RZ03, 56694"})
    void aTopologyWhosePeakNoStandbyCouldCarryIsRefused(int index, String lost, String standby, int needed) {
        assertThatThrownBy(() -> topology(all -> unit(all, index).put("capacity", needed - 1)))
                .isInstanceOf(InvalidTopology.class)
                .hasMessageContaining("unit " + standby + ": capacity " + (needed - 1) + " is less than the " + needed
                        + " payments a second that it has to carry should " + lost + " be lost, of a peak of 85900");
        assertThatCode(() -> topology(all -> unit(all, index).put("capacity", needed)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "50, 58000, 2900",
        "50, 58001, 2901",
        "5, 58000, 1250",
        "0, 58000, 0",
    })
    void phaseTwoKeepsWhatItIsBusyWithAtFullCapacityAndNoFewerThanPollersAskFor(
            int milliseconds, int capacity, int kept) {
        Topology topology = topology(all -> {
            parent(all, "functions.phaseTwoMilliseconds").put("phaseTwoMilliseconds", milliseconds);
            unit(all, 0).put("capacity", capacity);
        });

        assertThat(topology.phaseTwoConcurrency(topology.units().getFirst())).isEqualTo(kept);
    }

    @Test
    void weightsThatDoNotSumToAHundredAreRefused() {
        assertThatThrownBy(() -> topology(all -> unit(all, 0).put("colours", Map.of("a", 90, "b", 20))))
                .hasMessageContaining("unit RZ01: weights of colours");
        assertThatThrownBy(() -> topology(all -> unit(all, 0).put("colours", Map.of("a", 110, "b", -10))))
                .hasMessageContaining("unit RZ01: weights of colours");
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        assertThatThrownBy(() -> topology(all -> {
                    unit(all, 0).put("standby", "RZ09");
                    parent(all, "api.burst").put("burst", 0);
                }))
                .hasMessageContaining("RZ09")
                .hasMessageContaining("api.burst");
    }

    private static Topology topology(Consumer<Map<String, Object>> change) {
        try {
            Map<String, Object> all = JSON.std.mapFrom(Files.readString(Path.of("topologies", "production.json")));
            change.accept(all);
            return TopologyFile.parse(JSON.std.asString(all));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unchecked") // every JSON object is a map of texts
    private static Map<String, Object> parent(Map<String, Object> all, String field) {
        int dot = field.indexOf('.');
        return dot < 0 ? all : (Map<String, Object>) all.get(field.substring(0, dot));
    }

    private static String last(String field) {
        return field.substring(field.indexOf('.') + 1);
    }

    @SuppressWarnings("unchecked") // every JSON object is a map of texts
    private static Map<String, Object> unit(Map<String, Object> all, int index) {
        return ((List<Map<String, Object>>) all.get("units")).get(index);
    }
}
