package doubleeleven.cdk.topology;

import com.fasterxml.jackson.jr.ob.JSON;
import doubleeleven.routing.ShardRange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Topologies as JSON. A misspelt field is an error: a setting that is silently ignored may be the one that protects the data. */
public final class TopologyFile {
    private static final JSON STRICT = JSON.std.with(JSON.Feature.FAIL_ON_DUPLICATE_MAP_KEYS);

    private TopologyFile() {}

    public static Topology read(Path file) {
        String json;
        try {
            json = Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "no topology at " + file.toAbsolutePath().normalize(), e);
        }
        return parse(json);
    }

    static Topology parse(String json) {
        Fields topology;
        try {
            topology = new Fields("", STRICT.mapFrom(json));
        } catch (IOException e) {
            throw new IllegalArgumentException("a topology is a JSON object: " + e.getMessage(), e);
        }
        Fields data = topology.object("data");
        Fields functions = topology.object("functions");
        Fields queues = topology.object("queues");
        Fields api = topology.object("api");
        Fields alarms = topology.object("alarms");
        Fields watch = topology.object("watch");
        Fields notifications = topology.object("notifications");
        Topology read = new Topology(
                topology.text("name"),
                topology.texts("regions"),
                topology.number("peak"),
                topology.objects("units").stream().map(TopologyFile::unit).toList(),
                topology.flag("shadow"),
                new DataSettings(
                        data.flag("retained"),
                        data.flag("deletionProtection"),
                        data.flag("pointInTimeRecovery"),
                        data.choice("encryption", Encryption.class),
                        keys(data)),
                new FunctionSettings(
                        functions.text("architecture"),
                        functions.number("memoryMegabytesAtMost"),
                        functions.number("consumerTimeoutSecondsAtMost"),
                        functions.number("streamReadersPerShard"),
                        functions.number("phaseTwoMilliseconds"),
                        functions.number("hedgeMilliseconds"),
                        functions.number("featureReadMilliseconds"),
                        functions.number("riskDeadlineMilliseconds"),
                        functions.number("logRetentionDays")),
                new QueueSettings(
                        queues.number("visibilityTimesTimeout"),
                        queues.number("maxReceiveCount"),
                        queues.number("retentionDays")),
                new ApiSettings(api.number("requestsPerSecond"), api.number("burst")),
                new AlarmSettings(
                        alarms.number("errors"),
                        alarms.number("throttles"),
                        alarms.number("oldestMessageSeconds"),
                        alarms.number("periodSeconds")),
                new WatchSettings(watch.number("everySeconds"), watch.number("patienceMilliseconds")),
                new NotificationSettings(
                        notifications.number("concurrency"),
                        notifications.number("heldSeconds"),
                        notifications.number("triedHours"),
                        notifications.flag("loopback")),
                domain(topology));
        List.of(data, functions, queues, api, alarms, watch, notifications, topology)
                .forEach(Fields::requireAllRead);
        return read;
    }

    /** The first routing rule of a topology, as the control table keeps it and as functions know it until they have read the table. */
    public static String firstRule(Topology topology) {
        Map<String, Object> rule = new LinkedHashMap<>();
        rule.put("version", 1);
        rule.put("peak", topology.peak());
        rule.put("units", units(topology));
        return write(rule);
    }

    private static List<Object> units(Topology topology) {
        List<Object> units = new ArrayList<>();
        for (Unit unit : topology.units()) {
            Map<String, Integer> colours = new TreeMap<>();
            unit.colours().forEach(colour -> colours.put(colour.name(), colour.weight()));
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", unit.name());
            fields.put("region", unit.region());
            fields.put("standby", unit.standby());
            fields.put("capacity", unit.capacity());
            fields.put("colours", colours);
            fields.put(
                    "shards", unit.shards().stream().map(ShardRange::toString).toList());
            units.add(fields);
        }
        return units;
    }

    private static ShardRange range(String text) {
        return ShardRange.parse(text)
                .orElseThrow(
                        () -> new IllegalArgumentException("a range of shards is written like 00-33, not " + text));
    }

    private static Unit unit(Fields unit) {
        Fields weights = unit.object("colours");
        List<Colour> colours = weights.names().stream()
                .sorted()
                .map(colour -> new Colour(colour, weights.number(colour)))
                .toList();
        Unit read = new Unit(
                unit.text("name"),
                unit.text("region"),
                unit.text("standby"),
                unit.number("capacity"),
                colours,
                unit.texts("shards").stream().map(TopologyFile::range).toList());
        unit.requireAllRead();
        return read;
    }

    private static Optional<DomainSettings> domain(Fields topology) {
        if (!topology.names().contains("domain")) {
            return Optional.empty();
        }
        Fields domain = topology.object("domain");
        DomainSettings read =
                new DomainSettings(domain.text("name"), domain.text("hostedZoneId"), byRegion(domain, "certificates"));
        domain.requireAllRead();
        return Optional.of(read);
    }

    private static Map<String, String> keys(Fields data) {
        return data.names().contains("keys") ? byRegion(data, "keys") : Map.of();
    }

    private static Map<String, String> byRegion(Fields parent, String name) {
        Fields fields = parent.object(name);
        Map<String, String> byRegion = new LinkedHashMap<>();
        fields.names().forEach(region -> byRegion.put(region, fields.text(region)));
        return byRegion;
    }

    private static String write(Map<String, Object> document) {
        try {
            return JSON.std.asString(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
