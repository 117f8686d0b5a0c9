package doubleeleven.credit;

import doubleeleven.account.Hold;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;

/** One customer's loans and bills as they stand after what a test lets happen. */
final class Samples {
    static final String CUSTOMER = "14911";
    static final Terms TERMS = new Terms("test", 10, 500, Map.of(3, 25_000, 6, 45_000, 9, 65_000, 12, 88_000));
    static final YearMonth NOVEMBER = YearMonth.of(2026, 11);
    static final Instant IN_NOVEMBER = Instant.parse("2026-11-11T00:00:00Z");

    private Samples() {}

    static OrderHash order(String number) {
        return OrderHash.ofOrder("gifts", number);
    }

    static AttemptId attempt(String number) {
        return AttemptId.of(order(number), "key", "f");
    }

    static Loan loan(String number, Instant openedAt, long principal, InstalmentPlan plan) {
        return Loan.open(CUSTOMER, openedAt, attempt(number), order(number), gbp(principal), plan);
    }

    static Money gbp(long minor) {
        return Money.ofMinor(CurrencyUnit.GBP, minor);
    }

    static Loan with(Loan loan, long unbilled, Map<AttemptId, Hold> holds) {
        return loan.with(unbilled, holds, loan.parts());
    }

    /** What a customer's refund or early repayment leaves. */
    static Loan less(Loan loan, long minor) {
        return with(loan, loan.unbilledMinor() - minor, loan.holds());
    }

    static Loan taken(Loan loan, Part part) {
        List<Part> parts = new ArrayList<>(loan.parts());
        parts.add(part);
        return loan.with(loan.unbilledMinor() - part.principalMinor(), loan.holds(), parts);
    }

    /** Takes what billing takes for that month, if it takes anything. */
    static Loan billed(Loan loan, YearMonth month) {
        return loan.nextPart(month).map(part -> taken(loan, part)).orElse(loan);
    }

    static Bill bill(YearMonth month, Loan... loans) {
        return Bill.of(CUSTOMER, month, month.plusMonths(1).atDay(1), TERMS, List.of(loans))
                .orElseThrow();
    }

    static Owed with(Owed owed, long available, Map<AttemptId, Hold> holds) {
        return new Owed(
                owed.key(), owed.currency(), available, holds, owed.finished(), owed.openedMinor(), owed.interest());
    }

    static Owed owed(Bill bill, Owed.Kind kind, long available) {
        return with(Owed.of(bill, kind, TERMS), available, Map.of());
    }
}
