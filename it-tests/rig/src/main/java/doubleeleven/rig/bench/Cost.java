package doubleeleven.rig.bench;

import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Customer;
import doubleeleven.it.client.Payments;
import doubleeleven.it.command.Arguments;
import doubleeleven.it.command.Command;
import doubleeleven.rig.Clientele;
import doubleeleven.rig.Clientele.Shop;
import doubleeleven.rig.Topology;
import doubleeleven.rig.World;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What one payment costs from 1, 2 and 3 funding sources: everything from the call at the door until the merchant's balance has the money,
 * where all goes well and each function has served before.
 */
public final class Cost {
    private static final String CURRENCY = "GBP";
    private static final int MOST_SOURCES = 3;
    private static final long AMOUNT = 900;
    private static final long WORTH = 100;

    private final World world;
    private final Clientele clientele;
    private final Shop shop;
    private final Customer payer;

    private static final String USAGE = """
            Counts what one payment costs, from the call at the door until the money is posted.

              --topology FILE  what is deployed (default cdk/topologies/sandbox.json)
              --help           this text
            """;

    private Cost(World world) {
        this.world = world;
        this.clientele = new Clientele(world);
        this.shop = clientele.openShop("shop", CURRENCY, 1);
        this.payer = clientele.openCustomer("payer", CURRENCY, 1_000_000);
    }

    public static void main(String[] arguments) {
        System.exit(new Command<>(USAGE, Cost::topology, Cost::print).run(System.out, System.err, arguments));
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
        out.print(table(Topology.read(topology)));
        return true;
    }

    /** A line for each thing that is counted, with a column for each number of sources. */
    static String table(Topology topology) {
        Tally tally = new Tally(Clock.systemUTC());
        List<Map<String, Integer>> columns = new ArrayList<>();
        try (World world = World.open(topology, tally, new Random(1), World.SILENT)) {
            Cost cost = new Cost(world);
            cost.pay(cost.prepare(MOST_SOURCES, "warm"), "warm");
            for (int sources = 1; sources <= MOST_SOURCES; sources++) {
                String order = "order-" + sources;
                Map<String, Object> payment = cost.prepare(sources, order);
                tally.take();
                cost.pay(payment, order);
                columns.add(tally.take());
            }
        }
        return write(columns);
    }

    /** A payment from the balance and as many coupons as it takes. */
    private Map<String, Object> prepare(int sources, String order) {
        Map<String, Object> payment = clientele.signed(payer, shop, order, AMOUNT);
        List<Map<String, Object>> from = new ArrayList<>();
        for (int i = 1; i < sources; i++) {
            String coupon = order + "-" + i;
            clientele.openCoupon(
                    payer,
                    coupon,
                    CURRENCY,
                    WORTH,
                    world.course().clock().instant().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS));
            from.add(Map.of("type", "COUPON", "coupon", coupon, "amount", WORTH));
        }
        from.add(Map.of("type", "BALANCE", "amount", AMOUNT - (sources - 1) * WORTH));
        return Payments.with(payment, "sources", from);
    }

    private void pay(Map<String, Object> payment, String key) {
        Answer answer = clientele.pay(world.topology().regions().getFirst(), shop, payment, key);
        if (answer.status() != 201) {
            throw new IllegalStateException("not paid: " + answer);
        }
        world.drain();
        if (!world.open().isEmpty() || world.waiting() > 0) {
            throw new IllegalStateException("not finished: " + world.open());
        }
    }

    private static String write(List<Map<String, Integer>> columns) {
        TreeSet<String> lines = new TreeSet<>();
        columns.forEach(column -> lines.addAll(column.keySet()));
        StringBuilder table = new StringBuilder(
                "%-72s%s\n".formatted("One payment from so many sources", numbers(List.of(1, 2, MOST_SOURCES))));
        Map<String, List<String>> byKind =
                lines.stream().collect(Collectors.groupingBy(Tally::kind, TreeMap::new, Collectors.toList()));
        byKind.forEach((kind, things) -> {
            table.append("%-72s%s\n"
                    .formatted(
                            kind,
                            numbers(columns.stream()
                                    .map(column -> things.stream()
                                            .mapToInt(thing -> column.getOrDefault(thing, 0))
                                            .sum())
                                    .toList())));
            things.forEach(thing -> table.append("  %-70s%s\n"
                    .formatted(
                            Tally.thing(thing),
                            numbers(columns.stream()
                                    .map(column -> column.getOrDefault(thing, 0))
                                    .toList()))));
        });
        return table.toString();
    }

    private static String numbers(List<Integer> numbers) {
        return numbers.stream().map("%5d"::formatted).collect(Collectors.joining());
    }
}
