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
 * @param expiresAt for coupons and mandates: no hold is granted from then on
 * @param perPaymentMinor for mandates: the most that one payment may take
 * @param merchant for mandates: the merchant the customer agreed to
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
        @Nullable Long batch,
        @Nullable List<String> posting) {

    /** A new fund with its first deposit and empty maps: every later write may rely on the maps being there. */
    public static Fund open(AccountKey key, CurrencyUnit currency, long openedMinor) {
        return new Fund(
                key, currency, openedMinor, Map.of(), Map.of(), Map.of(), openedMinor, null, null, null, null, null);
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
                null);
    }

    public static Fund bucket(AccountKey key, CurrencyUnit currency) {
        return new Fund(key, currency, 0, Map.of(), Map.of(), Map.of(), 0, null, null, null, 0L, null);
    }

    public long heldMinor() {
        return holds.values().stream().mapToLong(Hold::amountMinor).sum();
    }

    /** Customer and merchant money; a mandate's allowance is a limit, not money. */
    public boolean isMoney() {
        return perPaymentMinor == null;
    }
}
