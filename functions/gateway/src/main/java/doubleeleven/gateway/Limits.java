package doubleeleven.gateway;

import java.time.Duration;

/** Numbers that requests keep to. */
public final class Limits {
    /** Twelve digits, as in card messages; far below what a JSON number in a workflow keeps exactly. */
    static final long MOST_MINOR = 999_999_999_999L;

    static final int MOST_SOURCES = 5;
    /** Fewer share nothing. */
    static final int FEWEST_PAYEES = 2;
    /** Keeps the payment item within a few kilobytes and phase two, which writes an entry for each, within its time. */
    static final int MOST_PAYEES = 10;

    /** Bills and loans that one repayment takes from: keeps the payment item within a few kilobytes. */
    static final int MOST_OWED = 20;
    /** Months. */
    static final int MOST_INSTALMENTS = 12;

    static final int MOST_BUCKETS = 64;
    static final int USUAL_BUCKETS = 8;
    /** Open holds one account may have: keeps items small and stops one caller from filling an account with them. */
    static final int MOST_HOLDS = 32;
    /** No account has more: lifts the ceiling of a hold. */
    static final long NO_CEILING = 9_007_199_254_740_991L;

    static final Duration TRY = Duration.ofSeconds(20);
    /** How long sending to a queue may take, all tries included: what is not sent is found later without the message. */
    public static final Duration MESSAGE = Duration.ofSeconds(1);

    static final Duration CHECK_AFTER = Duration.ofSeconds(5);

    private Limits() {}
}
