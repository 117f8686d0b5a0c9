package doubleeleven.credit;

import org.joda.money.CurrencyUnit;

/** Who lends: a merchant like any other, one for each currency, that nobody pays and whose takings are fees and interest. */
public final class Lender {
    /** How many items share what comes in. */
    public static final int BUCKETS = 8;

    private static final String PREFIX = "lender-";

    private Lender() {}

    /** The merchant that lends in that currency. */
    public static String of(CurrencyUnit currency) {
        return PREFIX + currency.getCode();
    }
}
