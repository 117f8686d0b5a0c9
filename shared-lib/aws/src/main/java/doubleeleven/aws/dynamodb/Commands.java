package doubleeleven.aws.dynamodb;

import static doubleeleven.aws.dynamodb.Converters.NUMBER;
import static doubleeleven.aws.dynamodb.Converters.ORDER;
import static doubleeleven.aws.dynamodb.Converters.TEXT;
import static doubleeleven.aws.dynamodb.Converters.document;
import static doubleeleven.aws.dynamodb.Converters.list;
import static doubleeleven.aws.dynamodb.Converters.text;

import doubleeleven.account.AccountKey;
import doubleeleven.credit.InstalmentPlan;
import doubleeleven.ids.PaymentId;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.Command;
import doubleeleven.payment.Consent;
import doubleeleven.payment.Payee;
import doubleeleven.payment.PaymentKind;
import java.util.List;
import java.util.Map;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import software.amazon.awssdk.enhanced.dynamodb.AttributeConverter;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A payment's command as it lies in the payment item and, with the same names, in the workflow's input. */
public final class Commands {
    private static final AttributeConverter<PaymentId> ID = text(
            PaymentId.class,
            PaymentId::toString,
            text -> PaymentId.parse(text).orElseThrow(() -> new IllegalStateException("not a payment id: " + text)));

    private static final AttributeConverter<Branch> BRANCH = document(
            Branch.class,
            branch -> new Document()
                    .put("kind", TEXT, branch.kind().name())
                    .put("pk", TEXT, branch.account().pk())
                    .put("sk", TEXT, branch.account().sk())
                    .put("amount", NUMBER, branch.amountMinor())
                    .attributes(),
            map -> new Branch(
                    BranchKind.valueOf(Document.get(map, "kind", TEXT)),
                    new AccountKey(Document.get(map, "pk", TEXT), Document.find(map, "sk", TEXT)),
                    Document.get(map, "amount", NUMBER)));

    private static final AttributeConverter<Payee> PAYEE = document(
            Payee.class,
            payee -> new Document()
                    .put("merchant", TEXT, payee.merchant())
                    .put("bucket", NUMBER, (long) payee.bucket())
                    .put("amount", NUMBER, payee.amountMinor())
                    .attributes(),
            map -> new Payee(
                    Document.get(map, "merchant", TEXT),
                    Math.toIntExact(Document.get(map, "bucket", NUMBER)),
                    Document.get(map, "amount", NUMBER)));

    private static final AttributeConverter<Consent> CONSENT = document(
            Consent.class,
            consent -> new Document()
                    .put("kind", TEXT, consent.kind().name())
                    .put("id", TEXT, consent.id())
                    .attributes(),
            map -> new Consent(Consent.Kind.valueOf(Document.get(map, "kind", TEXT)), Document.get(map, "id", TEXT)));

    private static final AttributeConverter<InstalmentPlan> PLAN = document(
            InstalmentPlan.class,
            plan -> new Document()
                    .put("instalments", NUMBER, (long) plan.count())
                    .put("feePpm", NUMBER, (long) plan.feePpm())
                    .attributes(),
            map -> new InstalmentPlan(
                    Math.toIntExact(Document.get(map, "instalments", NUMBER)),
                    Math.toIntExact(Document.get(map, "feePpm", NUMBER))));

    static final AttributeConverter<Command> CONVERTER = document(Command.class, Commands::write, Commands::read);

    private Commands() {}

    /** The command as plain JSON for the workflow, which writes it into the item under the same names. */
    public static Map<String, Object> toJson(Command command) {
        return Document.plain(write(command));
    }

    /** The same read back, as it came in a message. */
    public static Command ofJson(Map<?, ?> json) {
        return read(Document.attributes(json));
    }

    /** The command as an attribute of the payment item, as the workflow writes it. */
    public static AttributeValue toItem(Command command) {
        return CONVERTER.transformFrom(command);
    }

    private static Map<String, AttributeValue> write(Command command) {
        return new Document()
                .put("kind", TEXT, command.kind().name())
                .put("id", ID, command.id())
                .put("fingerprint", TEXT, command.fingerprint())
                .put("key", TEXT, command.key())
                .put("shard", TEXT, command.id().shard().toString())
                .put("payer", TEXT, command.payer())
                .put("merchant", TEXT, command.merchant())
                .put("order", TEXT, command.order())
                .put("amount", NUMBER, command.amount().getAmountMinorLong())
                .put("currency", TEXT, command.amount().getCurrencyUnit().getCode())
                .put("branches", list(BRANCH), command.branches())
                .put("payees", list(PAYEE), command.payees().isEmpty() ? null : command.payees())
                .put("consent", CONSENT, command.consent())
                .put("original", ORDER, command.original())
                .put("plan", PLAN, command.plan())
                .put("rule", NUMBER, command.rule())
                .put("trace", TEXT, command.trace())
                .attributes();
    }

    private static Command read(Map<String, AttributeValue> map) {
        List<Payee> payees = Document.find(map, "payees", list(PAYEE));
        return new Command(
                PaymentKind.valueOf(Document.get(map, "kind", TEXT)),
                Document.get(map, "id", ID),
                Document.get(map, "fingerprint", TEXT),
                Document.get(map, "key", TEXT),
                Document.get(map, "payer", TEXT),
                Document.get(map, "merchant", TEXT),
                Document.get(map, "order", TEXT),
                Money.ofMinor(
                        CurrencyUnit.of(Document.get(map, "currency", TEXT)), Document.get(map, "amount", NUMBER)),
                Document.get(map, "branches", list(BRANCH)),
                payees == null ? List.of() : payees,
                Document.find(map, "consent", CONSENT),
                Document.find(map, "original", ORDER),
                Document.find(map, "plan", PLAN),
                Document.get(map, "rule", NUMBER),
                Document.get(map, "trace", TEXT));
    }
}
