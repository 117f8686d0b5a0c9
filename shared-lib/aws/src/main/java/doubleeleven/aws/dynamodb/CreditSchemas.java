package doubleeleven.aws.dynamodb;

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
import doubleeleven.credit.Application;
import doubleeleven.credit.Bill;
import doubleeleven.credit.InstalmentPlan;
import doubleeleven.credit.Interest;
import doubleeleven.credit.Loan;
import doubleeleven.credit.Owed;
import doubleeleven.credit.Part;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.enhanced.dynamodb.AttributeConverter;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;

/** The items of the credit table as records. */
public final class CreditSchemas {
    private static final AttributeConverter<YearMonth> MONTH =
            text(YearMonth.class, YearMonth::toString, YearMonth::parse);
    private static final AttributeConverter<LocalDate> DAY =
            text(LocalDate.class, LocalDate::toString, LocalDate::parse);
    private static final AttributeConverter<Boolean> FLAG = Converters.flag();

    private static final AttributeConverter<Map<String, Long>> NUMBERS = Converters.numbers();

    /** A part of a loan, as billing adds it to the loan's item. */
    public static final AttributeConverter<Part> PART = document(
            Part.class,
            part -> new Document()
                    .put("n", NUMBER, (long) part.number())
                    .put("bill", MONTH, part.bill())
                    .put("principal", NUMBER, part.principalMinor())
                    .put("fee", NUMBER, part.feeMinor())
                    .put("sealed", FLAG, part.sealed())
                    .attributes(),
            map -> new Part(
                    Math.toIntExact(Document.get(map, "n", NUMBER)),
                    Document.get(map, "bill", MONTH),
                    Document.get(map, "principal", NUMBER),
                    Document.get(map, "fee", NUMBER),
                    Document.get(map, "sealed", FLAG)));

    private static final AttributeConverter<Bill.Line> LINE = document(
            Bill.Line.class,
            line -> new Document()
                    .put("loan", TEXT, line.loan())
                    .put("n", NUMBER, (long) line.number())
                    .put("of", NUMBER, (long) line.of())
                    .put("principal", NUMBER, line.principalMinor())
                    .put("fee", NUMBER, line.feeMinor())
                    .attributes(),
            map -> new Bill.Line(
                    Document.get(map, "loan", TEXT),
                    Math.toIntExact(Document.get(map, "n", NUMBER)),
                    Math.toIntExact(Document.get(map, "of", NUMBER)),
                    Document.get(map, "principal", NUMBER),
                    Document.get(map, "fee", NUMBER)));

    public static final TableSchema<Loan> LOAN = RecordSchema.of(
                    Loan.class,
                    f -> new Loan(
                            new AccountKey(f.get("pk"), f.<String>get("sk")),
                            f.get("currency"),
                            f.get("order"),
                            f.get("openedAt"),
                            f.get("opened"),
                            new InstalmentPlan(
                                    Math.toIntExact(f.<Long>get("instalments")),
                                    Math.toIntExact(f.<Long>get("feePpm"))),
                            f.get("available"),
                            f.get("holds", Map.of()),
                            f.get("finished", Map.of()),
                            Math.toIntExact(f.<Long>get("billed")),
                            f.get("parts", List.of())))
            .partitionKey("pk", TEXT, loan -> loan.key().pk())
            .sortKey("sk", TEXT, Loan::id)
            .attribute("currency", CURRENCY, Loan::currency)
            .attribute("order", ORDER, Loan::order)
            .attribute("openedAt", TIME, Loan::openedAt)
            .attribute("opened", NUMBER, Loan::principalMinor)
            .attribute("instalments", NUMBER, loan -> (long) loan.plan().count())
            .attribute("feePpm", NUMBER, loan -> (long) loan.plan().feePpm())
            .attribute("available", NUMBER, Loan::unbilledMinor)
            .attribute("holds", byAttempt(Schemas.HOLD), Loan::holds)
            .attribute("finished", byAttempt(Schemas.TOMBSTONE), Loan::finished)
            .attribute("billed", NUMBER, loan -> (long) loan.billed())
            .attribute("parts", list(PART), Loan::parts)
            .build();

    public static final TableSchema<Bill> BILL = RecordSchema.of(
                    Bill.class,
                    f -> new Bill(
                            new AccountKey(f.get("pk"), f.<String>get("sk")),
                            f.get("month"),
                            f.get("currency"),
                            f.get("closedAt"),
                            f.get("dueOn"),
                            f.get("lines"),
                            f.get("principal"),
                            f.get("fees")))
            .partitionKey("pk", TEXT, bill -> bill.key().pk())
            .sortKey("sk", TEXT, bill -> bill.key().sk())
            .attribute("month", MONTH, Bill::month)
            .attribute("currency", CURRENCY, Bill::currency)
            .attribute("closedAt", TIME, Bill::closedAt)
            .attribute("dueOn", DAY, Bill::dueOn)
            .attribute("lines", list(LINE), Bill::lines)
            .attribute("principal", NUMBER, Bill::principalMinor)
            .attribute("fees", NUMBER, Bill::feeMinor)
            .build();

    public static final TableSchema<Owed> OWED = RecordSchema.of(
                    Owed.class,
                    f -> new Owed(
                            new AccountKey(f.get("pk"), f.<String>get("sk")),
                            f.get("currency"),
                            f.get("available"),
                            f.get("holds", Map.of()),
                            f.get("finished", Map.of()),
                            f.get("opened"),
                            interest(f.find("accruedThrough"), f.find("remainder"), f.find("dailyPpm"))))
            .partitionKey("pk", TEXT, owed -> owed.key().pk())
            .sortKey("sk", TEXT, owed -> owed.key().sk())
            .attribute("currency", CURRENCY, Owed::currency)
            .attribute("available", NUMBER, Owed::availableMinor)
            .attribute("holds", byAttempt(Schemas.HOLD), Owed::holds)
            .attribute("finished", byAttempt(Schemas.TOMBSTONE), Owed::finished)
            .attribute("opened", NUMBER, Owed::openedMinor)
            .attribute(
                    "accruedThrough",
                    DAY,
                    owed -> owed.interest() == null ? null : owed.interest().accruedThrough())
            .attribute(
                    "remainder",
                    NUMBER,
                    owed -> owed.interest() == null ? null : owed.interest().remainder())
            .attribute(
                    "dailyPpm",
                    NUMBER,
                    owed -> owed.interest() == null
                            ? null
                            : (long) owed.interest().dailyPpm())
            .build();

    public static final TableSchema<Application> APPLICATION = RecordSchema.of(
                    Application.class,
                    f -> new Application(
                            new AccountKey(f.get("pk"), f.<String>get("sk")),
                            f.get("customer"),
                            f.get("application"),
                            Money.ofMinor(f.get("currency"), f.get("requestedLimit")),
                            f.get("applicant"),
                            f.get("fingerprint"),
                            f.get("receivedAt"),
                            f.get("status"),
                            granted(f.get("currency"), f.find("limit")),
                            f.get("reasons", List.of()),
                            f.find("policy"),
                            f.get("degraded", false),
                            f.find("reviewer"),
                            f.find("reviewReason"),
                            f.find("decidedAt")))
            .partitionKey("pk", TEXT, application -> application.key().pk())
            .sortKey("sk", TEXT, application -> application.key().sk())
            .attribute("customer", TEXT, Application::customer)
            .attribute("application", TEXT, Application::number)
            .attribute(
                    "currency", CURRENCY, application -> application.requested().getCurrencyUnit())
            .attribute(
                    "requestedLimit",
                    NUMBER,
                    application -> application.requested().getAmountMinorLong())
            .attribute("applicant", NUMBERS, Application::applicant)
            .attribute("fingerprint", TEXT, Application::fingerprint)
            .attribute("receivedAt", TIME, Application::receivedAt)
            .attribute(
                    "status",
                    text(Application.Status.class, Enum::name, Application.Status::valueOf),
                    Application::status)
            .attribute(
                    "limit",
                    NUMBER,
                    application -> application.limit() == null
                            ? null
                            : application.limit().getAmountMinorLong())
            .attribute("reasons", list(TEXT), Application::reasons)
            .attribute("policy", TEXT, Application::policy)
            .attribute("degraded", FLAG, Application::degraded)
            .attribute("reviewer", TEXT, Application::reviewer)
            .attribute("reviewReason", TEXT, Application::reviewReason)
            .attribute("decidedAt", TIME, Application::decidedAt)
            .build();

    private CreditSchemas() {}

    private static @Nullable Money granted(CurrencyUnit currency, @Nullable Long limit) {
        return limit == null ? null : Money.ofMinor(currency, limit);
    }

    private static @Nullable Interest interest(
            @Nullable LocalDate accruedThrough, @Nullable Long remainder, @Nullable Long dailyPpm) {
        return accruedThrough == null || remainder == null || dailyPpm == null
                ? null
                : new Interest(accruedThrough, remainder, Math.toIntExact(dailyPpm));
    }
}
