package doubleeleven.routing;

import java.util.Locale;

/** What a rule can switch off, so that payments go on without it. */
public enum Feature {
    /** Payments from coupons. */
    COUPONS,
    /** Payments on credit that are paid back in more than one instalment. */
    INSTALMENTS;

    /** As a document calls it. */
    public String field() {
        return name().toLowerCase(Locale.ROOT);
    }
}
