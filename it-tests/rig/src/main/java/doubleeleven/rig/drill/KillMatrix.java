package doubleeleven.rig.drill;

import doubleeleven.aws.RoutingDocument;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.ids.Shard;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Customer;
import doubleeleven.it.command.Arguments;
import doubleeleven.it.command.Command;
import doubleeleven.rig.Bus;
import doubleeleven.rig.Clientele;
import doubleeleven.rig.Clientele.Shop;
import doubleeleven.rig.Course;
import doubleeleven.rig.Topology;
import doubleeleven.rig.World;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.ManualClock;
import java.io.PrintStream;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sfn.model.StartExecutionRequest;
import software.amazon.awssdk.services.sfn.model.StartSyncExecutionRequest;

/**
 * Kills everything that is deployed, one after the other, and pays for customers of each colour of each unit at each door meanwhile. What is
 * dead refuses calls at once; a Region that is gone lets them run into the time that a connection may take. Workflows and Regions also hang:
 * they accept calls and answer none.
 */
public final class KillMatrix {
    /** As long as the gateway waits for a connection to a unit. */
    private static final Duration CONNECT = Duration.ofMillis(300);
    /** As long as the gateway waits for a queue. */
    private static final Duration MESSAGE = Duration.ofSeconds(1);
    /** Circuit breakers forget, recovery ends what is in doubt. */
    private static final Duration REST = Duration.ofSeconds(60);

    /** As gateways are deployed for real payments; the sandbox's wait longer, for it is slow. */
    private static final int HEDGE_MILLISECONDS = 500;

    private static final List<String> TABLES = List.of(
            LocalTables.ACCOUNT,
            LocalTables.PAYMENT,
            LocalTables.CREDIT,
            LocalTables.CONTROL,
            LocalTables.PLATFORM,
            LocalTables.FEATURE);

    private static final String USAGE = """
            Kills everything that is deployed, one after the other, and says which customers can pay at which door meanwhile.

              --topology FILE  what is deployed (default cdk/topologies/sandbox.json)
              --help           this text
            """;

    private final ManualClock clock = new ManualClock();
    private final World world;
    private final Clientele clientele;
    private final Shop shop;
    private final Map<String, Customer> customers = new LinkedHashMap<>();
    private Predicate<Bus.ServiceCall> dead = _ -> false;
    private How how = How.REFUSES;
    private String killed = "";
    private int orders;

    private KillMatrix(Topology topology) {
        this.world = World.open(
                topology.hedgingAfter(HEDGE_MILLISECONDS),
                new Sleepless(Course.direct(this::carry, clock), clock),
                new Random(1),
                World.SILENT);
        this.clientele = new Clientele(world);
        this.shop = clientele.openShop("shop", "GBP", 1);
        RoutingRule rule = RoutingDocument.read(topology.rule());
        for (String cell : world.cells()) {
            String customer = Stream.iterate(0, number -> number + 1)
                    .map(number -> "c" + number)
                    .filter(name -> isOf(cell, name, rule))
                    .findFirst()
                    .orElseThrow();
            customers.put(cell, clientele.openCustomer(customer, "GBP", 1_000_000));
        }
        rest();
    }

    private static boolean isOf(String cell, String customer, RoutingRule rule) {
        Unit owner = rule.owner(Shard.of(customer));
        return cell.equals(owner.name() + "-" + RoutingRule.colourFor(customer, owner));
    }

    /** Pauses take no time but the clock's. */
    private record Sleepless(Course other, ManualClock clock) implements Course.Beside {
        @Override
        public void pause(Duration pause) {
            clock.pass(pause);
        }
    }

    public static void main(String[] arguments) {
        System.exit(
                new Command<>(USAGE, KillMatrix::topology, KillMatrix::print).run(System.out, System.err, arguments));
    }

    private static Path topology(Arguments arguments) throws Arguments.Invalid {
        Path topology = Topology.SANDBOX;
        while (arguments.hasNext()) {
            if (!arguments.next().equals("--topology")) {
                throw arguments.unknown();
            }
            topology = arguments.file();
        }
        return topology;
    }

    private static boolean print(PrintStream out, Path topology) {
        Matrix matrix = run(Topology.read(topology));
        out.print(matrix.text());
        matrix.faults().forEach(fault -> out.println("FAULT: " + fault));
        return matrix.faults().isEmpty();
    }

    /** Kills everything that the topology deploys. */
    static Matrix run(Topology topology) {
        KillMatrix kills = new KillMatrix(topology);
        try (World _ = kills.world) {
            return new Matrix(
                    topology.regions(),
                    kills.world.cells(),
                    kills.all().stream().map(kills::row).toList());
        }
    }

    /** What callers meet. */
    private enum How {
        REFUSES,
        /** Not even a connection. */
        SILENT,
        HANGS
    }

    /** Something to kill. */
    private record Kill(String kind, String name, Predicate<Bus.ServiceCall> hits, How how) {
        Kill(String kind, String name, Predicate<Bus.ServiceCall> hits) {
            this(kind, name, hits, How.REFUSES);
        }

        Kill hanging() {
            return new Kill("hangs", name, hits, How.HANGS);
        }
    }

    private List<Kill> all() {
        List<Kill> kills = new ArrayList<>();
        for (String part : world.functions()) {
            kills.add(new Kill("function", part, call -> call.caller().equals(part)));
        }
        for (String arn : world.workflowArns()) {
            List<String> parts = List.of(arn.split(":", -1));
            kills.add(new Kill("workflow", parts.get(3) + "/" + parts.getLast(), call -> isOn(call, "Sfn", arn)));
        }
        world.queueUrls().forEach(url -> {
            kills.add(new Kill("queue", url.substring(url.lastIndexOf('/') + 1), call -> isOn(call, "Sqs", url)));
        });
        for (String region : world.topology().regions()) {
            kills.add(new Kill("topic", region, call -> isOn(call, "Sns", ":" + region + ":")));
            for (String table : TABLES) {
                kills.add(new Kill(
                        "table",
                        region + "/" + table,
                        call -> regionOf(call).equals(region) && isOn(call, "DynamoDb", table)));
            }
        }
        for (String region : world.topology().regions()) {
            kills.add(new Kill(
                    "Region",
                    region,
                    call -> regionOf(call).equals(region) || goesTo(call.request(), region),
                    How.SILENT));
        }
        kills.stream()
                .filter(kill -> kill.kind().equals("workflow") || kill.kind().equals("Region"))
                .map(Kill::hanging)
                .toList()
                .forEach(kills::add);
        return kills;
    }

    private static boolean isOn(Bus.ServiceCall call, String service, String name) {
        return call.service().equals(service) && String.valueOf(call.request()).contains(name);
    }

    private static boolean goesTo(Object request, String region) {
        return switch (request) {
            case StartSyncExecutionRequest sync -> sync.stateMachineArn().contains(":" + region + ":");
            case StartExecutionRequest start -> start.stateMachineArn().contains(":" + region + ":");
            case SdkRequest other ->
                other.getValueForField("QueueUrl", String.class)
                        .filter(url -> url.contains("." + region + "."))
                        .isPresent();
            default -> false;
        };
    }

    private String regionOf(Bus.ServiceCall call) {
        String part = call.caller().substring(0, call.caller().indexOf('/'));
        return world.topology().regions().contains(part) ? part : world.regionOf(part);
    }

    private Object carry(Bus.ServiceCall call, Supplier<Object> effect) {
        if (!dead.test(call)) {
            return effect.get();
        }
        boolean within = call.caller().equals(killed) || regionOf(call).equals(killed);
        if (within) {
            throw new Course.Cut(call.caller() + " is dead");
        }
        if (how == How.HANGS) {
            clock.pass(patience(call));
            throw ApiCallTimeoutException.builder().message("no answer").build();
        }
        if (how == How.SILENT) {
            clock.pass(CONNECT);
        }
        throw SdkClientException.builder()
                .message("refused")
                .cause(new ConnectException())
                .build();
    }

    private static Duration patience(Bus.ServiceCall call) {
        return call.request() instanceof StartSyncExecutionRequest start
                ? start.overrideConfiguration().orElseThrow().apiCallTimeout().orElseThrow()
                : MESSAGE;
    }

    private Row row(Kill kill) {
        killed = kill.name();
        how = kill.how();
        dead = kill.hits();
        Map<String, String> served = new TreeMap<>();
        Duration longest = Duration.ZERO;
        for (Map.Entry<String, Customer> each : customers.entrySet()) {
            StringBuilder doors = new StringBuilder();
            for (String door : world.topology().regions()) {
                Instant began = clock.instant();
                char outcome = pay(door, each.getKey(), each.getValue());
                Duration took = Duration.between(began, clock.instant());
                longest = took.compareTo(longest) > 0 && outcome != Row.STOPPED ? took : longest;
                doors.append(outcome);
            }
            served.put(each.getKey(), doors.toString());
        }
        dead = _ -> false;
        killed = "";
        rest();
        rest();
        return new Row(kill.kind(), kill.name(), served, longest, world.open().size());
    }

    private char pay(String door, String cell, Customer payer) {
        String order = "o" + orders++;
        Answer answer = clientele.pay(door, shop, clientele.signed(payer, shop, order, 1), order);
        if (answer.status() != 201) {
            return answer.status() == 202 ? Row.OPEN : Row.STOPPED;
        }
        Map<String, AttributeValue> item = world.tables()
                .getItem(get -> get.tableName(LocalTables.PAYMENT)
                        .key(Map.of("pk", AttributeValue.fromS(answer.text("id").substring(2)))))
                .item();
        return cell.equals(Values.text(item, "unit") + "-" + Values.text(item, "colour")) ? Row.OWN : Row.STANDBY;
    }

    private void rest() {
        clock.pass(REST);
        world.drain();
        world.recover();
        world.drain();
    }
}
