package doubleeleven.cdk.topology;

import doubleeleven.ids.Shard;
import doubleeleven.routing.Load;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.RuleDraft;
import doubleeleven.routing.ShardRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One deployment: its Regions, its units and the settings in which deployments differ. An instance is valid.
 *
 * @param regionNames three Regions of one strongly consistent set, the primary first
 * @param peak payments a second that are planned for in all: whichever unit is lost, its standby can carry both units' part
 * @param domain absent where each door is known by the address that API Gateway gave it alone
 * @param shadow whether stress tests have resources of their own beside the live ones
 */
public record Topology(
        String name,
        List<String> regionNames,
        int peak,
        List<Unit> units,
        boolean shadow,
        DataSettings data,
        FunctionSettings functions,
        QueueSettings queues,
        ApiSettings api,
        AlarmSettings alarms,
        WatchSettings watch,
        NotificationSettings notifications,
        Optional<DomainSettings> domain) {
    private static final Pattern UNIT_NAME = Pattern.compile("[A-Z][A-Z0-9]{1,9}");
    private static final Pattern COLOUR_NAME = Pattern.compile("[a-z]");
    /** Batches of one queue that Lambda has in work at a time, unless AWS has raised that. */
    private static final int POLLERS_AT_MOST = 1250;

    public Topology {
        regionNames = List.copyOf(regionNames);
        units = List.copyOf(units);
        List<String> problems = new ArrayList<>();
        StrongRegions.objection(regionNames).ifPresent(problems::add);
        checkUnits(regionNames, units, problems);
        checkShards(units, problems);
        checkSettings(regionNames, data, functions, queues, api, alarms, watch, notifications, problems);
        if (domain.isPresent()) {
            checkDomain(regionNames, domain.get(), problems);
        }
        checkRates(peak, units, problems);
        if (problems.isEmpty()) {
            checkLoads(peak, units, problems);
        }
        if (!problems.isEmpty()) {
            throw new InvalidTopology(name, problems);
        }
    }

    public String primaryRegion() {
        return regionNames.getFirst();
    }

    /** The other Regions, which hold replicas of the tables. */
    public List<String> replicaRegions() {
        return regionNames.subList(1, regionNames.size());
    }

    /**
     * Executions to keep for phase two in each colour of the unit, whatever else floods the Region; 0 where none are kept. The unit's capacity
     * counts, since that is what it has to finish when another one is lost, and each colour may be given all of it. The messages of a batch
     * are finished one after the other, so the size of a batch does not matter. Never fewer than Lambda's pollers may ask for: a message that
     * meets a function without executions left has been received once more, and is on its way to the dead-letter queue.
     */
    public int phaseTwoConcurrency(Unit unit) {
        int each = functions.phaseTwoMilliseconds();
        long busy = Math.ceilDiv((long) unit.capacity() * each, 1000);
        return each == 0 ? 0 : Math.toIntExact(Math.max(busy, POLLERS_AT_MOST));
    }

    public List<Region> regions() {
        return regionNames.stream().map(this::region).toList();
    }

    public Region region(String region) {
        return new Region(
                region,
                region.equals(primaryRegion()),
                units.stream().filter(unit -> unit.region().equals(region)).toList());
    }

    private static void checkUnits(List<String> regions, List<Unit> units, List<String> problems) {
        Map<String, Unit> byName = new HashMap<>();
        for (Unit unit : units) {
            if (!UNIT_NAME.matcher(unit.name()).matches()) {
                problems.add("unit " + unit.name() + ": a name is 2 to 10 capital letters and digits, such as RZ01");
            }
            if (byName.put(unit.name(), unit) != null) {
                problems.add("unit " + unit.name() + ": named twice");
            }
            if (!regions.contains(unit.region())) {
                problems.add("unit " + unit.name() + ": " + unit.region() + " is not one of the Regions " + regions);
            }
            checkColours(unit, problems);
        }
        for (Unit unit : units) {
            Unit standby = byName.get(unit.standby());
            if (standby == null) {
                problems.add("unit " + unit.name() + ": there is no unit " + unit.standby() + " to stand by");
            } else if (standby.region().equals(unit.region())) {
                problems.add("unit " + unit.name() + ": its standby " + standby.name() + " is in the same Region "
                        + unit.region() + " and would be lost with it");
            }
        }
    }

    private static void checkColours(Unit unit, List<String> problems) {
        if (unit.colours().stream()
                .anyMatch(colour -> !COLOUR_NAME.matcher(colour.name()).matches())) {
            problems.add("unit " + unit.name() + ": a colour is one lower-case letter, these are " + unit.colours());
        }
        int sum = unit.colours().stream().mapToInt(Colour::weight).sum();
        if (sum != 100 || unit.colours().stream().anyMatch(colour -> colour.weight() < 0)) {
            problems.add("unit " + unit.name() + ": weights of colours are 0 or more and sum to 100, these are "
                    + unit.colours());
        }
    }

    private static void checkShards(List<Unit> units, List<String> problems) {
        String[] owners = new String[Shard.COUNT];
        for (Unit unit : units) {
            for (ShardRange range : unit.shards()) {
                range.numbers().forEach(shard -> {
                    if (owners[shard] != null) {
                        problems.add(
                                String.format("shard %02d: owned by %s and by %s", shard, owners[shard], unit.name()));
                    }
                    owners[shard] = unit.name();
                });
            }
        }
        for (int shard = 0; shard < owners.length; shard++) {
            if (owners[shard] == null) {
                problems.add(String.format("shard %02d: owned by no unit", shard));
            }
        }
    }

    private static void checkRates(int peak, List<Unit> units, List<String> problems) {
        int most = Math.toIntExact(RuleDraft.MOST_A_SECOND);
        range(problems, "peak", peak, 1, most);
        units.forEach(unit -> range(problems, "unit " + unit.name() + ": capacity", unit.capacity(), 1, most));
    }

    /** What a rule is held to when it is published, the first one is held to when it is deployed. */
    private static void checkLoads(int peak, List<Unit> units, List<String> problems) {
        String[] owners = new String[Shard.COUNT];
        Map<String, doubleeleven.routing.Unit> ruled = new HashMap<>();
        for (Unit unit : units) {
            unit.shards().forEach(range -> range.numbers().forEach(shard -> owners[shard] = unit.name()));
            SortedMap<String, Integer> weights = new TreeMap<>();
            unit.colours().forEach(colour -> weights.put(colour.name(), colour.weight()));
            ruled.put(
                    unit.name(),
                    new doubleeleven.routing.Unit(
                            unit.name(), unit.region(), unit.standby(), unit.capacity(), weights));
        }
        for (Load load : new RoutingRule(1, peak, List.of(owners), ruled).loads()) {
            if (!load.isCarried()) {
                problems.add("unit " + load.unit() + ": capacity " + load.available() + " is less than the "
                        + load.needed() + " payments a second that it has to carry"
                        + (load.lost() == null ? "" : " should " + load.lost() + " be lost") + ", of a peak of "
                        + peak);
            }
        }
    }

    private static void checkSettings(
            List<String> regions,
            DataSettings data,
            FunctionSettings functions,
            QueueSettings queues,
            ApiSettings api,
            AlarmSettings alarms,
            WatchSettings watch,
            NotificationSettings notifications,
            List<String> problems) {
        Set<String> keyed = data.keys().keySet();
        boolean own = data.encryption() == Encryption.CUSTOMER_MANAGED;
        if (!keyed.equals(own ? new HashSet<>(regions) : Set.of())) {
            problems.add("data.keys: "
                    + (own
                            ? "a customer-managed key takes one key ARN for each of " + regions
                            : "not used by " + data.encryption())
                    + ", these are for " + keyed.stream().sorted().collect(Collectors.toList()));
        }
        if (data.deletionProtection() && !data.retained()) {
            problems.add("data.retained: a table with deletion protection cannot be deleted with its stack");
        }
        if (!Set.of("arm64", "x86_64").contains(functions.architecture())) {
            problems.add("functions.architecture: arm64 or x86_64, not " + functions.architecture());
        }
        range(problems, "functions.memoryMegabytesAtMost", functions.memoryMegabytesAtMost(), 256, 10_240);
        range(problems, "functions.hedgeMilliseconds", functions.hedgeMilliseconds(), 100, 10_000);
        range(problems, "functions.featureReadMilliseconds", functions.featureReadMilliseconds(), 1, 5000);
        // Its function ends after three seconds.
        range(problems, "functions.riskDeadlineMilliseconds", functions.riskDeadlineMilliseconds(), 1, 2500);
        range(problems, "functions.consumerTimeoutSecondsAtMost", functions.consumerTimeoutSecondsAtMost(), 5, 900);
        range(problems, "functions.streamReadersPerShard", functions.streamReadersPerShard(), 1, 10);
        range(problems, "functions.phaseTwoMilliseconds", functions.phaseTwoMilliseconds(), 0, 1000);
        range(problems, "functions.logRetentionDays", functions.logRetentionDays(), 1, 3653);
        // Lambda refuses a queue whose messages reappear before their consumer has timed out.
        range(problems, "queues.visibilityTimesTimeout", queues.visibilityTimesTimeout(), 1, 48);
        range(problems, "queues.maxReceiveCount", queues.maxReceiveCount(), 1, 1000);
        range(problems, "queues.retentionDays", queues.retentionDays(), 1, 14);
        range(problems, "api.requestsPerSecond", api.requestsPerSecond(), 1, 1_000_000);
        range(problems, "api.burst", api.burst(), 1, 1_000_000);
        range(problems, "alarms.errors", alarms.errors(), 1, 1_000_000);
        range(problems, "alarms.throttles", alarms.throttles(), 1, 1_000_000);
        range(problems, "alarms.oldestMessageSeconds", alarms.oldestMessageSeconds(), 1, 86_400);
        range(problems, "alarms.periodSeconds", alarms.periodSeconds(), 60, 86_400);
        if (alarms.periodSeconds() % 60 != 0) {
            problems.add("alarms.periodSeconds: a multiple of 60, not " + alarms.periodSeconds());
        }
        // What was seen half a minute ago does not count, and one look may fail.
        range(problems, "watch.everySeconds", watch.everySeconds(), 0, 15);
        range(problems, "watch.patienceMilliseconds", watch.patienceMilliseconds(), 100, 10_000);
        // As Lambda takes it for one queue.
        range(problems, "notifications.concurrency", notifications.concurrency(), 2, 1000);
        range(
                problems,
                "notifications.heldSeconds",
                notifications.heldSeconds(),
                1,
                NotificationSettings.LONGEST_DELAY_SECONDS);
        range(problems, "notifications.triedHours", notifications.triedHours(), 1, 336);
        if (notifications.loopback() && data.retained()) {
            problems.add("notifications.loopback: not where data is to last, for then merchants are elsewhere");
        }
    }

    private static void checkDomain(List<String> regions, DomainSettings domain, List<String> problems) {
        if (!DomainSettings.NAME.matcher(domain.name()).matches()) {
            problems.add("domain.name: a name in lower case such as pay.example.com, not " + domain.name());
        }
        if (!DomainSettings.ZONE.matcher(domain.hostedZoneId()).matches()) {
            problems.add("domain.hostedZoneId: the id of a hosted zone such as Z0123456789ABCDEFGHIJ, not "
                    + domain.hostedZoneId());
        }
        if (!domain.certificates().keySet().equals(Set.copyOf(regions))) {
            problems.add("domain.certificates: one for each of " + regions + ", these are for "
                    + domain.certificates().keySet().stream().sorted().toList());
        }
        domain.certificates().forEach((region, arn) -> {
            // A regional API takes a certificate of its own Region alone.
            if (!DomainSettings.certificateIn(region).matcher(arn).matches()) {
                problems.add("domain.certificates." + region + ": the ARN of a certificate of ACM in " + region
                        + ", not " + arn);
            }
        });
    }

    private static void range(List<String> problems, String field, int value, int least, int most) {
        if (value < least || value > most) {
            problems.add(field + ": from " + least + " to " + most + ", not " + value);
        }
    }
}
