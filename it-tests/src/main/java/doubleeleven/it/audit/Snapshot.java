package doubleeleven.it.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/**
 * The money tables as they lie there, read without the platform's own code: an audit that shared it would share its mistakes.
 *
 * @param strange keys of items that are of no known kind; money might hide in them
 */
public record Snapshot(
        List<Fund> funds,
        List<Entry> entries,
        List<Payment> payments,
        List<Debt> debts,
        List<Statement> statements,
        List<String> strange) {
    public static final String ACCOUNT_TABLE = "double11-account";
    public static final String PAYMENT_TABLE = "double11-payment";
    public static final String CREDIT_TABLE = "double11-credit";

    private static final Pattern CUSTOMER = Pattern.compile("\\d\\d#C#.+");
    private static final Pattern BUCKET = Pattern.compile("M#.+#\\d+");
    private static final Pattern STATEMENT = Pattern.compile("BILL#\\d{4}-\\d{2}");
    private static final Pattern OWED = Pattern.compile(STATEMENT + "#(FEE|INTEREST|PRINCIPAL)");
    private static final Pattern MERCHANT = Pattern.compile("M#[^#]+");

    /**
     * An item that holds money.
     *
     * @param limit of a credit line: what may be owed; null of every other account
     * @param posting sort keys of entries that are in the balance already but may not be marked as posted
     */
    public record Fund(
            String pk,
            String sk,
            boolean ofCustomer,
            String currency,
            long available,
            Map<String, Long> holds,
            Map<String, Long> incoming,
            long opened,
            @Nullable Long limit,
            Set<String> posting) {
        public String name() {
            return pk + "/" + sk;
        }

        public long held() {
            return holds.values().stream().mapToLong(Long::longValue).sum();
        }

        /** What is owed on a credit line. */
        public long outstanding() {
            return limit == null ? 0 : limit - available - held();
        }
    }

    /**
     * What billing took of a loan.
     *
     * @param sealed whether no bill may list it any more
     */
    public record Part(long number, long principal, long fee, boolean sealed) {
        /** The same, whichever item it stands on. */
        public boolean isSame(Part other) {
            return number == other.number && principal == other.principal && fee == other.fee;
        }
    }

    /**
     * What a customer owes in one place: a loan's principal that is not billed, or the fees, the interest or the principal of a bill.
     *
     * @param opened all that was ever owed there
     * @param order the payment that a loan was made by; null on a bill
     * @param parts what billing took of a loan
     */
    public record Debt(
            String pk,
            String sk,
            long available,
            Map<String, Long> holds,
            long opened,
            @Nullable String order,
            List<Part> parts) {
        public String name() {
            return pk + "/" + sk;
        }

        public boolean isLoan() {
            return sk.startsWith("LOAN#");
        }

        /** Not a cost: the credit line gets it back. */
        public boolean isPrincipal() {
            return isLoan() || sk.endsWith("#PRINCIPAL");
        }

        public long owed() {
            return available
                    + holds.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** A line of a bill. */
    public record Listed(String loan, Part part) {}

    /** A bill as it was sent out. */
    public record Statement(String pk, String sk, long principal, long fees, List<Listed> lines) {
        public String name() {
            return pk + "/" + sk;
        }
    }

    /**
     * The credit of one payment to one payee.
     *
     * @param refundable what refunds may still take of this payee's share; null where there is no other payee
     */
    public record Entry(
            String pk,
            String sk,
            String currency,
            long amount,
            String order,
            boolean posted,
            @Nullable Long refundable,
            Map<String, Long> holds) {
        public String name() {
            return pk + "/" + sk;
        }

        /** The attempt at the end of the sort key. */
        public String attempt() {
            return sk.substring(sk.lastIndexOf('#') + 1);
        }
    }

    /** One branch of a payment. */
    public record Leg(String kind, String pk, @Nullable String sk, long amount) {
        public String name() {
            return sk == null ? pk : pk + "/" + sk;
        }
    }

    /**
     * What one payee gets of a payment.
     *
     * @param bucket partition of the bucket that is credited by an entry
     */
    public record Share(String bucket, long amount) {}

    /**
     * A payment item with the command of its last attempt.
     *
     * @param payees none where nobody is credited by an entry
     * @param refundable what refunds may still take; null where nothing can be refunded
     * @param kind null where recovery closed an attempt that never claimed
     */
    public record Payment(
            String order,
            String status,
            String attempt,
            String unit,
            String colour,
            @Nullable String kind,
            @Nullable String currency,
            long amount,
            List<Leg> legs,
            List<Share> payees,
            @Nullable String original,
            @Nullable Long refundable,
            Map<String, Long> holds,
            List<String> reasons) {
        private static final String SUCCEEDED = "SUCCEEDED";
        private static final List<String> TERMINAL = List.of(SUCCEEDED, "CLOSED");

        public boolean isOpen() {
            return !TERMINAL.contains(status);
        }

        public boolean isSucceeded() {
            return status.equals(SUCCEEDED);
        }

        /** Paid from one source to one payee by the customer's signature: the case whose cost the design states. */
        public boolean isPlain() {
            return "PAYMENT".equals(kind) && legs.size() == 1 && payees.size() == 1;
        }

        public long sum(String legKind) {
            return legs.stream()
                    .filter(leg -> leg.kind().equals(legKind))
                    .mapToLong(Leg::amount)
                    .sum();
        }
    }

    /** Reads the tables strongly from beginning to end. The reading takes time: only what does not change meanwhile is seen as one. */
    public static Snapshot read(DynamoDbClient dynamoDb) {
        return of(scan(dynamoDb, ACCOUNT_TABLE), scan(dynamoDb, PAYMENT_TABLE), scan(dynamoDb, CREDIT_TABLE));
    }

    /**
     * The open payments alone. Whoever looks every second while others pay leaves the rest to the database: reading all tables would slow
     * down what is being watched.
     */
    public static Snapshot readOpen(DynamoDbClient dynamoDb) {
        Map<String, AttributeValue> terminal = new HashMap<>();
        Payment.TERMINAL.forEach(status -> terminal.put(":" + status, AttributeValue.fromS(status)));
        return of(
                List.of(),
                scan(
                        dynamoDb,
                        request -> request.tableName(PAYMENT_TABLE)
                                .filterExpression("NOT (#status IN (" + String.join(", ", terminal.keySet()) + "))")
                                .expressionAttributeNames(Map.of("#status", "status"))
                                .expressionAttributeValues(terminal)),
                List.of());
    }

    public static Snapshot of(
            List<Map<String, AttributeValue>> accountItems,
            List<Map<String, AttributeValue>> paymentItems,
            List<Map<String, AttributeValue>> creditItems) {
        List<Fund> funds = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        List<String> strange = new ArrayList<>();
        for (Map<String, AttributeValue> item : accountItems) {
            String pk = text(item, "pk");
            String sk = text(item, "sk");
            boolean customer = CUSTOMER.matcher(pk).matches();
            boolean bucket = BUCKET.matcher(pk).matches();
            boolean balance = sk.equals("BALANCE") && (customer || bucket);
            if (balance || (customer && (sk.startsWith("COUPON#") || sk.equals("CREDIT")))) {
                funds.add(fund(item, customer));
            } else if (bucket && sk.startsWith("E#")) {
                entries.add(new Entry(
                        pk,
                        sk,
                        text(item, "currency"),
                        number(item, "amount"),
                        text(item, "payment"),
                        item.containsKey("posted"),
                        item.containsKey("available") ? (Long) number(item, "available") : null,
                        reserved(item, "holds")));
            } else if (!isWithoutMoney(pk, sk)) {
                strange.add(pk + "/" + sk);
            }
        }
        List<Debt> debts = new ArrayList<>();
        List<Statement> statements = new ArrayList<>();
        for (Map<String, AttributeValue> item : creditItems) {
            String sk = text(item, "sk");
            if (sk.startsWith("LOAN#") || OWED.matcher(sk).matches()) {
                debts.add(debt(item));
            } else if (STATEMENT.matcher(sk).matches()) {
                statements.add(new Statement(
                        text(item, "pk"),
                        sk,
                        number(item, "principal"),
                        number(item, "fees"),
                        list(item, "lines", line -> new Listed(text(line.m(), "loan"), part(line)))));
            } else if (!isWithoutDebt(text(item, "pk"), sk)) {
                strange.add(text(item, "pk") + "/" + sk);
            }
        }
        return new Snapshot(
                funds, entries, paymentItems.stream().map(Snapshot::payment).toList(), debts, statements, strange);
    }

    private static Debt debt(Map<String, AttributeValue> item) {
        return new Debt(
                text(item, "pk"),
                text(item, "sk"),
                number(item, "available"),
                reserved(item, "holds"),
                number(item, "opened"),
                find(item, "order").orElse(null),
                list(item, "parts", Snapshot::part));
    }

    private static Part part(AttributeValue part) {
        return new Part(
                number(part.m(), "n"),
                number(part.m(), "principal"),
                number(part.m(), "fee"),
                part.m().containsKey("sealed") && part.m().get("sealed").bool());
    }

    public List<Payment> open() {
        return payments.stream().filter(Payment::isOpen).toList();
    }

    public Optional<Payment> payment(String order) {
        return payments.stream()
                .filter(payment -> payment.order().equals(order))
                .findFirst();
    }

    public Optional<Fund> fund(String pk, String sk) {
        return funds.stream()
                .filter(fund -> fund.pk().equals(pk) && fund.sk().equals(sk))
                .findFirst();
    }

    /** Profiles, and mandates, whose allowance is a limit. */
    private static boolean isWithoutMoney(String pk, String sk) {
        boolean customer = CUSTOMER.matcher(pk).matches();
        boolean profile =
                sk.equals("PROFILE") && (customer || MERCHANT.matcher(pk).matches());
        boolean cursor = pk.equals("RECONCILIATION");
        return profile || cursor || (customer && sk.startsWith("MANDATE#"));
    }

    /** Who has a line, who waits for an operator, what was applied for, and what operators did to lines. */
    private static boolean isWithoutDebt(String pk, String sk) {
        return pk.startsWith("LINES#")
                || pk.equals("REVIEWS")
                || (CUSTOMER.matcher(pk).matches() && (sk.startsWith("APPLICATION#") || sk.startsWith("LINE#")));
    }

    private static Fund fund(Map<String, AttributeValue> item, boolean customer) {
        Set<String> posting = new HashSet<>();
        if (item.containsKey("posting")) {
            item.get("posting").l().forEach(key -> posting.add(key.s()));
            posting.addAll(item.get("posting").ss());
        }
        return new Fund(
                text(item, "pk"),
                text(item, "sk"),
                customer,
                text(item, "currency"),
                number(item, "available"),
                reserved(item, "holds"),
                reserved(item, "incoming"),
                item.containsKey("opened") ? number(item, "opened") : 0,
                item.containsKey("limit") ? (Long) number(item, "limit") : null,
                posting);
    }

    private static Payment payment(Map<String, AttributeValue> item) {
        Map<String, AttributeValue> command =
                item.containsKey("command") ? item.get("command").m() : Map.of();
        List<Leg> legs = list(
                command,
                "branches",
                leg -> new Leg(
                        text(leg.m(), "kind"),
                        text(leg.m(), "pk"),
                        find(leg.m(), "sk").orElse(null),
                        number(leg.m(), "amount")));
        List<Share> payees = list(
                command,
                "payees",
                payee -> new Share(
                        "M#" + text(payee.m(), "merchant") + "#" + number(payee.m(), "bucket"),
                        number(payee.m(), "amount")));
        return new Payment(
                text(item, "pk"),
                text(item, "status"),
                text(item, "attempt"),
                text(item, "unit"),
                text(item, "colour"),
                find(command, "kind").orElse(null),
                find(command, "currency").orElse(null),
                command.isEmpty() ? 0 : number(command, "amount"),
                legs,
                payees,
                find(command, "original").orElse(null),
                item.containsKey("available") ? (Long) number(item, "available") : null,
                reserved(item, "holds"),
                list(item, "reasons", AttributeValue::s));
    }

    private static <T> List<T> list(Map<String, AttributeValue> item, String name, Function<AttributeValue, T> reader) {
        AttributeValue list = item.get(name);
        return list == null ? List.of() : list.l().stream().map(reader).toList();
    }

    private static Map<String, Long> reserved(Map<String, AttributeValue> item, String name) {
        Map<String, Long> amounts = new HashMap<>();
        AttributeValue reserved = item.get(name);
        if (reserved != null) {
            reserved.m().forEach((attempt, hold) -> amounts.put(attempt, number(hold.m(), "amount")));
        }
        return amounts;
    }

    private static Optional<String> find(Map<String, AttributeValue> item, String name) {
        return Optional.ofNullable(item.get(name)).map(AttributeValue::s);
    }

    static String text(Map<String, AttributeValue> item, String name) {
        return find(item, name).orElseThrow(() -> new IllegalStateException("no text " + name + " in " + item));
    }

    static long number(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        if (value == null || value.n() == null) {
            throw new IllegalStateException("no number " + name + " in " + item);
        }
        return Long.parseLong(value.n());
    }

    /** Every item of a table, read strongly. */
    public static List<Map<String, AttributeValue>> scan(DynamoDbClient dynamoDb, String table) {
        return scan(dynamoDb, request -> request.tableName(table));
    }

    private static List<Map<String, AttributeValue>> scan(DynamoDbClient dynamoDb, Consumer<ScanRequest.Builder> what) {
        return dynamoDb.scanPaginator(request -> request.applyMutation(what).consistentRead(true)).items().stream()
                .toList();
    }
}
