package doubleeleven.credit;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Hold;
import doubleeleven.account.Tombstone;
import doubleeleven.ids.AttemptId;
import java.time.YearMonth;
import java.util.Map;
import java.util.Objects;
import org.joda.money.CurrencyUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is owed on a bill, of one kind, as read from its item.
 *
 * @param availableMinor what a repayment or refund may still take; holds are already subtracted
 * @param holds repayments and refunds under way, by their attempt
 * @param openedMinor all that was ever charged on it
 * @param interest how far interest is reckoned; on the INTEREST item alone
 */
public record Owed(
        AccountKey key,
        CurrencyUnit currency,
        long availableMinor,
        Map<AttemptId, Hold> holds,
        Map<AttemptId, Tombstone> finished,
        long openedMinor,
        @Nullable Interest interest) {

    /** In the order in which repayments take them. */
    public enum Kind {
        FEE,
        INTEREST,
        PRINCIPAL
    }

    public Owed {
        if ((interest != null) != (kindOf(key) == Kind.INTEREST)) {
            throw new IllegalArgumentException("interest is reckoned on the INTEREST item alone: " + key);
        }
    }

    /** As it is put with the bill: its fees, no interest yet, its principal. */
    public static Owed of(Bill bill, Kind kind, Terms terms) {
        long amountMinor = switch (kind) {
            case FEE -> bill.feeMinor();
            case INTEREST -> 0;
            case PRINCIPAL -> bill.principalMinor();
        };
        return new Owed(
                keyOf(bill.key(), kind),
                bill.currency(),
                amountMinor,
                Map.of(),
                Map.of(),
                amountMinor,
                kind == Kind.INTEREST ? new Interest(bill.dueOn(), 0, terms.dailyInterestPpm()) : null);
    }

    /** Where what is owed of that kind lies, beside its bill. */
    public static AccountKey keyOf(AccountKey bill, Kind kind) {
        return new AccountKey(bill.pk(), bill.sk() + "#" + kind);
    }

    public Kind kind() {
        return kindOf(key);
    }

    /** The month of its bill. */
    public YearMonth bill() {
        return YearMonth.parse(parts(key)[1]);
    }

    /** What is not repaid or refunded yet; what is held still may come back. */
    public long owedMinor() {
        return availableMinor
                + holds.values().stream().mapToLong(Hold::amountMinor).sum();
    }

    private static Kind kindOf(AccountKey key) {
        return Kind.valueOf(parts(key)[2]);
    }

    private static String[] parts(AccountKey key) {
        String[] parts = Objects.requireNonNull(key.sk()).split("#", -1);
        if (parts.length != 3) {
            throw new IllegalArgumentException("not a key of what is owed on a bill: " + key);
        }
        return parts;
    }
}
