package doubleeleven.credit.aws;

import static doubleeleven.aws.dynamodb.Values.key;
import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.account.AccountKey;
import doubleeleven.aws.dynamodb.ConditionalWrites;
import doubleeleven.aws.dynamodb.CreditSchemas;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.credit.Bill;
import doubleeleven.credit.Interest;
import doubleeleven.credit.Loan;
import doubleeleven.credit.Owed;
import doubleeleven.credit.Part;
import doubleeleven.credit.billing.Bills;
import doubleeleven.credit.billing.Receivables;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Loans, bills and what is owed in the credit table. */
final class DynamoDbReceivables implements Receivables {
    private static final AttributeValue TRUE = AttributeValue.fromBool(true);

    private final DynamoDbClient client;
    private final ConditionalWrites writes;
    private final String table;

    DynamoDbReceivables(DynamoDbClient client, String table) {
        this.client = client;
        this.writes = new ConditionalWrites(client);
        this.table = table;
    }

    @Override
    public List<Loan> loans(String customer) {
        return items(customer, Loan.PREFIX).stream()
                .map(CreditSchemas.LOAN::mapToItem)
                .toList();
    }

    @Override
    public Optional<Bill> bill(String customer, YearMonth month) {
        Map<String, AttributeValue> item = client.getItem(request -> request.tableName(table)
                        .key(key(Bill.keyOf(customer, month)))
                        .consistentRead(true))
                .item();
        return item.isEmpty() ? Optional.empty() : Optional.of(CreditSchemas.BILL.mapToItem(item));
    }

    @Override
    public Bills bills(String customer) {
        List<Bill> statements = new ArrayList<>();
        List<Owed> owed = new ArrayList<>();
        for (Map<String, AttributeValue> item : items(customer, Bill.PREFIX)) {
            if (Bill.isSortKey(Values.text(item, "sk"))) {
                statements.add(CreditSchemas.BILL.mapToItem(item));
            } else {
                owed.add(CreditSchemas.OWED.mapToItem(item));
            }
        }
        return new Bills(statements, owed);
    }

    @Override
    public boolean take(Loan loan, Part part) {
        return writes.apply(update(loan.key())
                .updateExpression("SET available = available - :principal, billed = :number,"
                        + " parts = list_append(parts, :part)")
                .conditionExpression("billed = :before AND available >= :principal")
                .expressionAttributeValues(Map.of(
                        ":principal", n(part.principalMinor()),
                        ":number", n(part.number()),
                        ":before", n(loan.billed()),
                        ":part", AttributeValue.fromL(List.of(CreditSchemas.PART.transformFrom(part)))))
                .build());
    }

    @Override
    public boolean put(Bill bill) {
        return putOnce(CreditSchemas.BILL.itemToMap(bill, true));
    }

    @Override
    public void put(Owed owed) {
        putOnce(CreditSchemas.OWED.itemToMap(owed, true));
    }

    /** Parts are only ever added at the end, so each stays where it was read. */
    @Override
    public void seal(Loan loan, Bill bill) {
        List<String> sets = new ArrayList<>();
        List<String> conditions = new ArrayList<>();
        Map<String, AttributeValue> values = new HashMap<>(Map.of(":sealed", TRUE));
        for (int place = 0; place < loan.parts().size(); place++) {
            int number = loan.parts().get(place).number();
            if (bill.lists(loan.id(), number)) {
                sets.add("parts[" + place + "].sealed = :sealed");
                conditions.add("parts[" + place + "].#number = :number" + place);
                values.put(":number" + place, n(number));
            }
        }
        writes.apply(update(loan.key())
                .updateExpression("SET " + String.join(", ", sets))
                .conditionExpression(String.join(" AND ", conditions))
                .expressionAttributeNames(Map.of("#number", "n"))
                .expressionAttributeValues(values)
                .build());
    }

    @Override
    public void charge(Owed owed, Interest.Accrual accrual) {
        Interest before = Objects.requireNonNull(owed.interest());
        writes.apply(update(owed.key())
                .updateExpression("SET available = available + :amount, opened = opened + :amount,"
                        + " accruedThrough = :through, #remainder = :remainder")
                .conditionExpression("accruedThrough = :before")
                .expressionAttributeNames(Map.of("#remainder", "remainder"))
                .expressionAttributeValues(Map.of(
                        ":amount", n(accrual.amountMinor()),
                        ":through", s(accrual.carried().accruedThrough().toString()),
                        ":remainder", n(accrual.carried().remainder()),
                        ":before", s(before.accruedThrough().toString())))
                .build());
    }

    private boolean putOnce(Map<String, AttributeValue> item) {
        return writes.put(PutItemRequest.builder()
                .tableName(table)
                .item(item)
                .conditionExpression("attribute_not_exists(pk)")
                .build());
    }

    private List<Map<String, AttributeValue>> items(String customer, String prefix) {
        QueryRequest.Builder request = QueryRequest.builder()
                .tableName(table)
                .consistentRead(true)
                .keyConditionExpression("pk = :customer AND begins_with(sk, :prefix)")
                .expressionAttributeValues(
                        Map.of(":customer", s(AccountKey.partitionOf(customer)), ":prefix", s(prefix)));
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        QueryResponse page;
        do {
            page = client.query(request.build());
            items.addAll(page.items());
            request.exclusiveStartKey(page.lastEvaluatedKey());
        } while (page.hasLastEvaluatedKey());
        return items;
    }

    private UpdateItemRequest.Builder update(AccountKey key) {
        return UpdateItemRequest.builder().tableName(table).key(key(key));
    }
}
