package doubleeleven.rig.differential;

import doubleeleven.aws.Json;
import doubleeleven.ids.OrderHash;
import doubleeleven.ids.Shard;
import doubleeleven.it.audit.Snapshot;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Consents;
import doubleeleven.it.client.Credit;
import doubleeleven.it.client.Customer;
import doubleeleven.it.client.Payments;
import doubleeleven.rig.differential.Recorded.Kind;
import doubleeleven.rig.differential.Recorded.Part;
import doubleeleven.rig.differential.Side.Breakage;
import doubleeleven.rig.differential.Side.Call;
import doubleeleven.rig.differential.Side.Execution;
import doubleeleven.rig.differential.Side.Injected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jose4j.jwt.JwtClaims;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** One scenario on one side: the verbs it is written in, and what they showed. */
final class Play {
    static final String CURRENCY = "GBP";
    static final String EAST = "us-east-1";
    private static final Set<String> TERMINAL = Set.of("SUCCEEDED", "CLOSED");
    /** What money moves by; the other tables hold what can be read from these. */
    private static final List<String> TABLES =
            List.of(Snapshot.ACCOUNT_TABLE, Snapshot.PAYMENT_TABLE, Snapshot.CREDIT_TABLE);

    private final Side side;
    private final String tag;
    private final Consents consents;
    private final Plain plain = new Plain();
    private final List<Seen> seen = new ArrayList<>();
    private final Set<String> payments = new LinkedHashSet<>();
    private final List<Shop> shops = new ArrayList<>();
    private final List<Customer> customers = new ArrayList<>();
    private final List<Injected> faults = new ArrayList<>();
    private int calls;
    private int looks;

    Play(Side side, String tag) {
        this.side = side;
        this.tag = tag;
        this.consents = new Consents(side.clock(), UnaryOperator.identity());
        plain.stands(side.operatorKey(), "<operator's key>");
        plain.stands(side.operatorKey().substring(0, side.operatorKey().indexOf('.')), "<operator>");
    }

    /** Something as it was seen. */
    private record Seen(Kind kind, String title, Map<String, ?> values) {}

    /** A merchant with its key, and the Region whose door it calls. */
    record Shop(String id, String key, String region) {
        Shop at(String other) {
            return new Shop(id, key, other);
        }
    }

    String unique(String name) {
        return tag + "-" + name;
    }

    /** In every call about this order's payment. */
    String orderHash(Shop shop, String order) {
        return OrderHash.ofOrder(shop.id(), unique(order)).value();
    }

    // Opening

    Shop shop(String name) {
        return shop(name, 1);
    }

    Shop shop(String name, int buckets) {
        String id = unique(name);
        Answer answer = operate("/merchants", Map.of("merchant", id, "currency", CURRENCY, "buckets", buckets), "");
        Shop shop = new Shop(id, answer.text("apiKey"), EAST);
        shops.add(shop);
        return shop;
    }

    Customer customer(String name, long balance) {
        return open(Customer.of(unique(name)), balance);
    }

    /** A customer whose shard lies between these. */
    Customer customer(String name, int firstShard, int lastShard, long balance) {
        String id = IntStream.iterate(0, i -> i + 1)
                .mapToObj(i -> unique(name + i))
                .filter(each ->
                        Shard.of(each).number() >= firstShard && Shard.of(each).number() <= lastShard)
                .findFirst()
                .orElseThrow();
        return open(Customer.of(id), balance);
    }

    private Customer open(Customer customer, long balance) {
        operate("/customers", customer.opening(CURRENCY, balance), "");
        customers.add(customer);
        return customer;
    }

    void coupon(Customer customer, String coupon, long amount, String expiresAt) {
        operate(
                "/customers/" + customer.id() + "/coupons",
                Map.of("coupon", coupon, "amount", amount, "currency", CURRENCY, "expiresAt", expiresAt),
                "");
    }

    Answer topUp(Customer customer, String reference, long amount) {
        return operate(
                "/customers/" + customer.id() + "/top-ups",
                Map.of("reference", reference, "amount", amount, "currency", CURRENCY),
                "key-" + reference);
    }

    void mandate(Customer customer, Shop shop, String id, long perPayment, long total) {
        String token = customer.sign(consents.mandate(customer, shop.id(), CURRENCY, perPayment, total, id));
        post(shop, "/customers/" + customer.id() + "/mandates", Map.of("token", token), "");
    }

    // Bodies

    /** A payment from the balance that the customer signs. */
    Map<String, Object> payment(Customer payer, Shop shop, String order, long amount) {
        return payment(payer, order, amount, payer.sign(consent(payer, shop, order, amount)));
    }

    Map<String, Object> payment(Customer payer, String order, long amount, String token) {
        return Payments.payment(payer.id(), unique(order), amount, CURRENCY, Map.of("token", token));
    }

    Map<String, Object> shared(Customer payer, Shop market, String order, List<Map<String, Object>> payees) {
        long amount = payees.stream()
                .mapToLong(share -> ((Number) share.get("amount")).longValue())
                .sum();
        JwtClaims claims = consents.shared(payer, market.id(), unique(order), amount, CURRENCY, payees);
        return Payments.with(payment(payer, order, amount, payer.sign(claims)), "payees", payees);
    }

    /** A payment of which the customer borrows a part. */
    Map<String, Object> onCredit(Customer payer, Shop shop, String order, long amount, Consents.Credit credit) {
        return Credit.payment(consents, payer, shop.id(), unique(order), amount, CURRENCY, credit);
    }

    JwtClaims consent(Customer payer, Shop shop, String order, long amount) {
        return consents.payment(payer, shop.id(), unique(order), amount, CURRENCY);
    }

    Map<String, Object> transfer(Customer payer, String payee, String transfer, long amount) {
        String token = payer.sign(consents.transfer(payer, payee, unique(transfer), amount, CURRENCY));
        return Payments.transfer(payer.id(), payee, unique(transfer), amount, CURRENCY, token);
    }

    // Calls

    /** Pays under a key made of the order's name. */
    Answer pay(Shop shop, Customer payer, String order, long amount) {
        return pay(shop, payment(payer, shop, order, amount), "key-" + order);
    }

    Answer pay(Shop shop, Map<String, ?> body, String key) {
        return post(shop, "/payments", body, key);
    }

    /** Pays, and the first executions die once everything is held and before anything is decided. */
    Answer payAndDie(Shop shop, Map<String, ?> body, String key, int executions) {
        Call call = new Call(shop.region(), shop.key(), "POST", "/payments", Json.write(body), key);
        return seen(call, (where, it) -> where.callThatDies(it, executions));
    }

    Answer refund(Shop shop, String payment, String refund, long amount) {
        return post(
                shop, "/payments/" + payment + "/refunds", Payments.refund(unique(refund), amount), "key-" + refund);
    }

    Answer refund(Shop shop, String payment, Shop payee, String refund, long amount) {
        return post(
                shop,
                "/payments/" + payment + "/refunds",
                Payments.refund(unique(refund), payee.id(), amount),
                "key-" + refund);
    }

    /** Asks for a line and waits until models have spoken; answers what they said. */
    Answer apply(Customer customer, String application, long limit, Map<String, Object> applicant) {
        String address = "/customers/" + customer.id() + "/credit-applications";
        operate(address, Credit.application(consents, customer, unique(application), limit, CURRENCY, applicant), "");
        return decided(customer, application, "RECEIVED");
    }

    /** Waits until an application is not as it was; answers how it is. */
    Answer decided(Customer customer, String application, String before) {
        String path = "/customers/" + customer.id() + "/credit-applications/" + unique(application);
        Call call = new Call(EAST, side.operatorKey(), "GET", path, "", "");
        side.await(
                "a decision on " + application,
                () -> !side.call(call).text("status").equals(before));
        return look(path);
    }

    /** An operator's answer to an application that waits. */
    Answer review(Customer customer, String application, Map<String, ?> verdict) {
        return operate(
                "/operations/credit-applications/" + customer.id() + "/" + unique(application) + "/decision",
                verdict,
                "");
    }

    Answer changeLine(Customer customer, String what, Map<String, ?> body) {
        return operate("/operations/credit-lines/" + customer.id() + "/" + what, body, "");
    }

    Answer repay(Customer customer, String repayment, long amount) {
        return operate(
                "/customers/" + customer.id() + "/repayments",
                Credit.repayment(consents, customer, unique(repayment), amount, CURRENCY),
                "key-" + repayment);
    }

    /** What a customer owes, as an operator sees it. */
    Answer line(Customer customer) {
        return look("/customers/" + customer.id() + "/credit");
    }

    Answer transfer(Map<String, ?> body, String key) {
        return operate("/transfers", body, key);
    }

    Answer post(Shop shop, String path, Map<String, ?> body, String key) {
        return postText(shop, path, Json.write(body), key);
    }

    Answer postText(Shop shop, String path, String body, String key) {
        return seen(new Call(shop.region(), shop.key(), "POST", path, body, key), Side::call);
    }

    Answer get(Shop shop, String path) {
        return seen(new Call(shop.region(), shop.key(), "GET", path, "", ""), Side::call);
    }

    Answer operate(String path, Map<String, ?> body, String key) {
        return seen(new Call(EAST, side.operatorKey(), "POST", path, Json.write(body), key), Side::call);
    }

    Answer look(String path) {
        return seen(new Call(EAST, side.operatorKey(), "GET", path, "", ""), Side::call);
    }

    Answer explain(String payment) {
        return look("/operations/payments/" + payment);
    }

    private Answer seen(Call call, BiFunction<Side, Call, Answer> how) {
        Answer answer = how.apply(side, call);
        answer.find("id").ifPresent(payments::add);
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("status", answer.status());
        for (String header : List.of("Content-Type", "Location", "Retry-After")) {
            answer.header(header).ifPresent(value -> shown.put(header, value));
        }
        shown.put("body", answer.body().isEmpty() ? answer.text() : answer.body());
        String title = "%02d %s %s through %s".formatted(++calls, call.method(), call.path(), call.region());
        seen.add(new Seen(Kind.CALL, title, shown));
        return answer;
    }

    // Faults and time

    Injected inject(Breakage breakage) {
        Injected fault = side.inject(breakage);
        faults.add(fault);
        return fault;
    }

    /** Leaves no fault behind. */
    void mend() {
        faults.forEach(Injected::remove);
    }

    /** Recovery has a part in it, of whichever colour comes first. */
    void recoveryOfEitherColour() {
        plain.eitherColour();
    }

    void pass(Duration time) {
        side.pass(time);
    }

    /** Waits until the fault has broken something. */
    void until(Injected fault) {
        side.await("a fault that hits", () -> fault.hits() > 0);
    }

    /** Waits until nothing moves any more, then looks at every item. */
    void quiet() {
        // Queues first and last: while a message is on its way no table is worth a look, and what is at rest has sent
        // none.
        side.await("rest after call " + calls, () -> side.isIdle(tag) && isAtRest() && side.isIdle(tag));
        looks++;
        for (String table : TABLES) {
            own(table)
                    .forEach(item ->
                            seen.add(new Seen(Kind.ITEM, "%02d %s %s".formatted(looks, table, key(item)), item)));
        }
    }

    private boolean isAtRest() {
        return own(Snapshot.PAYMENT_TABLE).stream()
                        .allMatch(item -> TERMINAL.contains(item.get("status").s()))
                && own(Snapshot.CREDIT_TABLE).stream().allMatch(item -> isEmpty(item, "holds"))
                && own(Snapshot.ACCOUNT_TABLE).stream()
                        .allMatch(item -> isEmpty(item, "holds")
                                && isEmpty(item, "incoming")
                                && !item.containsKey("posting")
                                && (!item.get("sk").s().startsWith("E#") || item.containsKey("posted")));
    }

    private static boolean isEmpty(Map<String, AttributeValue> item, String map) {
        return !item.containsKey(map) || item.get(map).m().isEmpty();
    }

    private List<Map<String, AttributeValue>> own(String table) {
        return side.items(table).stream()
                .filter(item -> item.toString().contains(tag))
                .toList();
    }

    private static String key(Map<String, AttributeValue> item) {
        String key = item.get("pk").s()
                + (item.containsKey("sk") ? "/" + item.get("sk").s() : "");
        // The key of what an operator did to a line is drawn: what it was tells it from the others.
        return item.containsKey("action") ? key + " " + item.get("action").s() : key;
    }

    /** Waits for rest, looks at everything from every angle, and tells what was seen. */
    Recorded end() {
        quiet();
        for (String payment : List.copyOf(payments)) {
            explain(payment);
        }
        customers.forEach(customer -> look("/customers/" + customer.id() + "/accounts"));
        shops.forEach(shop -> get(shop, "/merchants/" + shop.id() + "/balance"));
        List<Execution> executions = side.executions(tag);
        for (int i = 0; i < executions.size(); i++) {
            String title = "%02d %s".formatted(i + 1, executions.get(i).name());
            seen.add(new Seen(Kind.EXECUTION, title, shown(executions.get(i))));
        }
        List<String> attempts =
                executions.stream().map(Execution::name).distinct().toList();
        attempts.forEach(attempt -> plain.stands(attempt, "<attempt %d>".formatted(attempts.indexOf(attempt) + 1)));
        return new Recorded(seen.stream()
                .map(each -> new Part(each.kind(), plain.text(each.title()), plain.lines(each.values())))
                .toList());
    }

    private static Map<String, Object> shown(Execution execution) {
        SortedMap<String, List<String>> paths = new TreeMap<>();
        for (String site : execution.sites()) {
            int name = site.lastIndexOf('/') + 1;
            paths.computeIfAbsent(site.substring(0, name), ignored -> new ArrayList<>())
                    .add(site.substring(name));
        }
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("workflow", execution.workflow());
        shown.put("succeeded", execution.succeeded());
        shown.put("output", execution.output());
        shown.put(Recorded.HINDRANCE, execution.hindrance());
        paths.forEach((path, states) -> shown.put("states " + path, String.join(" > ", states)));
        return shown;
    }

    // Claims, which hold on both sides

    static void expect(Answer answer, int status, String problemOrReason) {
        String found = answer.reasons().isEmpty() ? answer.problem() : String.join(",", answer.reasons());
        if (answer.status() != status || !found.equals(problemOrReason)) {
            throw new AssertionError("not %d %s: %s".formatted(status, problemOrReason, answer));
        }
    }

    static Answer expectPaid(Answer answer) {
        expect(answer, 201, "");
        return answer;
    }
}
