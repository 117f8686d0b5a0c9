package doubleeleven.gateway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import doubleeleven.account.AccountKey;
import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import doubleeleven.account.Hold;
import doubleeleven.account.Tombstone;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.MoneyTables;
import doubleeleven.aws.dynamodb.RuleItems;
import doubleeleven.aws.dynamodb.Schemas;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.gateway.ApiDocument;
import doubleeleven.gateway.ApiKey;
import doubleeleven.gateway.Role;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.ids.PaymentId;
import doubleeleven.ids.Shard;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.Command;
import doubleeleven.payment.Payee;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentKind;
import doubleeleven.payment.PaymentStatus;
import doubleeleven.payment.RiskVerdict;
import doubleeleven.payment.Step;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.ManualClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The operators' function as deployed in us-east-1, except that DynamoDB is local and SQS is stood in for, with payments in any state. */
final class OperatorsRoom implements AutoCloseable {
    static final Instant NOW = Instant.parse("2025-11-11T00:00:00Z");
    static final String CUSTOMER = "14911";
    static final String SHOP = "gifts";
    static final AccountKey BALANCE = AccountKey.balanceOf(CUSTOMER);
    static final String OPERATOR = "op-alice";
    private static final String SECRET = "s3cret-".repeat(5);
    private static final ApiDocument API = ApiDocument.read();

    final LocalTables tables = LocalTables.start();
    final QueuesStandIn queues = new QueuesStandIn();
    final AwsStandIn workflows = new AwsStandIn();
    private final ManualClock clock = new ManualClock();
    private final DynamoDbEnhancedClient enhanced;
    private final OperationsHandler handler;

    OperatorsRoom() {
        clock.set(NOW);
        System.setProperty("aws.accessKeyId", "local");
        System.setProperty("aws.secretAccessKey", "local");
        System.setProperty("aws.endpointUrlDynamoDb", tables.endpoint().toString());
        System.setProperty("aws.endpointUrlSqs", queues.endpoint());
        System.setProperty("aws.endpointUrlSfn", workflows.endpoint());
        enhanced =
                DynamoDbEnhancedClient.builder().dynamoDbClient(tables.client()).build();
        Map<String, String> variables = new HashMap<>(Map.of(
                "AWS_REGION", "us-east-1",
                "AWS_ENDPOINT_URL", "set",
                "AWS_ACCOUNT", "000000000000",
                "ACCOUNT_TABLE", LocalTables.ACCOUNT,
                "PAYMENT_TABLE", LocalTables.PAYMENT,
                "CREDIT_TABLE", LocalTables.CREDIT,
                "CONTROL_TABLE", LocalTables.CONTROL,
                "PLATFORM_TABLE", LocalTables.PLATFORM,
                "TOPOLOGY", Deployment.TOPOLOGY));
        variables.put("TRAFFIC", "LIVE");
        variables.put("DOOR_HOSTS", ".execute-api.us-east-1.amazonaws.com,.execute-api.us-east-2.amazonaws.com");
        variables.put(
                "QUEUES",
                "double11-rz01-a-phase-two,double11-rz01-a-posting,double11-rz01-a-features,double11-rz01-a-notifications");
        variables.put("FINAL_DEAD_LETTERS", "double11-relay-dlq,double11-rz01-a-recovery-dlq");
        handler = new OperationsHandler(at(clock, new Environment(variables)));
        key(OPERATOR, Role.OPERATOR, null);
    }

    private static Host at(Clock clock, Environment environment) {
        Host here = Host.with(environment);
        return new Host(environment, here.services(), clock, here.random(), here.out());
    }

    void key(String id, Role role, @Nullable String merchant) {
        new DynamoDbKeys(tables.client(), LocalTables.PLATFORM)
                .create(new ApiKey(id, Deployment.digest(SECRET), role, merchant, Instant.EPOCH, null));
    }

    /** As on the first day. */
    void clear() {
        tables.clear();
        workflows.forget();
        queues.clear();
        clock.set(NOW);
        key(OPERATOR, Role.OPERATOR, null);
    }

    /** Has this rule in force since the deployment, whenever that was. */
    void inForce(RoutingRule rule, Instant since) {
        tables.client()
                .putItem(put -> put.tableName(LocalTables.CONTROL)
                        .item(RuleItems.item(RuleItems.CURRENT, PublishedRule.deployed(rule, since))));
    }

    Clock clock() {
        return clock;
    }

    void at(Instant now) {
        clock.set(now);
    }

    DynamoDbBooks books(DynamoDbClient client) {
        return new DynamoDbBooks(client, new MoneyTables(LocalTables.ACCOUNT, LocalTables.PAYMENT, LocalTables.CREDIT));
    }

    Deployment.Reply get(String path) {
        return call("GET", path, null, OPERATOR);
    }

    Deployment.Reply post(String path, Map<String, Object> body) {
        return call("POST", path, Json.write(body), OPERATOR);
    }

    /** With a mark of shadow traffic. */
    Deployment.Reply marked(String method, String path, String mark) {
        return call(method, path, null, Map.of("Authorization", bearer(OPERATOR), "Double11-Shadow", mark));
    }

    Deployment.Reply call(String method, String address, @Nullable String body, String key) {
        return call(method, address, body, Map.of("Authorization", bearer(key)));
    }

    private static String bearer(String key) {
        return "Bearer " + key + "." + SECRET;
    }

    private Deployment.Reply call(
            String method, String address, @Nullable String body, Map<String, String> requestHeaders) {
        int mark = address.indexOf('?');
        String path = mark < 0 ? address : address.substring(0, mark);
        Map<String, List<String>> query = new LinkedHashMap<>();
        if (mark >= 0) {
            for (String parameter : address.substring(mark + 1).split("&", -1)) {
                query.merge(
                        parameter.substring(0, parameter.indexOf('=')),
                        List.of(parameter.substring(parameter.indexOf('=') + 1)),
                        (one, other) -> List.of(one.getFirst(), other.getFirst()));
            }
        }
        Map<String, Object> event = new HashMap<>();
        event.put("httpMethod", method);
        event.put("path", path);
        event.put("headers", requestHeaders);
        event.put("multiValueQueryStringParameters", query);
        event.put("body", body);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Context nobody = null;
            handler.handleRequest(new ByteArrayInputStream(Json.write(event).getBytes(UTF_8)), out, nobody);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Object> response = Json.object(out.toString(UTF_8));
        Map<String, String> headers = new HashMap<>();
        ((Map<?, ?>) response.get("headers")).forEach((name, value) -> headers.put((String) name, (String) value));
        Deployment.Reply reply = new Deployment.Reply(
                (int) Json.integer(response, "statusCode"), headers, Json.object(Json.text(response, "body")));
        API.check(method, path, reply.status(), reply.headers(), reply.body());
        return reply;
    }

    static OrderHash order(String number) {
        return OrderHash.ofOrder(SHOP, number);
    }

    static AttemptId attempt(String number) {
        return AttemptId.of(order(number), "key-1", "fingerprint");
    }

    static String id(String number) {
        return new PaymentId(Shard.of(CUSTOMER), order(number)).toString();
    }

    /** A payment of 100 from the customer's balance, claimed at that time and, where it is decided, decided a second later. */
    Payment payment(String number, PaymentStatus status, Instant claimedAt) {
        boolean open = !status.isTerminal();
        boolean decided = status != PaymentStatus.TRYING;
        boolean aborted = status == PaymentStatus.ABORTED || status == PaymentStatus.CLOSED;
        Instant decidedAt = decided ? claimedAt.plusSeconds(1) : null;
        Map<AttemptId, String> losers = new HashMap<>();
        losers.put(AttemptId.of(order(number), "key-0", "fingerprint"), "SUPERSEDED");
        if (aborted) {
            losers.put(attempt(number), "INSUFFICIENT_FUNDS");
        }
        return new Payment(
                order(number),
                status,
                attempt(number),
                "RZ01",
                "a",
                open ? "RZ01#" + Math.floorMod(order(number).hashCode(), 4) : null,
                open ? (decided ? decidedAt.plusSeconds(5) : claimedAt.plusSeconds(20)) : null,
                claimedAt,
                decidedAt,
                open ? null : claimedAt.plusSeconds(2),
                losers,
                command(number),
                aborted ? List.of("INSUFFICIENT_FUNDS") : List.of(),
                decided ? new RiskVerdict("APPROVE", List.of(), "rules-1", true, 900) : null,
                decided
                        ? List.of(new Step(
                                BALANCE.toString(), aborted ? "INSUFFICIENT_FUNDS" : "HELD", claimedAt.plusMillis(500)))
                        : List.of(),
                open
                        ? List.of()
                        : List.of(new Step(
                                BALANCE.toString(), aborted ? "CANCELLED" : "CONFIRMED", claimedAt.plusMillis(1500))),
                null,
                Map.of(),
                Map.of());
    }

    static Command command(String number) {
        return new Command(
                PaymentKind.PAYMENT,
                new PaymentId(Shard.of(CUSTOMER), order(number)),
                "fingerprint",
                "key",
                CUSTOMER,
                SHOP,
                number,
                Money.ofMinor(CurrencyUnit.GBP, 100),
                List.of(new Branch(BranchKind.DEBIT, BALANCE, 100)),
                List.of(new Payee(SHOP, 3, 100)),
                null,
                null,
                null,
                1,
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    }

    Payment put(Payment payment) {
        put(LocalTables.PAYMENT, Schemas.PAYMENT, payment);
        return payment;
    }

    Payment put(String number, PaymentStatus status, Instant claimedAt) {
        return put(payment(number, status, claimedAt));
    }

    /** The customer's balance, with a hold and a tombstone of those attempts. */
    void putBalance(Map<AttemptId, Hold> holds, Map<AttemptId, Tombstone> finished) {
        put(
                LocalTables.ACCOUNT,
                Schemas.FUND,
                Fund.open(BALANCE, CurrencyUnit.GBP, 1000).with(900, holds, Map.of(), finished));
    }

    void put(Entry entry) {
        put(LocalTables.ACCOUNT, Schemas.ENTRY, entry);
    }

    private <T> void put(String table, TableSchema<T> schema, T item) {
        enhanced.table(table, schema).putItem(item);
    }

    /** An item in the index of open payments that no schema can read. */
    void putUnreadable(String number, Instant claimedAt) {
        tables.client()
                .putItem(request -> request.tableName(LocalTables.PAYMENT)
                        .item(Map.of(
                                "pk", Values.s(order(number).value()),
                                "due", Values.s("RZ01#2"),
                                "dueAt", Values.n(claimedAt),
                                "status", Values.s("NONSENSE"))));
    }

    Map<String, AttributeValue> item(String number) {
        return tables.client()
                .getItem(request -> request.tableName(LocalTables.PAYMENT)
                        .key(Values.key(order(number)))
                        .consistentRead(true))
                .item();
    }

    @Override
    public void close() {
        queues.close();
        workflows.close();
        tables.close();
    }
}
