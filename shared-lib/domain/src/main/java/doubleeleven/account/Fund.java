package doubleeleven.account;

import doubleeleven.ids.AttemptId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.joda.money.CurrencyUnit;
import org.jspecify.annotations.Nullable;

/**
 * An account item that money can be held on.
 *
 * @param availableMinor what a new hold may take; holds are already subtracted
 * @param openedMinor the first deposit, which came in from outside with the opening itself
 * @param expiresAt for coupons and mandates: no hold is granted from then on; for credit lines: since when it is frozen
 * @param perPaymentMinor for mandates: the most that one payment may take
 * @param merchant for mandates: the merchant the customer agreed to
 * @param limitMinor for credit lines: what the customer may owe; what is neither available nor held of it is owed
 * @param frozen for credit lines: why no hold is granted, or null
 * @param batch for a payee's bucket: the number of the last posting
 * @param posting for a payee's bucket: sort keys of the entries whose sum is in the balance but which may not be marked yet
 */
public record Fund(
        AccountKey key,
        CurrencyUnit currency,
        long availableMinor,
        Map<AttemptId, Hold> holds,
        Map<AttemptId, Hold> incoming,
        Map<AttemptId, Tombstone> finished,
        long openedMinor,
        @Nullable Instant expiresAt,
        @Nullable Long perPaymentMinor,
        @Nullable String merchant,
        @Nullable Long limitMinor,
        @Nullable String frozen,
        @Nullable Long batch,
        @Nullable List<String> posting) {
    /** Why a line is frozen whose customer pays late; it thaws when nothing is overdue any more. */
    public static final String OVERDUE = "OVERDUE";

    /** Why a line is frozen that only an operator thaws. */
    public static final String OPERATOR = "OPERATOR";

    /** Why a line is frozen that its customer, owing nothing, gave up; only a new application opens it again. */
    public static final String CLOSED = "CLOSED";

    /** A new fund with its first deposit and empty maps: every later write may rely on the maps being there. */
    public static Fund open(AccountKey key, CurrencyUnit currency, long openedMinor) {
        return new Fund(
                key,
                currency,
                openedMinor,
                Map.of(),
                Map.of(),
                Map.of(),
                openedMinor,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** A line of credit, unused: its limit can be held and used up like money, though it is none. */
    public static Fund creditLine(AccountKey key, CurrencyUnit currency, long limitMinor) {
        return new Fund(
                key,
                currency,
                limitMinor,
                Map.of(),
                Map.of(),
                Map.of(),
                0,
                null,
                null,
                null,
                limitMinor,
                null,
                null,
                null);
    }

    public static Fund coupon(AccountKey key, CurrencyUnit currency, long amountMinor, Instant expiresAt) {
        return new Fund(
                key,
                currency,
                amountMinor,
                Map.of(),
                Map.of(),
                Map.of(),
                amountMinor,
                expiresAt,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** A standing agreement: its allowance is held and used up like money, though it is none. */
    public static Fund mandate(
            AccountKey key,
            CurrencyUnit currency,
            long totalMinor,
            long perPaymentMinor,
            String merchant,
            Instant expiresAt) {
        return new Fund(
                key,
                currency,
                totalMinor,
                Map.of(),
                Map.of(),
                Map.of(),
                0,
                expiresAt,
                perPaymentMinor,
                merchant,
                null,
                null,
                null,
                null);
    }

    public static Fund bucket(AccountKey key, CurrencyUnit currency) {
        return new Fund(key, currency, 0, Map.of(), Map.of(), Map.of(), 0, null, null, null, null, null, 0L, null);
    }

    /** The same with what payments change on it. */
    public Fund with(
            long newAvailableMinor,
            Map<AttemptId, Hold> newHolds,
            Map<AttemptId, Hold> newIncoming,
            Map<AttemptId, Tombstone> newFinished) {
        return new Fund(
                key,
                currency,
                newAvailableMinor,
                newHolds,
                newIncoming,
                newFinished,
                openedMinor,
                expiresAt,
                perPaymentMinor,
                merchant,
                limitMinor,
                frozen,
                batch,
                posting);
    }

    public long heldMinor() {
        return holds.values().stream().mapToLong(Hold::amountMinor).sum();
    }

    /**
     * What is owed on a credit line, in minor units.
     *
     * @throws IllegalStateException where it is none
     */
    public long outstandingMinor() {
        if (limitMinor == null) {
            throw new IllegalStateException("no credit line: " + key);
        }
        return limitMinor - availableMinor - heldMinor();
    }

    /** Whether holds are granted on a branch of a mandate: its allowance is a limit, not a side of a posting. */
    public boolean isAllowance() {
        return perPaymentMinor != null;
    }
}
