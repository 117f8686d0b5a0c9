package doubleeleven.aws.dynamodb;

import static doubleeleven.aws.dynamodb.Converters.ATTEMPT;
import static doubleeleven.aws.dynamodb.Converters.CURRENCY;
import static doubleeleven.aws.dynamodb.Converters.NUMBER;
import static doubleeleven.aws.dynamodb.Converters.ORDER;
import static doubleeleven.aws.dynamodb.Converters.TEXT;
import static doubleeleven.aws.dynamodb.Converters.TIME;
import static doubleeleven.aws.dynamodb.Converters.byAttempt;
import static doubleeleven.aws.dynamodb.Converters.document;
import static doubleeleven.aws.dynamodb.Converters.list;
import static doubleeleven.aws.dynamodb.Converters.text;

import doubleeleven.account.AccountKey;
import doubleeleven.account.CustomerProfile;
import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import doubleeleven.account.Hold;
import doubleeleven.account.MerchantProfile;
import doubleeleven.account.Tombstone;
import doubleeleven.ids.AttemptId;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentStatus;
import doubleeleven.payment.RiskVerdict;
import doubleeleven.payment.Step;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.enhanced.dynamodb.AttributeConverter;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The items of the money tables as records. */
public final class Schemas {
    static final AttributeConverter<Hold> HOLD = document(
            Hold.class,
            hold -> new Document()
                    .put("amount", NUMBER, hold.amountMinor())
                    .put("order", ORDER, hold.order())
                    .put("due", TIME, hold.due())
                    .attributes(),
            map -> new Hold(
                    Document.get(map, "amount", NUMBER),
                    Document.get(map, "order", ORDER),
                    Document.get(map, "due", TIME)));

    static final AttributeConverter<Tombstone> TOMBSTONE = document(
            Tombstone.class,
            tombstone -> new Document()
                    .put("at", TIME, tombstone.at())
                    .put("order", ORDER, tombstone.order())
                    .attributes(),
            map -> new Tombstone(Document.get(map, "at", TIME), Document.get(map, "order", ORDER)));

    private static final AttributeConverter<Step> STEP = document(
            Step.class,
            step -> new Document()
                    .put("account", TEXT, step.account())
                    .put("outcome", TEXT, step.outcome())
                    .put("at", TIME, step.at())
                    .attributes(),
            map -> new Step(
                    Document.get(map, "account", TEXT),
                    Document.get(map, "outcome", TEXT),
                    Document.get(map, "at", TIME)));

    private static final AttributeConverter<Boolean> FLAG = Converters.flag();

    private static final AttributeConverter<RiskVerdict> RISK = document(
            RiskVerdict.class,
            risk -> new Document()
                    .put("decision", TEXT, risk.decision())
                    .put("reasons", list(TEXT), risk.reasons())
                    .put("policy", TEXT, risk.policy())
                    .put("degraded", FLAG, risk.degraded())
                    .put("elapsedMicros", NUMBER, risk.elapsedMicros())
                    .attributes(),
            map -> new RiskVerdict(
                    Document.get(map, "decision", TEXT),
                    Document.get(map, "reasons", list(TEXT)),
                    Document.get(map, "policy", TEXT),
                    Document.get(map, "degraded", FLAG),
                    Document.get(map, "elapsedMicros", NUMBER)));

    public static final TableSchema<Fund> FUND = RecordSchema.of(
                    Fund.class,
                    f -> new Fund(
                            new AccountKey(f.get("pk"), f.<String>get("sk")),
                            f.get("currency"),
                            f.get("available"),
                            f.get("holds", Map.of()),
                            f.get("incoming", Map.of()),
                            f.get("finished", Map.of()),
                            f.get("opened", 0L),
                            f.find("expiresAt"),
                            f.find("perPayment"),
                            f.find("merchant"),
                            f.find("limit"),
                            f.find("frozen"),
                            f.find("batch"),
                            f.find("posting")))
            .partitionKey("pk", TEXT, fund -> fund.key().pk())
            .sortKey("sk", TEXT, fund -> sortKey(fund.key()))
            .attribute("currency", CURRENCY, Fund::currency)
            .attribute("available", NUMBER, Fund::availableMinor)
            .attribute("holds", byAttempt(HOLD), Fund::holds)
            .attribute("incoming", byAttempt(HOLD), Fund::incoming)
            .attribute("finished", byAttempt(TOMBSTONE), Fund::finished)
            .attribute("opened", NUMBER, Fund::openedMinor)
            .attribute("expiresAt", TIME, Fund::expiresAt)
            .attribute("perPayment", NUMBER, Fund::perPaymentMinor)
            .attribute("merchant", TEXT, Fund::merchant)
            .attribute("limit", NUMBER, Fund::limitMinor)
            .attribute("frozen", TEXT, Fund::frozen)
            .attribute("batch", NUMBER, Fund::batch)
            .attribute("posting", list(TEXT), Fund::posting)
            .build();

    public static final TableSchema<Entry> ENTRY = RecordSchema.of(
                    Entry.class,
                    f -> new Entry(
                            f.get("pk"),
                            f.get("sk"),
                            f.get("amount"),
                            f.get("currency"),
                            f.get("payment"),
                            f.find("posted"),
                            f.find("available"),
                            f.get("holds", Map.of())))
            .partitionKey("pk", TEXT, Entry::partition)
            .sortKey("sk", TEXT, Entry::sortKey)
            .attribute("amount", NUMBER, Entry::amountMinor)
            .attribute("currency", CURRENCY, Entry::currency)
            .attribute("payment", ORDER, Entry::order)
            .attribute("posted", NUMBER, Entry::posted)
            .attribute("available", NUMBER, Entry::refundableMinor)
            .attribute("holds", byAttempt(HOLD), entry -> entry.refundableMinor() == null ? null : entry.holds())
            .build();

    public static final TableSchema<CustomerProfile> CUSTOMER = RecordSchema.of(
                    CustomerProfile.class,
                    f -> new CustomerProfile(
                            new AccountKey(f.get("pk"), f.<String>get("sk")),
                            f.get("publicKey"),
                            f.get("currency"),
                            f.get("openedAt")))
            .partitionKey("pk", TEXT, profile -> profile.key().pk())
            .sortKey("sk", TEXT, profile -> sortKey(profile.key()))
            .attribute("publicKey", TEXT, CustomerProfile::publicKey)
            .attribute("currency", CURRENCY, CustomerProfile::currency)
            .attribute("openedAt", TIME, CustomerProfile::openedAt)
            .build();

    public static final TableSchema<MerchantProfile> MERCHANT = RecordSchema.of(
                    MerchantProfile.class,
                    f -> new MerchantProfile(
                            new AccountKey(f.get("pk"), f.<String>get("sk")),
                            f.get("currency"),
                            Math.toIntExact(f.<Long>get("buckets")),
                            f.get("openedAt")))
            .partitionKey("pk", TEXT, profile -> profile.key().pk())
            .sortKey("sk", TEXT, profile -> sortKey(profile.key()))
            .attribute("currency", CURRENCY, MerchantProfile::currency)
            .attribute("buckets", NUMBER, profile -> (long) profile.buckets())
            .attribute("openedAt", TIME, MerchantProfile::openedAt)
            .build();

    public static final TableSchema<Payment> PAYMENT = RecordSchema.of(
                    Payment.class,
                    f -> new Payment(
                            f.get("pk"),
                            f.get("status"),
                            f.get("attempt"),
                            f.get("unit"),
                            f.get("colour"),
                            f.find("due"),
                            f.find("dueAt"),
                            f.find("claimedAt"),
                            f.find("decidedAt"),
                            f.find("finishedAt"),
                            f.get("aborted", Map.of()),
                            f.find("command"),
                            f.get("reasons", List.of()),
                            f.find("risk"),
                            f.get("tried", List.of()),
                            f.get("settled", List.of()),
                            f.find("available"),
                            f.get("holds", Map.of()),
                            f.get("finished", Map.of())))
            .partitionKey("pk", ORDER, Payment::order)
            .attribute("status", text(PaymentStatus.class, Enum::name, PaymentStatus::valueOf), Payment::status)
            .attribute("attempt", ATTEMPT, Payment::attempt)
            .attribute("unit", TEXT, Payment::unit)
            .attribute("colour", TEXT, Payment::colour)
            .attribute("due", TEXT, Payment::due)
            .attribute("dueAt", TIME, Payment::dueAt)
            .attribute("claimedAt", TIME, Payment::claimedAt)
            .attribute("decidedAt", TIME, Payment::decidedAt)
            .attribute("finishedAt", TIME, Payment::finishedAt)
            .attribute("aborted", byAttempt(TEXT), Payment::aborted)
            .attribute("command", Commands.CONVERTER, Payment::command)
            .attribute("reasons", list(TEXT), Payment::reasons)
            .attribute("risk", RISK, Payment::risk)
            .attribute("tried", list(STEP), Payment::tried)
            .attribute("settled", list(STEP), Payment::settled)
            .attribute("available", NUMBER, Payment::refundableMinor)
            .attribute("holds", byAttempt(HOLD), Payment::holds)
            .attribute("finished", byAttempt(TOMBSTONE), Payment::finished)
            .build();

    private Schemas() {}

    /** The tombstones on an account item or a payment item. */
    public static Map<AttemptId, Tombstone> tombstones(Map<String, AttributeValue> item) {
        Map<AttemptId, Tombstone> tombstones = Document.find(item, "finished", byAttempt(TOMBSTONE));
        return tombstones == null ? Map.of() : tombstones;
    }

    /** The holds on an account item or a payment item. */
    public static Map<AttemptId, Hold> holds(Map<String, AttributeValue> item) {
        Map<AttemptId, Hold> holds = Document.find(item, "holds", byAttempt(HOLD));
        return holds == null ? Map.of() : holds;
    }

    private static String sortKey(AccountKey key) {
        @Nullable String sortKey = key.sk();
        if (sortKey == null) {
            throw new IllegalArgumentException("an account item has a sort key: " + key);
        }
        return sortKey;
    }
}
