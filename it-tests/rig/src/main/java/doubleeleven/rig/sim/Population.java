package doubleeleven.rig.sim;

import doubleeleven.ids.Shard;
import doubleeleven.it.client.Customer;
import doubleeleven.rig.Clientele;
import doubleeleven.rig.Clientele.Shop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/** Who pays whom: some shops and some customers are far busier than others. */
final class Population {
    static final String CURRENCY = "GBP";
    static final long OPENING_BALANCE = 20_000;

    private static final int SHOPS = 24;
    private static final int HOT_SHOPS = 3;
    /** The first of them want to be told what becomes of their payments. */
    private static final int WANTING_SHOPS = 5;

    private final Simulation.Plan plan;
    private final Clientele clientele;
    private final Doors doors;
    private final SplittableRandom random;
    private final List<Shop> shops = new ArrayList<>();
    private final Map<String, Customer> customers = new HashMap<>();
    private int turn;

    Population(Simulation.Plan plan, Clientele clientele, Doors doors, SplittableRandom random) {
        this.plan = plan;
        this.clientele = clientele;
        this.doors = doors;
        this.random = random;
    }

    void openShops() {
        for (int i = 0; i < SHOPS; i++) {
            Shop shop = clientele.openShop("shop-" + i, CURRENCY, i < HOT_SHOPS ? 4 : 1);
            shops.add(shop);
            if (i < WANTING_SHOPS) {
                clientele.wantNotifications(shop);
            }
        }
    }

    Shop shop() {
        return shops.get(random.nextBoolean() ? random.nextInt(HOT_SHOPS) : random.nextInt(SHOPS));
    }

    /** The shop that has that API key. */
    Shop shopOf(String key) {
        return shops.stream().filter(each -> each.key().equals(key)).findFirst().orElseThrow();
    }

    /** Anybody, whose account is opened at the first time; where shards change hands, each shard has its turn. */
    Customer payer() {
        int number =
                random.nextInt(5) == 0 ? random.nextInt(1 + plan.customers() / 100) : random.nextInt(plan.customers());
        String id = "c%05d".formatted(number);
        for (int tried = 0; plan.switches() > 0 && !isDue(id) && tried < plan.customers(); tried++) {
            id = "c%05d".formatted((number + tried) % plan.customers());
        }
        turn++;
        Customer customer = customers.get(id);
        if (customer == null) {
            customer = Customer.of(id);
            doors.open(doors.operatorKey(), "/customers", customer.opening(CURRENCY, OPENING_BALANCE));
            customers.put(id, customer);
        }
        return customer;
    }

    private boolean isDue(String customer) {
        return Shard.of(customer).number() == turn % Shard.COUNT;
    }

    /** One who has had a turn already. */
    Customer customer(String id) {
        return Objects.requireNonNull(customers.get(id));
    }
}
