package doubleeleven.rig;

import doubleeleven.aws.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a topology file says about what runs where, and with which limits.
 *
 * @param regions the primary one first
 * @param rule the first routing rule, as functions get it in {@code TOPOLOGY}
 */
public record Topology(List<String> regions, List<Unit> units, String rule, Limits limits) {

    /** One unit, with its colours in alphabetical order. */
    public record Unit(String name, String region, List<String> colours) {}

    /** What is deployed where nothing else is asked for, seen from the project's root. */
    public static final Path SANDBOX = Path.of("cdk/topologies/sandbox.json");

    /** Region of a unit; empty where there is no such unit. */
    Optional<String> regionOfUnit(String name) {
        return units.stream()
                .filter(unit -> unit.name().equals(name))
                .map(Unit::region)
                .findFirst();
    }

    /** Region of a unit with its colour, such as {@code RZ01-a}. */
    public String regionOf(String cell) {
        return regionOfUnit(cell.substring(0, cell.indexOf('-'))).orElseThrow();
    }

    /** Region of a function or an execution, such as {@code us-east-1/gateway} or {@code RZ01-a/payment-tcc}. */
    public String regionOfPart(String part) {
        String where = part.substring(0, part.indexOf('/'));
        return regions.contains(where) ? where : regionOf(where);
    }

    /** Settings that differ between deployments. */
    record Limits(
            int consumerTimeoutSecondsAtMost,
            int hedgeMilliseconds,
            int featureReadMilliseconds,
            int riskDeadlineMilliseconds,
            int visibilityTimesTimeout,
            int maxReceiveCount,
            int watchPatienceMilliseconds,
            int notificationsHeldSeconds,
            int notificationsTriedHours) {}

    /** With gateways that wait no longer for a unit before they ask its standby as well. */
    public Topology hedgingAfter(int milliseconds) {
        return new Topology(
                regions,
                units,
                rule,
                new Limits(
                        limits.consumerTimeoutSecondsAtMost(),
                        milliseconds,
                        limits.featureReadMilliseconds(),
                        limits.riskDeadlineMilliseconds(),
                        limits.visibilityTimesTimeout(),
                        limits.maxReceiveCount(),
                        limits.watchPatienceMilliseconds(),
                        limits.notificationsHeldSeconds(),
                        limits.notificationsTriedHours()));
    }

    public static Topology read(Path file) {
        try {
            return of(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Topology of(String json) {
        Map<String, Object> topology = Json.object(json);
        List<Map<String, Object>> units = Json.objects(topology, "units");
        Map<String, Object> rule = new LinkedHashMap<>();
        rule.put("version", 1);
        rule.put("peak", Json.integer(topology, "peak"));
        rule.put("units", units);
        Map<String, Object> functions = part(topology, "functions");
        Map<String, Object> queues = part(topology, "queues");
        Map<String, Object> notifications = part(topology, "notifications");
        return new Topology(
                texts(topology, "regions"),
                units.stream()
                        .map(unit -> new Unit(
                                Json.text(unit, "name"),
                                Json.text(unit, "region"),
                                part(unit, "colours").keySet().stream().sorted().toList()))
                        .toList(),
                Json.write(rule),
                new Limits(
                        number(functions, "consumerTimeoutSecondsAtMost"),
                        number(functions, "hedgeMilliseconds"),
                        number(functions, "featureReadMilliseconds"),
                        number(functions, "riskDeadlineMilliseconds"),
                        number(queues, "visibilityTimesTimeout"),
                        number(queues, "maxReceiveCount"),
                        number(part(topology, "watch"), "patienceMilliseconds"),
                        number(notifications, "heldSeconds"),
                        number(notifications, "triedHours")));
    }

    private static int number(Map<String, Object> part, String field) {
        return Math.toIntExact(Json.integer(part, field));
    }

    private static List<String> texts(Map<String, Object> part, String field) {
        if (part.get(field) instanceof List<?> list) {
            return list.stream().map(String::valueOf).toList();
        }
        throw new IllegalArgumentException("a topology without " + field);
    }

    @SuppressWarnings("unchecked") // jackson-jr makes every JSON object a Map<String, Object>
    private static Map<String, Object> part(Map<String, Object> object, String field) {
        if (object.get(field) instanceof Map<?, ?> part) {
            return (Map<String, Object>) part;
        }
        throw new IllegalArgumentException("a topology without " + field);
    }
}
