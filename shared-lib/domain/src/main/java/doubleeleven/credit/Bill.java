package doubleeleven.credit;

import doubleeleven.account.AccountKey;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.joda.money.CurrencyUnit;

/**
 * A customer's statement of one month. Written once and never changed: it alone decides which parts of which loans are billed by it.
 *
 * @param closedAt the first instant of the next month, UTC: loans opened from then on are not in it
 * @param dueOn the last day to pay without interest, UTC
 * @param principalMinor sum of the lines, in minor units
 * @param feeMinor sum of the lines, in minor units
 */
public record Bill(
        AccountKey key,
        YearMonth month,
        CurrencyUnit currency,
        Instant closedAt,
        LocalDate dueOn,
        List<Line> lines,
        long principalMinor,
        long feeMinor) {
    /** What the sort keys of bills, and of what is owed on them, begin with. */
    public static final String PREFIX = "BILL#";

    /** Digits of a month. */
    private static final int MONTH = 7;

    /**
     * One part of one loan.
     *
     * @param loan the loan's sort key
     * @param number which instalment
     * @param of how many the plan has
     */
    public record Line(String loan, int number, int of, long principalMinor, long feeMinor) {}

    public Bill {
        lines = List.copyOf(lines);
        long principals = lines.stream().mapToLong(Line::principalMinor).reduce(0, Math::addExact);
        long fees = lines.stream().mapToLong(Line::feeMinor).reduce(0, Math::addExact);
        if (principals != principalMinor || fees != feeMinor) {
            throw new IllegalArgumentException(key + " lists " + principals + " and " + fees + ", but says "
                    + principalMinor + " and " + feeMinor);
        }
    }

    /**
     * The bill of all parts that were taken for that month or an earlier one and that no bill lists.
     *
     * <p>An earlier month's part is only free for this bill once the earlier month's bill is there without it: whoever bills closes the
     * earlier month first, or two runs for two months might both list the part.
     *
     * @param made the day on which it is made, UTC
     * @param loans of that customer, sealed by all earlier bills
     * @return empty where there is nothing to pay
     */
    public static Optional<Bill> of(String customer, YearMonth month, LocalDate made, Terms terms, List<Loan> loans) {
        List<Line> lines = new ArrayList<>();
        for (Loan loan : loans.stream().sorted(Comparator.comparing(Loan::id)).toList()) {
            for (Part part : loan.parts()) {
                if (!part.sealed() && !part.bill().isAfter(month)) {
                    lines.add(new Line(
                            loan.id(), part.number(), loan.plan().count(), part.principalMinor(), part.feeMinor()));
                }
            }
        }
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        List<CurrencyUnit> currencies =
                loans.stream().map(Loan::currency).distinct().toList();
        if (currencies.size() > 1) {
            throw new IllegalArgumentException("the loans of one customer are of one currency: " + currencies);
        }
        return Optional.of(new Bill(
                keyOf(customer, month),
                month,
                currencies.getFirst(),
                closing(month),
                terms.dueOn(month, made),
                lines,
                lines.stream().mapToLong(Line::principalMinor).sum(),
                lines.stream().mapToLong(Line::feeMinor).sum()));
    }

    public static AccountKey keyOf(String customer, YearMonth month) {
        return new AccountKey(AccountKey.partitionOf(customer), PREFIX + month);
    }

    /** Whether an item of the credit table with that sort key is a bill, not something owed on one. */
    public static boolean isSortKey(String sortKey) {
        return sortKey.startsWith(PREFIX) && sortKey.length() == PREFIX.length() + MONTH;
    }

    /** When a month's bill closes: the first instant of the next month, UTC. */
    public static Instant closing(YearMonth month) {
        return month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /** Whether what is still owed on it bears interest on that day. */
    public boolean isOverdue(LocalDate day) {
        return day.isAfter(dueOn);
    }

    public boolean lists(String loan, int number) {
        return lines.stream().anyMatch(line -> line.loan().equals(loan) && line.number() == number);
    }

    /** What it lists of one loan, in minor units. */
    public long principalOf(String loan) {
        return lines.stream()
                .filter(line -> line.loan().equals(loan))
                .mapToLong(Line::principalMinor)
                .sum();
    }
}
