package doubleeleven.credit.aws;

import static doubleeleven.aws.dynamodb.Values.key;
import static doubleeleven.aws.dynamodb.Values.m;
import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.account.AccountKey;
import doubleeleven.aws.dynamodb.CreditSchemas;
import doubleeleven.credit.Bill;
import doubleeleven.credit.InstalmentPlan;
import doubleeleven.credit.LineRegister;
import doubleeleven.credit.Loan;
import doubleeleven.credit.Owed;
import doubleeleven.credit.Part;
import doubleeleven.credit.Terms;
import doubleeleven.credit.billing.Billing;
import doubleeleven.credit.billing.Bills;
import doubleeleven.credit.billing.Overdue;
import doubleeleven.credit.billing.Receivables;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.testkit.LocalTables;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** Customers' items, and what Try and phase two do to them. */
final class Book implements AutoCloseable {
    static final YearMonth NOVEMBER = YearMonth.of(2026, 11);
    static final YearMonth DECEMBER = NOVEMBER.plusMonths(1);
    static final Instant IN_NOVEMBER = Instant.parse("2026-11-11T00:00:00Z");
    static final Terms TERMS = new Terms("test", 10, 500, Map.of(3, 100_000));
    static final InstalmentPlan THREE = TERMS.plan(3).orElseThrow();
    static final long LIMIT = 1_000_000;

    private final LocalTables tables = LocalTables.inProcess();
    private int customers;

    DynamoDbClient client() {
        return tables.client();
    }

    /** A new customer with a line: nothing that another one owes comes into it. */
    String customer() {
        customers++;
        String customer = "c" + customers;
        open(customer);
        return customer;
    }

    /** As a line is opened: first in the register, then itself. */
    void open(String customer) {
        client().putItem(put -> put.tableName(LocalTables.CREDIT).item(key(LineRegister.keyOf(customer))));
        Map<String, AttributeValue> line = new HashMap<>(key(AccountKey.creditLineOf(customer)));
        line.putAll(Map.of(
                "currency", s("GBP"),
                "available", n(LIMIT),
                "limit", n(LIMIT),
                "opened", n(0),
                "holds", m(Map.of()),
                "incoming", m(Map.of()),
                "finished", m(Map.of())));
        client().putItem(put -> put.tableName(LocalTables.ACCOUNT).item(line));
    }

    /** As phase two opens a loan. */
    Loan lend(String customer, String number, Instant decidedAt, long principal, InstalmentPlan plan) {
        Loan loan = Loan.open(
                customer, decidedAt, attempt(number), order(number), Money.ofMinor(CurrencyUnit.GBP, principal), plan);
        client().putItem(put -> put.tableName(LocalTables.CREDIT)
                .item(CreditSchemas.LOAN.itemToMap(loan, true))
                .conditionExpression("attribute_not_exists(pk)"));
        return loan;
    }

    /** As Try holds a part of what is owed. */
    void hold(AccountKey item, String refund, long amount) {
        update(
                item,
                "SET available = available - :amount, holds.#attempt = :hold",
                "available >= :amount",
                refund,
                Map.of(
                        ":amount", n(amount),
                        ":hold",
                                m(Map.of(
                                        "amount",
                                        n(amount),
                                        "order",
                                        s(order(refund).value()),
                                        "due",
                                        n(IN_NOVEMBER)))));
    }

    /** The same, or false where that much is not there any more. */
    boolean holds(AccountKey item, String refund, long amount) {
        try {
            hold(item, refund, amount);
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    /** As Confirm takes what was held. */
    void confirm(AccountKey item, String refund) {
        update(item, "REMOVE holds.#attempt", "attribute_exists(holds.#attempt)", refund, Map.of());
    }

    /** As Cancel gives back what was held. */
    void cancel(AccountKey item, String refund, long amount) {
        update(
                item,
                "SET available = available + :amount REMOVE holds.#attempt",
                "attribute_exists(holds.#attempt)",
                refund,
                Map.of(":amount", n(amount)));
    }

    /** A repayment, whole. */
    void repay(AccountKey item, String number, long amount) {
        hold(item, number, amount);
        confirm(item, number);
    }

    private void update(
            AccountKey item, String update, String condition, String number, Map<String, AttributeValue> values) {
        client().updateItem(request -> request.tableName(LocalTables.CREDIT)
                .key(key(item))
                .updateExpression(update)
                .conditionExpression(condition)
                .expressionAttributeNames(Map.of("#attempt", attempt(number).value()))
                .expressionAttributeValues(values.isEmpty() ? null : values));
    }

    /** What billing does at the beginning of the next month. */
    static Billing.Outcome bill(DynamoDbClient client, String customer, YearMonth month) {
        return bill(client, customer, month, month.plusMonths(1).atDay(1));
    }

    static Billing.Outcome bill(DynamoDbClient client, String customer, YearMonth month, LocalDate on) {
        return new Billing(receivables(client), TERMS, at(on)).bill(customer, month);
    }

    Billing.Outcome bill(String customer, YearMonth month) {
        return bill(client(), customer, month);
    }

    static Overdue.Outcome overdue(DynamoDbClient client, String customer, LocalDate day) {
        return new Overdue(
                        receivables(client),
                        new DynamoDbLines(client, LocalTables.ACCOUNT, LocalTables.CREDIT),
                        at(day))
                .run(customer, day);
    }

    Overdue.Outcome overdue(String customer, LocalDate day) {
        return overdue(client(), customer, day);
    }

    private static Receivables receivables(DynamoDbClient client) {
        return new DynamoDbReceivables(client, LocalTables.CREDIT);
    }

    private static Clock at(LocalDate day) {
        return Clock.fixed(day.atTime(1, 0).toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
    }

    List<Loan> loans(String customer) {
        return receivables(client()).loans(customer);
    }

    Bill statement(String customer, YearMonth month) {
        return receivables(client()).bill(customer, month).orElseThrow();
    }

    Optional<Bill> findStatement(String customer, YearMonth month) {
        return receivables(client()).bill(customer, month);
    }

    Owed owed(String customer, YearMonth month, Owed.Kind kind) {
        return receivables(client()).bills(customer).owed().stream()
                .filter(each -> each.key().equals(owedKey(customer, month, kind)))
                .findFirst()
                .orElseThrow();
    }

    static AccountKey owedKey(String customer, YearMonth month, Owed.Kind kind) {
        return Owed.keyOf(Bill.keyOf(customer, month), kind);
    }

    Map<String, AttributeValue> line(String customer) {
        return client().getItem(get -> get.tableName(LocalTables.ACCOUNT).key(key(AccountKey.creditLineOf(customer))))
                .item();
    }

    void setLine(String customer, Map<String, AttributeValue> attributes) {
        Map<String, AttributeValue> line = new HashMap<>(line(customer));
        line.putAll(attributes);
        client().putItem(put -> put.tableName(LocalTables.ACCOUNT).item(line));
    }

    /** Everything that belongs to a customer, by sort key and without the customer's name. */
    Map<String, String> everything(String customer) {
        Map<String, String> items = new TreeMap<>();
        for (String table : List.of(LocalTables.ACCOUNT, LocalTables.CREDIT)) {
            client().query(query -> query.tableName(table)
                            .consistentRead(true)
                            .keyConditionExpression("pk = :pk")
                            .expressionAttributeValues(Map.of(":pk", s(AccountKey.partitionOf(customer)))))
                    .items()
                    .forEach(item -> {
                        Map<String, AttributeValue> rest = new TreeMap<>(item);
                        rest.remove("pk");
                        items.put(item.get("sk").s(), rest.toString());
                    });
        }
        return items;
    }

    /**
     * Each unit lent is unbilled, on exactly one bill, or was taken; each bill's items are what it says.
     *
     * @param taken what refunds and early repayments took from the customer's loans
     */
    void assertSound(String customer, long taken) {
        List<Loan> loans = loans(customer);
        Bills bills = receivables(client()).bills(customer);
        Map<String, Integer> listed = new HashMap<>();
        for (Bill bill : bills.statements()) {
            bill.lines().forEach(line -> listed.merge(line.loan() + " " + line.number(), 1, Integer::sum));
            assertThat(owed(customer, bill.month(), Owed.Kind.PRINCIPAL).openedMinor())
                    .isEqualTo(bill.principalMinor());
            assertThat(owed(customer, bill.month(), Owed.Kind.FEE).openedMinor())
                    .isEqualTo(bill.feeMinor());
            assertThat(owed(customer, bill.month(), Owed.Kind.INTEREST).interest())
                    .isNotNull();
        }
        List<String> sealed = new ArrayList<>();
        long parts = 0;
        for (Loan loan : loans) {
            for (Part part : loan.parts()) {
                parts += part.principalMinor();
                if (part.sealed()) {
                    sealed.add(loan.id() + " " + part.number());
                }
            }
        }
        assertThat(listed)
                .as("parts on bills")
                .allSatisfy((_, times) -> assertThat(times).isEqualTo(1));
        assertThat(listed.keySet()).as("sealed are the listed ones").containsExactlyInAnyOrderElementsOf(sealed);
        assertThat(parts + loans.stream().mapToLong(Loan::owedMinor).sum() + taken)
                .as("lent")
                .isEqualTo(loans.stream().mapToLong(Loan::principalMinor).sum());
    }

    static AttemptId attempt(String number) {
        return AttemptId.of(order(number), "key", "f");
    }

    static OrderHash order(String number) {
        return OrderHash.ofOrder("gifts", number);
    }

    @Override
    public void close() {
        tables.close();
    }
}
