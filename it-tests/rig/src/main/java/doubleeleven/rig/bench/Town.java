package doubleeleven.rig.bench;

import doubleeleven.it.audit.Snapshot;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Customer;
import doubleeleven.rig.Bus;
import doubleeleven.rig.Clientele;
import doubleeleven.rig.Clientele.Shop;
import doubleeleven.rig.Course;
import doubleeleven.rig.Topology;
import doubleeleven.rig.World;
import doubleeleven.rig.bench.Crowd.Times;
import doubleeleven.testkit.LocalTables;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Merchants and customers with money, in a world of their own. */
final class Town implements AutoCloseable {
    private static final String CURRENCY = "GBP";
    private static final int SHOPS = 24;
    private static final int CUSTOMERS = 48;
    /** So many payments before, for each caller, start every function that will be needed and fill what it remembers. */
    private static final int WARMING = 60;

    private static final long BALANCE = 100_000_000;

    private final World world;
    private final Clientele clientele;
    private final List<Shop> shops = new ArrayList<>();
    private final List<Customer> customers = new ArrayList<>();
    private final List<Map<String, Object>> payments = new ArrayList<>();
    private int paid;

    private Town(Topology topology, Bus bus) {
        this.world = World.open(topology, Course.direct(bus, Clock.systemUTC()), new Random(11), World.SILENT);
        this.clientele = new Clientele(world);
        for (int i = 0; i < SHOPS; i++) {
            shops.add(clientele.openShop("shop-" + i, CURRENCY, 4));
        }
        for (int i = 0; i < CUSTOMERS; i++) {
            customers.add(clientele.openCustomer("c%05d".formatted(i), CURRENCY, BALANCE));
        }
    }

    /** Payments one after the other, each to its end: what they call. */
    static Recorded record(Topology topology, int count) {
        Calls calls = new Calls();
        try (Town town = new Town(topology, calls)) {
            List<Map<String, Object>> payments = town.sign(WARMING + count);
            for (int i = 0; i < WARMING; i++) {
                town.pay(i, payments.get(i));
                town.world.drain();
            }
            Map<String, List<Map<String, AttributeValue>>> items = town.items();
            calls.take();
            List<List<Consumer<DynamoDbClient>>> each = new ArrayList<>();
            for (int i = WARMING; i < payments.size(); i++) {
                town.pay(i, payments.get(i));
                town.world.drain();
                each.add(calls.take());
            }
            return new Recorded(items, each);
        }
    }

    /** A town whose functions have served so many callers before. */
    static Town warm(Topology topology, int count, int callers) throws InterruptedException {
        Town town = new Town(topology, Bus.DIRECT);
        int before = WARMING * callers;
        town.payments.addAll(town.sign(before + count));
        town.pay(0, before, callers);
        town.paid = before;
        return town;
    }

    /**
     * All payments that are left, by so many callers at once, which also handle what comes of them, until all is finished and posted; a single
     * time is what a client waits.
     */
    Times pay(int callers) throws InterruptedException {
        return pay(paid, payments.size() - paid, callers);
    }

    private Times pay(int first, int count, int callers) throws InterruptedException {
        Times times = Crowd.times(count, callers, i -> pay(first + i, payments.get(first + i)), world::drain);
        if (world.waiting() > 0 || !world.open().isEmpty()) {
            throw new IllegalStateException("not finished: " + world.open());
        }
        return times;
    }

    /** The customers sign beforehand: they do so on their own devices. */
    private List<Map<String, Object>> sign(int count) {
        List<Map<String, Object>> payments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            payments.add(clientele.signed(customers.get(i % CUSTOMERS), shop(i), "o" + i, 100 + i % 1000));
        }
        return payments;
    }

    private Shop shop(int number) {
        return shops.get(number % SHOPS);
    }

    private void pay(int number, Map<String, Object> payment) {
        List<String> regions = world.topology().regions();
        Answer answer = clientele.pay(regions.get(number % regions.size()), shop(number), payment, "k" + number);
        if (answer.status() != 201) {
            throw new IllegalStateException("not paid: " + answer);
        }
    }

    private Map<String, List<Map<String, AttributeValue>>> items() {
        Map<String, List<Map<String, AttributeValue>>> items = new HashMap<>();
        for (String table : LocalTables.ALL) {
            items.put(table, Snapshot.scan(world.tables(), table));
        }
        return items;
    }

    @Override
    public void close() {
        world.close();
    }
}
