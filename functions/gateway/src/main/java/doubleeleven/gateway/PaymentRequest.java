package doubleeleven.gateway;

import doubleeleven.ids.Fingerprint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * What a merchant asks for.
 *
 * @param sources in the order in which they lie in the payment; they sum to the amount
 * @param payees the merchants that share the order, summing to the amount; none where the calling merchant gets it all
 */
record PaymentRequest(
        String merchantOrder, String payer, Money amount, List<Source> sources, List<Share> payees, Agreement consent) {

    /** How the payer agreed: by a token for this order, or by a mandate given earlier. */
    sealed interface Agreement {
        /** Signed by the payer for this order. */
        record Token(String jws) implements Agreement {}

        /** A standing agreement. */
        record Mandate(String id) implements Agreement {}
    }

    static Checked<PaymentRequest> read(Map<String, @Nullable Object> json) {
        return Fields.read(json, PaymentRequest::read);
    }

    private static PaymentRequest read(Fields fields) {
        String order = fields.text("merchantOrder", Text.ORDER);
        String payer = fields.text("payer", Text.ID);
        Money amount = Currencies.money(fields, fields.integer("amount", 1, Limits.MOST_MINOR));
        List<Source> sources = fields.has("sources")
                ? fields.objects("sources", 1, Limits.MOST_SOURCES, Source::read)
                : List.of(Source.balance(amount.getAmountMinorLong()));
        List<Share> payees = fields.has("payees")
                ? fields.objects("payees", Limits.FEWEST_PAYEES, Limits.MOST_PAYEES, Share::read)
                : List.of();
        Agreement consent = fields.object("consent", PaymentRequest::readConsent);
        if (fields.isFine()) {
            checkSources(fields, sources, amount);
            if (!payees.isEmpty()) {
                checkPayees(fields, payees, amount);
            }
        }
        return new PaymentRequest(
                order, payer, amount, sources.stream().sorted(Source.ORDER).toList(), payees, consent);
    }

    private static Agreement readConsent(Fields fields) {
        String token = fields.textIfGiven("token", Text.TOKEN);
        String mandate = fields.textIfGiven("mandate", Text.ID);
        if (fields.size() != 1) {
            fields.wrong("must have either a token or a mandate");
        }
        return mandate == null ? new Agreement.Token(token == null ? "" : token) : new Agreement.Mandate(mandate);
    }

    private static void checkSources(Fields fields, List<Source> sources, Money amount) {
        Set<String> names = new HashSet<>();
        long sum = 0;
        for (Source source : sources) {
            sum += source.amountMinor();
            if (!names.add(source.name())) {
                fields.wrong("sources", "must be distinct: " + source.name() + " is named twice");
            }
        }
        if (sum != amount.getAmountMinorLong()) {
            fields.wrong("sources", "must sum to the amount: " + sum + " is not " + amount.getAmountMinorLong());
        }
    }

    private static void checkPayees(Fields fields, List<Share> payees, Money amount) {
        Set<String> merchants = new HashSet<>();
        long sum = 0;
        for (Share payee : payees) {
            sum += payee.amountMinor();
            if (!merchants.add(payee.merchant())) {
                fields.wrong("payees", "must be distinct: " + payee.merchant() + " is named twice");
            }
        }
        if (sum != amount.getAmountMinorLong()) {
            fields.wrong("payees", "must sum to the amount: " + sum + " is not " + amount.getAmountMinorLong());
        }
    }

    /** What is to be taken from the payer's credit line. */
    Optional<Source> lent() {
        return sources.stream()
                .filter(source -> source.type() == Source.Type.CREDIT)
                .findFirst();
    }

    /** Several merchants get the money. */
    boolean isShared() {
        return !payees.isEmpty();
    }

    /** Who gets how much, in the order in which they lie in the payment, whatever order they were named in. */
    List<Share> shares(String merchant) {
        return isShared()
                ? payees.stream().sorted(Comparator.comparing(Share::merchant)).toList()
                : List.of(new Share(merchant, amount.getAmountMinorLong()));
    }

    /**
     * Digest of everything the payment consists of, so that another content is another attempt. A mandate is part of it, because its
     * allowance is held; a token is not, because the payer may have to sign again for a retry.
     */
    String fingerprint(String merchant) {
        List<String> parts = new ArrayList<>(List.of(
                "PAYMENT",
                payer,
                merchant,
                amount.getCurrencyUnit().getCode(),
                Long.toString(amount.getAmountMinorLong()),
                consent instanceof Agreement.Mandate(String id) ? "MANDATE#" + id : "TOKEN"));
        sources.forEach(source -> parts.addAll(List.of(source.fingerprint(), Long.toString(source.amountMinor()))));
        if (isShared()) {
            parts.add("PAYEES");
            shares(merchant)
                    .forEach(share -> parts.addAll(List.of(share.merchant(), Long.toString(share.amountMinor()))));
        }
        return Fingerprint.of(parts.toArray(String[]::new));
    }
}
