package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One funding source of a payment.
 *
 * @param coupon which one, for coupons only
 * @param instalments in how many parts what is lent is to be paid back, for the credit line only; 1 is with the next bill
 */
record Source(Type type, @Nullable String coupon, int instalments, long amountMinor) {
    enum Type {
        /** Taken first and given back last: what expires is spent before what does not. */
        COUPON,
        BALANCE,
        /** Taken last and given back first: what is owed no more costs no more. */
        CREDIT
    }

    /** The order in which sources lie in a payment, whatever order they were named in. */
    static final Comparator<Source> ORDER =
            Comparator.comparing(Source::type).thenComparing(source -> source.coupon == null ? "" : source.coupon);

    static Source balance(long amountMinor) {
        return new Source(Type.BALANCE, null, 1, amountMinor);
    }

    AccountKey account(String payer) {
        return switch (type) {
            case BALANCE -> AccountKey.balanceOf(payer);
            case CREDIT -> AccountKey.creditLineOf(payer);
            case COUPON -> AccountKey.couponOf(payer, coupon == null ? "" : coupon);
        };
    }

    String name() {
        return coupon == null ? type.name() : type.name() + "#" + coupon;
    }

    /** As it counts for the fingerprint: another plan is another request. */
    String fingerprint() {
        return instalments == 1 ? name() : name() + "#" + instalments;
    }

    static Source read(Fields fields) {
        Type type = Type.valueOf(fields.choice("type", List.of("BALANCE", "COUPON", "CREDIT")));
        String coupon = fields.textIfGiven("coupon", Text.ID);
        boolean instalments = fields.has("instalments");
        int count = (int) fields.integerIfGiven("instalments", 1, Limits.MOST_INSTALMENTS, 1);
        if (type == Type.COUPON && coupon == null) {
            fields.wrong("coupon", "a source of type COUPON names its coupon");
        } else if (type != Type.COUPON && coupon != null && fields.isFine()) {
            fields.wrong("coupon", "only a source of type COUPON names a coupon");
        }
        if (type != Type.CREDIT && instalments && fields.isFine()) {
            fields.wrong("instalments", "only a source of type CREDIT is paid back in instalments");
        }
        return new Source(type, coupon, count, fields.integer("amount", 1, Limits.MOST_MINOR));
    }
}
