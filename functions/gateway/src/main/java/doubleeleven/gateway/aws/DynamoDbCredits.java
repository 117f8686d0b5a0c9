package doubleeleven.gateway.aws;

import static doubleeleven.aws.dynamodb.Values.key;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.account.AccountKey;
import doubleeleven.aws.dynamodb.CreditSchemas;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.credit.Application;
import doubleeleven.credit.Bill;
import doubleeleven.credit.Loan;
import doubleeleven.credit.Owed;
import doubleeleven.gateway.Credits;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/** Loans and bills in the credit table. All reads are strong. */
final class DynamoDbCredits implements Credits {
    private final DynamoDbClient client;
    private final String table;

    DynamoDbCredits(DynamoDbClient client, String table) {
        this.client = client;
        this.table = table;
    }

    @Override
    public Optional<Loan> findLoan(AccountKey key) {
        Map<String, AttributeValue> item = client.getItem(
                        request -> request.tableName(table).key(key(key)).consistentRead(true))
                .item();
        return item.isEmpty() ? Optional.empty() : Optional.of(CreditSchemas.LOAN.mapToItem(item));
    }

    @Override
    public Optional<Application> findApplication(String customer, String number) {
        Map<String, AttributeValue> item = client.getItem(request -> request.tableName(table)
                        .key(key(Application.keyOf(customer, number)))
                        .consistentRead(true))
                .item();
        return item.isEmpty() ? Optional.empty() : Optional.of(CreditSchemas.APPLICATION.mapToItem(item));
    }

    @Override
    public Optional<Application> receive(Application application) {
        try {
            client.putItem(request -> request.tableName(table)
                    .item(CreditSchemas.APPLICATION.itemToMap(application, true))
                    .conditionExpression("attribute_not_exists(pk)")
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return Optional.empty();
        } catch (ConditionalCheckFailedException e) {
            return Optional.of(CreditSchemas.APPLICATION.mapToItem(e.item()));
        }
    }

    @Override
    public List<Loan> loans(String customer, Instant openedFrom) {
        return items(customer, Loan.sortKeyFrom(openedFrom), Loan.PREFIX + "~")
                .map(CreditSchemas.LOAN::mapToItem)
                .toList();
    }

    @Override
    public Bills bills(String customer, YearMonth from) {
        List<Bill> statements = new ArrayList<>();
        List<Owed> owed = new ArrayList<>();
        items(customer, Bill.PREFIX + from, Bill.PREFIX + "~").forEach(item -> {
            if (Bill.isSortKey(Values.text(item, "sk"))) {
                statements.add(CreditSchemas.BILL.mapToItem(item));
            } else {
                owed.add(CreditSchemas.OWED.mapToItem(item));
            }
        });
        return new Bills(statements, owed);
    }

    private Stream<Map<String, AttributeValue>> items(String customer, String from, String to) {
        return client
                .queryPaginator(request -> request.tableName(table)
                        .consistentRead(true)
                        .keyConditionExpression("pk = :customer AND sk BETWEEN :from AND :to")
                        .expressionAttributeValues(Map.of(
                                ":customer", s(AccountKey.partitionOf(customer)), ":from", s(from), ":to", s(to))))
                .items()
                .stream();
    }
}
