package doubleeleven.credit.aws;

import static doubleeleven.aws.dynamodb.Values.key;
import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Fund;
import doubleeleven.account.MerchantProfile;
import doubleeleven.aws.dynamodb.ConditionalWrites;
import doubleeleven.aws.dynamodb.CreditSchemas;
import doubleeleven.aws.dynamodb.Schemas;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.credit.Application;
import doubleeleven.credit.Application.Status;
import doubleeleven.credit.Lender;
import doubleeleven.credit.LineRegister;
import doubleeleven.credit.ReviewRegister;
import doubleeleven.credit.applications.Applications;
import doubleeleven.credit.applications.Assessment;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.joda.money.Money;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Applications in the credit table, and the lines they open in the account table. */
final class DynamoDbApplications implements Applications {
    private static final String OPENED_BY = "openedBy";

    private final DynamoDbClient client;
    private final ConditionalWrites writes;
    private final String accountTable;
    private final String creditTable;
    private final String region;

    DynamoDbApplications(DynamoDbClient client, String accountTable, String creditTable, String region) {
        this.client = client;
        this.writes = new ConditionalWrites(client);
        this.accountTable = accountTable;
        this.creditTable = creditTable;
        this.region = region;
    }

    @Override
    public Optional<Application> find(String customer, String number) {
        Map<String, AttributeValue> item = client.getItem(request -> request.tableName(creditTable)
                        .key(key(Application.keyOf(customer, number)))
                        .consistentRead(true))
                .item();
        return item.isEmpty() ? Optional.empty() : Optional.of(CreditSchemas.APPLICATION.mapToItem(item));
    }

    @Override
    public void register(Application application) {
        Map<String, AttributeValue> item = new HashMap<>(key(ReviewRegister.keyOf(application)));
        item.put("customer", s(application.customer()));
        item.put("application", s(application.number()));
        client.putItem(request -> request.tableName(creditTable).item(item));
    }

    @Override
    public void unregister(Application application) {
        client.deleteItem(request -> request.tableName(creditTable).key(key(ReviewRegister.keyOf(application))));
    }

    @Override
    public boolean review(Application application, Assessment assessment, String token) {
        return writes.apply(undecided(application, new Assessment.Verdict(assessment, null))
                .update("SET #status = :status, #token = :token, #region = :region")
                .name("#region", "region")
                .name("#token", "token")
                .value(":status", s(Status.REVIEW.name()))
                .value(":token", s(token))
                .value(":region", s(region))
                .request());
    }

    @Override
    public void openLender(Money limit, Instant now) {
        String lender = Lender.of(limit.getCurrencyUnit());
        for (int bucket = 0; bucket < Lender.BUCKETS; bucket++) {
            put(
                    accountTable,
                    Schemas.FUND.itemToMap(
                            Fund.bucket(AccountKey.bucketOf(lender, bucket), limit.getCurrencyUnit()), true));
        }
        put(
                accountTable,
                Schemas.MERCHANT.itemToMap(
                        new MerchantProfile(
                                AccountKey.profileOfMerchant(lender), limit.getCurrencyUnit(), Lender.BUCKETS, now),
                        true));
    }

    @Override
    public boolean openLine(Application application, Money limit, Instant now) {
        Map<String, AttributeValue> entry = new HashMap<>(key(LineRegister.keyOf(application.customer())));
        entry.put("openedAt", n(now));
        put(creditTable, entry);
        AccountKey key = AccountKey.creditLineOf(application.customer());
        Map<String, AttributeValue> line = new HashMap<>(Schemas.FUND.itemToMap(
                Fund.creditLine(key, limit.getCurrencyUnit(), limit.getAmountMinorLong()), true));
        // Whoever repeats the opening knows it again by its application, whatever has become of the line since.
        line.put(OPENED_BY, s(application.number()));
        return put(accountTable, line) || openAgain(key, application, limit) || isOpenedBy(key, application);
    }

    private boolean openAgain(AccountKey key, Application application, Money limit) {
        return writes.apply(UpdateItemRequest.builder()
                .tableName(accountTable)
                .key(key(key))
                .updateExpression(
                        "SET #limit = :limit, available = :limit, #by = :application REMOVE frozen, expiresAt")
                .conditionExpression(
                        "frozen = :closed AND #limit = :none AND currency = :currency AND #by <> :application")
                .expressionAttributeNames(Map.of("#limit", "limit", "#by", OPENED_BY))
                .expressionAttributeValues(Map.of(
                        ":limit", n(limit.getAmountMinorLong()),
                        ":none", n(0),
                        ":closed", s(Fund.CLOSED),
                        ":application", s(application.number()),
                        ":currency", s(limit.getCurrencyUnit().getCode())))
                .build());
    }

    private boolean isOpenedBy(AccountKey key, Application application) {
        return client.getItem(
                        request -> request.tableName(accountTable).key(key(key)).consistentRead(true))
                .item()
                .getOrDefault(OPENED_BY, s(""))
                .equals(s(application.number()));
    }

    @Override
    public boolean approve(Application application, Assessment.Verdict verdict, Money limit, Instant now) {
        return writes.apply(undecided(application, verdict)
                .update("SET #status = :status, #limit = :limit, decidedAt = :now")
                .name("#limit", "limit")
                .value(":status", s(Status.APPROVED.name()))
                .value(":limit", n(limit.getAmountMinorLong()))
                .value(":now", n(now))
                .request());
    }

    @Override
    public boolean decline(Application application, Assessment.Verdict verdict, Instant now) {
        return writes.apply(undecided(application, verdict)
                .update("SET #status = :status, decidedAt = :now")
                .value(":status", s(Status.DECLINED.name()))
                .value(":now", n(now))
                .request());
    }

    private boolean put(String table, Map<String, AttributeValue> item) {
        return writes.put(PutItemRequest.builder()
                .tableName(table)
                .item(item)
                .conditionExpression("attribute_not_exists(pk)")
                .build());
    }

    private Change undecided(Application application, Assessment.Verdict verdict) {
        Change change = new Change(application)
                .value(
                        ":reasons",
                        AttributeValue.fromL(verdict.assessment().reasons().stream()
                                .map(Values::s)
                                .toList()))
                .value(":policy", s(verdict.assessment().policy()))
                .value(":degraded", AttributeValue.fromBool(verdict.assessment().degraded()))
                .value(":snapshot", s(verdict.assessment().snapshot()));
        Assessment.Review review = verdict.review();
        return review == null
                ? change
                : change.and(", reviewer = :reviewer, reviewReason = :reviewReason")
                        .value(":reviewer", s(review.reviewer()))
                        .value(":reviewReason", s(review.reason()));
    }

    /** One conditional write on an application that nobody decided yet. */
    private final class Change {
        private final Application application;
        private final Map<String, String> names = new HashMap<>(Map.of("#status", "status", "#snapshot", "snapshot"));
        private final Map<String, AttributeValue> values = new HashMap<>();
        private String update = "";
        private String more = ", reasons = :reasons, policy = :policy, degraded = :degraded, #snapshot = :snapshot";

        Change(Application application) {
            this.application = application;
            values.put(":received", s(Status.RECEIVED.name()));
            values.put(":review", s(Status.REVIEW.name()));
        }

        Change update(String expression) {
            this.update = expression;
            return this;
        }

        Change and(String expression) {
            this.more += expression;
            return this;
        }

        Change name(String placeholder, String name) {
            names.put(placeholder, name);
            return this;
        }

        Change value(String placeholder, AttributeValue value) {
            values.put(placeholder, value);
            return this;
        }

        UpdateItemRequest request() {
            return UpdateItemRequest.builder()
                    .tableName(creditTable)
                    .key(key(application.key()))
                    .updateExpression(update + more)
                    .conditionExpression("#status IN (:received, :review)")
                    .expressionAttributeNames(names)
                    .expressionAttributeValues(values)
                    .build();
        }
    }
}
