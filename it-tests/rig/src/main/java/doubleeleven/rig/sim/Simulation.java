package doubleeleven.rig.sim;

import static java.nio.charset.StandardCharsets.UTF_8;

import doubleeleven.aws.dynamodb.Values;
import doubleeleven.ids.Fingerprint;
import doubleeleven.ids.OrderHash;
import doubleeleven.ids.Shard;
import doubleeleven.it.audit.Conservation;
import doubleeleven.it.audit.Snapshot;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Customer;
import doubleeleven.it.client.Payments;
import doubleeleven.rig.Bus;
import doubleeleven.rig.Clientele;
import doubleeleven.rig.Clientele.Shop;
import doubleeleven.rig.Course.Cut;
import doubleeleven.rig.Topology;
import doubleeleven.rig.World;
import doubleeleven.rig.regions.Distance;
import doubleeleven.rig.regions.GlobalTables;
import doubleeleven.rig.regions.Layout;
import doubleeleven.rig.regions.Projections;
import doubleeleven.rig.sim.Faults.Kind;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One world's long life. Rounds of many clients at once, with faults; after each the world comes to rest, everything is checked, and time
 * goes on by minutes, hours or days.
 */
final class Simulation implements AutoCloseable {
    /** Calls do what they say. */
    static final Defect SOUND = new Defect(_ -> Bus.DIRECT, UnaryOperator.identity());

    private static final String CURRENCY = "GBP";
    private static final long SECOND = 1_000_000;
    private static final int SHOPS = 24;
    private static final int HOT_SHOPS = 3;
    /** Between two publications of the routing rule, at most. */
    private static final long SWITCH = 3 * SECOND;
    /** Of a Region's clock, where rules are published. */
    private static final long SKEW_MILLIS = 2_000;

    private static final long OPENING_BALANCE = 20_000;
    private static final long SWEEP = 4 * SECOND;
    private static final int SWEEPS_TO_REST = 150;
    private static final int TRIES = 4;
    private static final int REMEMBERED = 5_000;
    /** So soon that many payments are hedged: their two runs are to meet in every way. */
    private static final int HEDGE_MILLISECONDS = 100;

    private final Plan plan;
    private final Consumer<String> progress;
    private final Scheduler scheduler = new Scheduler();
    private final Trace trace = new Trace();
    private final Faults faults;
    private final Network network;
    private final GlobalTables tables;
    private final World world;
    private final Clientele clientele;
    private final Borrowers borrowers;
    private final Publishers publishers;
    private final Admissions admissions;
    private final SplittableRandom random;
    private final List<Shop> shops = new ArrayList<>();
    private final Map<String, Customer> customers = new HashMap<>();
    private final Set<String> mandates = new LinkedHashSet<>();
    /** Calls of this round, then of earlier ones. */
    private final List<Asked> fresh = new ArrayList<>();

    private final List<Asked> old = new ArrayList<>();
    private final Map<String, String> succeeded = new HashMap<>();
    private final List<String> violations = new ArrayList<>();
    private Map<String, Long> credit = Map.of();
    private int operations;
    private int orders;
    private int turn;
    private long calls;

    /**
     * What to simulate. Equal plans are equal runs.
     *
     * @param defect {@link #SOUND}, or what a test wants to be caught
     * @param layout of the tables in the Regions
     * @param switches of the routing rule at least; where there are any, clocks are not right either
     */
    record Plan(
            Topology topology, int operations, int customers, long seed, Defect defect, Layout layout, int switches) {
        /** On tables that lie as they are deployed, by the rule that is deployed. */
        Plan(Topology topology, int operations, int customers, long seed, Defect defect) {
            this(topology, operations, customers, seed, defect, Layout.DEPLOYED, 0);
        }

        int round() {
            return Math.clamp(operations / 12, 60, 4_000);
        }
    }

    /**
     * What is wrong on purpose.
     *
     * @param calls makes of the tables what carries calls where they land
     * @param workflow makes the payment workflow that runs of the one that is deployed
     */
    record Defect(Function<DynamoDbClient, Bus> calls, UnaryOperator<String> workflow) {}

    /**
     * How it went.
     *
     * @param credit how many lines, loans, bills and repayments there were
     * @param unanswered publications of the routing rule that were not answered
     */
    record Result(
            int operations,
            long calls,
            Duration virtual,
            String digest,
            Map<Kind, Long> faults,
            long collisions,
            Map<String, Long> credit,
            Admissions.Count routing,
            long unanswered) {}

    Simulation(Plan plan, Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
        SplittableRandom root = new SplittableRandom(plan.seed());
        this.random = root.split();
        this.faults = new Faults(root.split(), plan.switches() > 0);
        this.network = new Network(scheduler, faults, trace, root.split(), plan.topology());
        long[] ready = {0};
        World[] opened = new World[1];
        Random drawn = new Random(root.nextLong());
        this.tables = new GlobalTables(
                plan.topology().regions(),
                plan.layout().tables(),
                Distance.drawn(root.split(), plan.layout().longestLag()),
                scheduler.clock());
        Skew skew = new Skew(plan.topology(), plan.seed(), plan.switches() == 0 ? 0 : SKEW_MILLIS);
        this.admissions = new Admissions(
                new SimulatedCourse(scheduler, network, faults, skew),
                scheduler,
                plan.topology(),
                tables.whole(),
                plan.layout().longestLag());
        // What is deployed is deployed by functions, so it runs in the scheduler's time as well.
        scheduler.begin("deployment", 0, () -> {
            opened[0] = World.open(
                    plan.topology().hedgingAfter(HEDGE_MILLISECONDS),
                    admissions,
                    drawn,
                    new Ear(violations),
                    tables,
                    plan.defect().workflow());
            ready[0] = scheduler.micros();
        });
        scheduler.runDry();
        this.world = Objects.requireNonNull(opened[0]);
        this.clientele = new Clientele(world);
        Operator operator = new Operator() {
            @Override
            public Answer get(String path) {
                return Simulation.this.get(path);
            }

            @Override
            public Answer post(String path, Map<String, ?> body) {
                return Simulation.this.post(world.operatorKey(), path, null, body);
            }
        };
        this.borrowers = new Borrowers(clientele, CURRENCY, root.split(), operator);
        this.publishers = new Publishers(
                operator,
                root.split(),
                () -> scheduler.sleepUntil(scheduler.micros() + random.nextLong(SECOND / 10, 4 * SECOND)),
                admissions::ruleVersion,
                violations::add);
        network.landBy(plan.defect().calls().apply(world.tables()));
        scheduler.begin("opening", ready[0], () -> {
            for (int i = 0; i < SHOPS; i++) {
                shops.add(clientele.openShop("shop-" + i, CURRENCY, i < HOT_SHOPS ? 4 : 1));
            }
        });
        scheduler.runDry();
        // A shop uses its key once every Region knows it.
        scheduler.runUntil(scheduler.micros() + micros(plan.layout().longestLag()));
    }

    private static long micros(Duration time) {
        return time.toNanos() / 1000;
    }

    /** Runs to the end. */
    Result run() {
        long began = System.nanoTime();
        try {
            while (operations < plan.operations()) {
                round(Math.min(plan.round(), plan.operations() - operations));
                rest();
                check();
                double seconds = (double) (System.nanoTime() - began) / 1e9;
                progress.accept("seed %d: %,d operations, %.0f/s, %,d calls of services, %s of their time, faults %s"
                        .formatted(
                                plan.seed(),
                                operations,
                                operations / seconds,
                                network.carried(),
                                Duration.ofSeconds(scheduler.micros() / SECOND),
                                faults.happened()));
                timePasses();
            }
        } catch (IllegalStateException e) {
            StringWriter stack = new StringWriter();
            e.printStackTrace(new PrintWriter(stack));
            throw violation(List.of(stack.toString()), List.of());
        }
        return new Result(
                operations,
                calls,
                Duration.ofSeconds(scheduler.micros() / SECOND),
                trace.digest(),
                faults.happened(),
                tables.collisions(),
                credit,
                admissions.count(),
                publishers.unanswered());
    }

    // Rounds

    private void round(int count) {
        faults.set(true);
        long start = scheduler.micros();
        long at = start;
        int switches = switchesBy(operations + count) - Math.toIntExact(admissions.ruleVersion() - 1);
        long pace = Math.max(60_000, switches * SWITCH / count);
        for (int i = 0; i < count; i++) {
            at += random.nextLong(1, pace);
            int number = ++operations;
            scheduler.begin("client-" + number, at, () -> client(number));
        }
        long end = Math.max(at, publish(switches)) + 20 * SECOND;
        for (long sweep = start + SWEEP; sweep < end; sweep += SWEEP) {
            scheduler.at(sweep, this::sweep);
        }
        for (long second = start; second < end; second += SECOND) {
            scheduler.at(second, this::perhapsLoseARegion);
            scheduler.at(second, this::perhapsCutARegionOff);
            scheduler.at(second, this::perhapsHangAUnit);
            scheduler.at(second, this::perhapsKeepTheRuleFromARegion);
        }
        scheduler.begin("reconciliation", start + random.nextLong(1, end - start), this::reconcile);
        for (Topology.Unit unit : world.topology().units()) {
            scheduler.at(start + random.nextLong(1, end - start), () -> world.startCreditDay(unit.name()));
        }
        scheduler.runUntil(end);
    }

    /** Versions of the routing rule that are to have been published when so many operations have begun. */
    private int switchesBy(int begun) {
        return Math.toIntExact((long) plan.switches() * begun / plan.operations());
    }

    /** Has operators publish, more than one at a time now and then; answers when the last one begins. */
    private long publish(int switches) {
        long at = scheduler.micros();
        for (int i = 0; i < switches; i++) {
            at += random.nextLong(SECOND / 10, SWITCH);
            scheduler.begin("operator", at, publishers::publish);
        }
        if (switches > 0) {
            long upTo = admissions.ruleVersion() + switches;
            scheduler.begin("operator", at, () -> publishers.publishUpTo(upTo));
        }
        return at;
    }

    private void sweep() {
        for (String cell : world.cells()) {
            if (!network.isAway(world.regionOf(cell))) {
                scheduler.begin("schedule", scheduler.micros(), () -> {
                    try {
                        world.recover(cell);
                    } catch (Cut e) {
                        trace.note(cell + "/recovery " + e.getMessage());
                    }
                });
            }
        }
    }

    private void reconcile() {
        try {
            world.reconcile();
        } catch (Cut e) {
            trace.note("reconciliation " + e.getMessage());
        } catch (RuntimeException e) {
            // A run that fails; the next day's goes on where it stopped.
            trace.note("reconciliation failed");
        }
    }

    private void perhapsLoseARegion() {
        if (!faults.strikes(Kind.REGION_AWAY)) {
            return;
        }
        List<String> regions = world.topology().regions();
        String region = regions.get(random.nextInt(regions.size()));
        if (regions.stream().anyMatch(network::isAway) || network.isCutOff(region)) {
            return;
        }
        faults.count(Kind.REGION_AWAY);
        long back = scheduler.micros() + random.nextLong(3 * SECOND, 45 * SECOND);
        network.away(region, back);
        if (faults.even()) {
            // The tables with the functions; else what the dead have sent still lands.
            tables.lose(region);
            outUntil(back, region);
        }
        Set<String> gone = new LinkedHashSet<>(List.of(region));
        world.cells().stream()
                .filter(cell -> world.regionOf(cell).equals(region))
                .forEach(gone::add);
        scheduler.stopAll(part -> gone.contains(part.substring(0, part.indexOf('/'))));
    }

    private void perhapsHangAUnit() {
        if (faults.strikes(Kind.UNIT_HANGS)) {
            faults.count(Kind.UNIT_HANGS);
            List<Topology.Unit> units = world.topology().units();
            network.hang(
                    units.get(random.nextInt(units.size())).name(),
                    scheduler.micros() + random.nextLong(3 * SECOND, 30 * SECOND));
        }
    }

    private void perhapsKeepTheRuleFromARegion() {
        if (faults.strikes(Kind.RULE_UNREADABLE)) {
            faults.count(Kind.RULE_UNREADABLE);
            List<String> regions = world.topology().regions();
            network.keepTheRuleFrom(
                    regions.get(random.nextInt(regions.size())),
                    scheduler.micros() + random.nextLong(3 * SECOND, 60 * SECOND));
        }
    }

    private void perhapsCutARegionOff() {
        if (!faults.strikes(Kind.REGION_CUT_OFF)) {
            return;
        }
        List<String> regions = world.topology().regions();
        String region = regions.get(random.nextInt(regions.size()));
        if (regions.stream().anyMatch(network::isCutOff) || network.isAway(region)) {
            return;
        }
        faults.count(Kind.REGION_CUT_OFF);
        long back = scheduler.micros() + random.nextLong(3 * SECOND, 60 * SECOND);
        network.cutOff(region, back);
        tables.cutOff(region);
        outUntil(back, region);
    }

    private void outUntil(long back, String region) {
        admissions.out(region);
        scheduler.at(back, () -> {
            tables.restore(region);
            admissions.back(region);
        });
    }

    /** No more faults: everything that is under way comes to its end, or never does. */
    private void rest() {
        faults.set(false);
        scheduler.runDry();
        scheduler.begin("operator", scheduler.micros(), publishers::finish);
        scheduler.runDry();
        for (int sweeps = 0; sweeps < SWEEPS_TO_REST && !isAtRest(); sweeps++) {
            scheduler.runUntil(scheduler.micros() + SWEEP);
            sweep();
            world.redriveDecisions();
            scheduler.runDry();
        }
        if (!isAtRest()) {
            throw violation(
                    List.of("not terminal " + SWEEPS_TO_REST + " sweeps after the last fault: " + world.open() + ", "
                            + world.waiting() + " messages or workflows wait, failed " + world.failedDecisions()),
                    world.open());
        }
        world.expireReviews();
        world.topology().units().forEach(unit -> world.startCreditDay(unit.name()));
        scheduler.runDry();
        if (!world.failedCreditDays().isEmpty()) {
            throw violation(List.of("a day of credit failed without a fault: " + world.failedCreditDays()), List.of());
        }
        // What only reconciliation finds, it finds once it is overdue.
        scheduler.runUntil(scheduler.micros() + 16 * 60 * SECOND);
        scheduler.begin("reconciliation", scheduler.micros(), world::reconcile);
        scheduler.runDry();
    }

    private boolean isAtRest() {
        return world.open().isEmpty()
                && world.waiting() == 0
                && world.failedDecisions().isEmpty();
    }

    private void timePasses() {
        long minutes = switch (random.nextInt(4)) {
            case 0 -> 1;
            case 1 -> 60;
            case 2 -> 2L * 24 * 60;
            default -> 20L * 24 * 60;
        };
        scheduler.runUntil(scheduler.micros() + minutes * 60 * SECOND);
    }

    // Clients

    private void client(int number) {
        int drawn = random.nextInt(100);
        Asked asked;
        if (drawn < 41) {
            asked = payment(number, false);
        } else if (drawn < 48) {
            asked = shared(number);
        } else if (drawn < 55) {
            asked = transfer(number);
        } else if (drawn < 58) {
            asked = payment(number, true);
        } else if (drawn < 67) {
            asked = refund(number);
        } else if (drawn < 74) {
            asked = again(fresh);
        } else if (drawn < 79) {
            asked = again(old);
        } else if (drawn < 84) {
            asked = otherwise(number);
        } else if (drawn < 87) {
            asked = topUp(number);
        } else if (drawn < 93) {
            asked = repayment(number);
        } else {
            credit(number, drawn);
            return;
        }
        if (asked == null) {
            asked = payment(number, false);
        }
        insist(asked);
    }

    /** Makes the call until the answer is final, or patience ends. */
    private void insist(Asked asked) {
        for (int tried = 0; tried < TRIES; tried++) {
            Answer answer = post(asked.bearer(), asked.path(), asked.key(), asked.body());
            if (answer.status() != 0) {
                trace.note(
                        asked.order().value(),
                        "%,d client of %s: %d %s"
                                .formatted(
                                        scheduler.micros(),
                                        asked.key(),
                                        answer.status(),
                                        answer.text().replaceFirst("\"traceId\".*", "")));
                asked.answered(answer).ifPresent(wrong -> violations.add(asked + ": " + wrong));
            }
            if (asked.isKnown() || random.nextInt(10) == 0) {
                return;
            }
            scheduler.sleepUntil(scheduler.micros() + random.nextLong(SECOND / 10, 6 * SECOND));
        }
    }

    private Answer post(String bearer, String path, @Nullable String key, Map<String, ?> body) {
        return call(region -> clientele.post(region, bearer, path, key, body));
    }

    private Answer get(String path) {
        return call(region -> clientele.get(region, world.operatorKey(), path));
    }

    /** A call through any door; through that of a Region that is gone there is no answer. */
    private Answer call(Function<String, Answer> through) {
        List<String> regions = world.topology().regions();
        String region = regions.get(random.nextInt(regions.size()));
        if (network.isAway(region)) {
            return new Answer(0, "", Map.of());
        }
        calls++;
        return through.apply(region);
    }

    /** Opens something, however often that takes. */
    private void open(String bearer, String path, Map<String, ?> body) {
        while (true) {
            int status = post(bearer, path, null, body).status();
            if (status == 201 || status == 200) {
                if (!tables.isStrong(Snapshot.ACCOUNT_TABLE)) {
                    // Used once every Region knows it, so that more is at stake than that.
                    scheduler.sleepUntil(
                            scheduler.micros() + micros(plan.layout().longestLag()));
                }
                return;
            }
            if (status >= 400 && status < 500) {
                violations.add("not opened: " + path + " " + body + ": " + status);
                return;
            }
            scheduler.sleepUntil(scheduler.micros() + random.nextLong(SECOND / 10, 2 * SECOND));
        }
    }

    private void credit(int number, int drawn) {
        if (drawn < 97) {
            borrowers.apply(payer(), number);
        } else if (drawn < 99) {
            borrowers.review();
        } else {
            borrowers.change();
        }
    }

    private Asked payment(int number, boolean unaffordable) {
        Shop shop = shop();
        String borrower = random.nextInt(4) == 0 ? borrowers.any() : null;
        Customer payer = borrower == null ? payer() : Objects.requireNonNull(customers.get(borrower));
        long amount = unaffordable ? 3 * OPENING_BALANCE + random.nextInt(1000) : random.nextLong(2, 3000);
        return payment(number, shop, payer, "o" + ++orders, "k" + number, amount);
    }

    private Asked payment(int number, Shop shop, Customer payer, String order, String key, long amount) {
        int kind = random.nextInt(10);
        Map<String, Object> body;
        if (kind > 3 && borrowers.has(payer)) {
            long part = random.nextBoolean() ? amount : random.nextLong(1, amount + 1);
            body = clientele.onCredit(payer, shop, order, amount, borrowers.part(part));
        } else if (kind < 2 && amount <= 3000) {
            String mandate = "m-" + shop.id();
            if (mandates.add(payer.id() + mandate)) {
                open(
                        shop.key(),
                        "/customers/" + payer.id() + "/mandates",
                        clientele.mandate(payer, shop, mandate, 3000, 30_000));
            }
            body = Payments.byMandate(payer.id(), mandate, order, amount, CURRENCY);
        } else {
            body = clientele.signed(payer, shop, order, amount);
        }
        if (kind == 1 || (kind > 1 && kind < 4)) {
            String coupon = "g" + number;
            long worth = random.nextLong(1, 1500);
            open(
                    world.operatorKey(),
                    "/customers/" + payer.id() + "/coupons",
                    Map.of(
                            "coupon",
                            coupon,
                            "amount",
                            worth,
                            "currency",
                            CURRENCY,
                            "expiresAt",
                            "2099-11-11T00:00:00Z"));
            body = Payments.withCoupon(body, coupon, Math.min(worth, amount));
        }
        return fresh(new Asked(
                OrderHash.ofOrder(shop.id(), order),
                "payment",
                shop.key(),
                "/payments",
                key,
                body,
                amount,
                payer.id()));
    }

    private Asked fresh(Asked asked) {
        fresh.add(asked);
        return asked;
    }

    /** An order of which two to four merchants get a share each. */
    private Asked shared(int number) {
        Set<Shop> sharing = new LinkedHashSet<>();
        int several = random.nextInt(2, 5);
        while (sharing.size() < several) {
            sharing.add(shop());
        }
        List<Map<String, Object>> payees = new ArrayList<>();
        long amount = 0;
        for (Shop payee : sharing) {
            long share = random.nextLong(1, 1500);
            payees.add(Payments.share(payee.id(), share));
            amount += share;
        }
        Shop market = shop();
        Customer payer = payer();
        String order = "o" + ++orders;
        Map<String, Object> body = clientele.shared(payer, market, order, amount, payees);
        return fresh(new Asked(
                OrderHash.ofOrder(market.id(), order),
                "shared order",
                market.key(),
                "/payments",
                "k" + number,
                body,
                amount,
                payer.id()));
    }

    private Asked transfer(int number) {
        Customer payer = payer();
        Customer payee = payer();
        while (payee.id().equals(payer.id())) {
            payee = payer();
        }
        long amount = random.nextLong(1, 5000);
        String transfer = "t" + ++orders;
        return fresh(new Asked(
                OrderHash.ofTransfer(payer.id(), transfer),
                "transfer",
                world.operatorKey(),
                "/transfers",
                "k" + number,
                clientele.transfer(payer, payee.id(), transfer, amount, CURRENCY),
                amount,
                payer.id()));
    }

    private @Nullable Asked refund(int number) {
        Asked paid = again(random.nextBoolean() || old.isEmpty() ? fresh : old);
        if (paid == null || !paid.isPaid() || !paid.path().equals("/payments")) {
            return null;
        }
        long amount = random.nextLong(1, paid.amount() + 1);
        String refund = "r" + number;
        OrderHash order = paid.order().refund(refund);
        Map<String, Object> body = Payments.refund(refund, amount);
        if (paid.body().get("payees") instanceof List<?> payees) {
            Map<?, ?> share = (Map<?, ?>) payees.get(random.nextInt(payees.size()));
            amount = random.nextLong(1, ((Number) Objects.requireNonNull(share.get("amount"))).longValue() + 1);
            String merchant = (String) Objects.requireNonNull(share.get("merchant"));
            order = paid.order().refund(merchant, refund);
            body = Payments.refund(refund, merchant, amount);
        }
        return fresh(new Asked(
                order,
                "refund",
                paid.bearer(),
                "/payments/" + paid.id() + "/refunds",
                "k" + number,
                body,
                amount,
                paid.payer()));
    }

    private @Nullable Asked again(List<Asked> some) {
        return some.isEmpty() ? null : some.get(random.nextInt(some.size()));
    }

    /** The same order by another payer, for another amount or from other sources; with a new key, or with the same one. */
    private @Nullable Asked otherwise(int number) {
        Asked first = again(fresh);
        if (first == null || !first.path().equals("/payments")) {
            return null;
        }
        Shop shop = shops.stream()
                .filter(each -> each.key().equals(first.bearer()))
                .findFirst()
                .orElseThrow();
        Customer payer = random.nextBoolean() ? payer() : Objects.requireNonNull(customers.get(first.payer()));
        String order = String.valueOf(first.body().get("merchantOrder"));
        // Always another amount: that tells contents with the same key apart.
        long amount = first.amount() + 1 + number;
        return payment(number, shop, payer, order, random.nextInt(4) == 0 ? first.key() : "k" + number, amount);
    }

    private Asked topUp(int number) {
        Customer customer = payer();
        long amount = random.nextLong(1, 10_000);
        String reference = "t" + number;
        return fresh(new Asked(
                OrderHash.ofDeposit("C#" + customer.id(), reference),
                "top-up",
                world.operatorKey(),
                "/customers/" + customer.id() + "/top-ups",
                reference,
                Map.of("reference", reference, "amount", amount, "currency", CURRENCY),
                amount,
                customer.id()));
    }

    /** A part of what somebody owes, all of it, or a little too much. */
    private @Nullable Asked repayment(int number) {
        String customer = borrowers.any();
        long owed = customer == null ? 0 : borrowers.outstanding(customer);
        if (customer == null || owed == 0) {
            return null;
        }
        Customer payer = Objects.requireNonNull(customers.get(customer));
        long amount = random.nextInt(4) == 0 ? owed : random.nextLong(1, owed + owed / 10 + 2);
        String repayment = "p" + number;
        return fresh(new Asked(
                OrderHash.ofRepayment(customer, repayment),
                "repayment",
                world.operatorKey(),
                "/customers/" + customer + "/repayments",
                "k" + number,
                clientele.repayment(payer, repayment, amount, CURRENCY),
                amount,
                customer));
    }

    private Shop shop() {
        return shops.get(random.nextBoolean() ? random.nextInt(HOT_SHOPS) : random.nextInt(SHOPS));
    }

    /** Some customers are far busier than others; where shards change hands, each shard has its turn. */
    private Customer payer() {
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
            open(world.operatorKey(), "/customers", customer.opening(CURRENCY, OPENING_BALANCE));
            customers.put(id, customer);
        }
        return customer;
    }

    private boolean isDue(String customer) {
        return Shard.of(customer).number() == turn % Shard.COUNT;
    }

    // Checks

    private void check() {
        List<Map<String, AttributeValue>> items = Snapshot.scan(world.tables(), Snapshot.PAYMENT_TABLE);
        Snapshot snapshot = Snapshot.of(
                Snapshot.scan(world.tables(), Snapshot.ACCOUNT_TABLE),
                items,
                Snapshot.scan(world.tables(), Snapshot.CREDIT_TABLE));
        credit = Map.of(
                "lines", count(snapshot.funds(), fund -> fund.limit() != null),
                "loans", count(snapshot.debts(), Snapshot.Debt::isLoan),
                "bills", (long) snapshot.statements().size(),
                "overdue", count(snapshot.debts(), debt -> debt.sk().endsWith("#INTEREST") && debt.opened() > 0),
                "repayments",
                        count(
                                snapshot.payments(),
                                payment -> payment.isSucceeded() && "REPAYMENT".equals(payment.kind())));
        List<String> wrong = new ArrayList<>();
        Conservation conservation = Conservation.of(snapshot);
        if (!conservation.holds()) {
            wrong.add(conservation.toReport());
        }
        wrong.addAll(Projections.differences(world, items, scheduler.now()));
        world.overdrawn().forEach(account -> wrong.add(account + " had less than nothing at a moment"));
        Conservation.unposted(snapshot).forEach(entry -> wrong.add("entry " + entry.name() + " was never posted"));
        Map<String, Snapshot.Payment> payments = new HashMap<>();
        snapshot.payments().forEach(payment -> payments.put(payment.order(), payment));
        succeeded.forEach((order, attempt) -> {
            Snapshot.Payment payment = payments.get(order);
            if (payment == null || !payment.isSucceeded() || !payment.attempt().equals(attempt)) {
                wrong.add("payment " + order + " had succeeded by " + attempt + " and is now " + payment);
            }
        });
        payments.values().stream()
                .filter(Snapshot.Payment::isSucceeded)
                .forEach(payment -> succeeded.put(payment.order(), payment.attempt()));
        fresh.forEach(asked -> compare(asked, wrong));
        old.forEach(asked -> compare(asked, wrong));
        wrong.addAll(admissions.atRest(world::tables));
        wrong.addAll(violations);
        if (!wrong.isEmpty()) {
            throw violation(wrong, List.of());
        }
        old.addAll(fresh);
        fresh.clear();
        if (old.size() > REMEMBERED) {
            old.subList(0, old.size() - REMEMBERED).clear();
        }
        trace.forget();
    }

    private static <T> long count(List<T> all, Predicate<T> such) {
        return all.stream().filter(such).count();
    }

    /** What a client was told, against what is so. */
    private void compare(Asked asked, List<String> wrong) {
        if (!asked.isKnown()) {
            return;
        }
        Map<String, AttributeValue> item = world.tables()
                .getItem(get -> get.tableName(Snapshot.PAYMENT_TABLE)
                        .consistentRead(true)
                        .key(Map.of("pk", AttributeValue.fromS(asked.order().value()))))
                .item();
        AttributeValue command = item.get("command");
        boolean really = command != null && "SUCCEEDED".equals(Values.text(item, "status")) && isOf(asked, command.m());
        if (asked.isPaid() && !really) {
            wrong.add("told to be paid and is not: " + asked);
        }
        if (asked.isRefused() && really) {
            wrong.add("told not to be paid and is: " + asked);
        }
    }

    private static boolean isOf(Asked asked, Map<String, AttributeValue> command) {
        return Fingerprint.of("IDEMPOTENCY-KEY", asked.key()).equals(Values.text(command, "key"))
                && AttributeValue.fromN(Long.toString(asked.amount())).equals(command.get("amount"));
    }

    private Violation violation(List<String> wrong, List<String> orderHashes) {
        Set<String> about = new LinkedHashSet<>(orderHashes);
        String text = String.join("\n", wrong);
        Pattern.compile("[A-Za-z0-9_#/-]{20,}")
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .filter(name -> !trace.about(name).isEmpty())
                .forEach(about::add);
        StringBuilder message = new StringBuilder("VIOLATION with seed %d after %,d operations, by the trace %s\n"
                .formatted(plan.seed(), operations, trace.digest()));
        wrong.stream()
                .limit(20)
                .forEach(each -> message.append("  ").append(each).append('\n'));
        about.stream().limit(4).forEach(order -> {
            message.append("History of ").append(order).append('\n');
            trace.about(order)
                    .forEach(line -> message.append("    ").append(line).append('\n'));
        });
        message.append(
                "Replay exactly: localstack/eleven simulate --operations %d --customers %d --seed %d --worlds 1%s%s"
                        .formatted(
                                plan.operations(),
                                plan.customers(),
                                plan.seed(),
                                plan.layout().toOptions(),
                                plan.switches() == 0 ? "" : " --switches " + plan.switches()));
        return new Violation(message.toString());
    }

    @Override
    public void close() {
        world.close();
    }

    /** Listens to the log for what must never be said. */
    private static final class Ear extends PrintStream {
        private final List<String> violations;

        Ear(List<String> violations) {
            super(OutputStream.nullOutputStream(), false, UTF_8);
            this.violations = violations;
        }

        @Override
        public void println(String line) {
            if (line.contains("HoldMissing")) {
                violations.add("a committed payment's hold is missing: " + line);
            }
        }
    }
}
