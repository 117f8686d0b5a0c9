package doubleeleven.rig;

import static java.nio.charset.StandardCharsets.UTF_8;

import doubleeleven.aws.Functions;
import doubleeleven.gateway.aws.GatewayHandler;
import doubleeleven.gateway.aws.HealthWatcherHandler;
import doubleeleven.gateway.aws.OperationsHandler;
import doubleeleven.payment.aws.RelayHandler;
import doubleeleven.routing.Traffic;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;

/** The functions that a Region has once, whatever units live in it: those behind its door, its watcher, its relay. */
final class RegionStack {
    private static final String SHADOW_GATEWAY = "double11-shadow-gateway:live";

    private final Place place;
    private final Door door;
    private final @Nullable Function watcher;
    private final StreamSource relay;

    RegionStack(Hosting hosting, Place place) {
        this.place = place;
        this.door = new Door(
                hosting.gatewayFunction(
                        place,
                        Hosting.GATEWAY,
                        25,
                        gatewayVariables(hosting),
                        host -> new GatewayHandler(host, hosting.course().racing())),
                hosting.gatewayFunction(
                        place,
                        "operations",
                        25,
                        Map.of(
                                "QUEUES", queues(hosting),
                                "FINAL_DEAD_LETTERS", place.resource("relay-dlq"),
                                "DOOR_HOSTS", Door.HOSTS),
                        OperationsHandler::new));
        this.watcher = hosting.traffic() == Traffic.LIVE ? watcher(hosting) : null;
        hosting.services().topics().add(place.decidedTopicArn());
        this.relay = new StreamSource(
                place.part("relay"),
                place.region(),
                hosting.function(
                        place,
                        "relay",
                        30,
                        "payment",
                        Map.of("DECIDED_TOPIC_ARN", place.decidedTopicArn()),
                        RelayHandler::new),
                hosting.course());
        hosting.services().streams().readBy(relay);
    }

    private static Map<String, String> gatewayVariables(Hosting hosting) {
        Map<String, String> variables = new HashMap<>(Map.of(
                "HEDGE_MILLISECONDS",
                Integer.toString(hosting.topology().limits().hedgeMilliseconds())));
        if (hosting.services().hasShadow()) {
            variables.put("SHADOW_GATEWAY", SHADOW_GATEWAY);
        }
        return variables;
    }

    private String queues(Hosting hosting) {
        return hosting.topology().units().stream()
                .filter(unit -> unit.region().equals(place.region()))
                .flatMap(unit -> unit.colours().stream().map(colour -> Place.ofCell(place.traffic(), unit, colour)))
                .flatMap(cell -> Stream.of(Cell.PHASE_TWO, Cell.POSTING, Cell.FEATURES, Cell.NOTIFICATIONS)
                        .map(cell::resource))
                .collect(Collectors.joining(","));
    }

    private Function watcher(Hosting hosting) {
        return hosting.gatewayFunction(
                place,
                "health-watcher",
                90,
                Map.of(
                        "LOOK_EVERY_SECONDS",
                        "0",
                        "PATIENCE_MILLISECONDS",
                        Integer.toString(hosting.topology().limits().watchPatienceMilliseconds())),
                HealthWatcherHandler::new);
    }

    Door door() {
        return door;
    }

    StreamSource relay() {
        return relay;
    }

    /** One look of its watcher at all units. */
    void watch() {
        Optional.ofNullable(watcher).orElseThrow().invoke("{}".getBytes(UTF_8));
    }

    /** The one function of the shadow that may be called from outside it. */
    Functions shadowGateway() {
        return (function, payload) -> {
            if (!function.equals(SHADOW_GATEWAY)) {
                throw SdkClientException.create("no function " + function);
            }
            try {
                return door.gateway().invoke(payload);
            } catch (Function.Failed e) {
                throw SdkClientException.create(function + " failed", e);
            }
        };
    }
}
