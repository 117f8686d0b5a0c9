package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One funding source of a payment.
 *
 * @param coupon which one, for coupons only
 */
record Source(Type type, @Nullable String coupon, long amountMinor) {
    enum Type {
        /** Taken first and given back last: what expires is spent before what does not. */
        COUPON,
        BALANCE
    }

    /** The order in which sources lie in a payment, whatever order they were named in. */
    static final Comparator<Source> ORDER =
            Comparator.comparing(Source::type).thenComparing(source -> source.coupon == null ? "" : source.coupon);

    AccountKey account(String payer) {
        return coupon == null ? AccountKey.balanceOf(payer) : AccountKey.couponOf(payer, coupon);
    }

    String name() {
        return coupon == null ? type.name() : type.name() + "#" + coupon;
    }

    static Source read(Fields fields) {
        Type type = Type.valueOf(fields.choice("type", List.of("BALANCE", "COUPON")));
        String coupon = fields.textIfGiven("coupon", Text.ID);
        if (type == Type.COUPON && coupon == null) {
            fields.wrong("coupon", "a source of type COUPON names its coupon");
        } else if (type == Type.BALANCE && coupon != null && fields.isFine()) {
            fields.wrong("coupon", "only a source of type COUPON names a coupon");
        }
        return new Source(type, coupon, fields.integer("amount", 1, Limits.MOST_MINOR));
    }
}
