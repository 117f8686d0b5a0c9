package doubleeleven.credit.billing;

import doubleeleven.credit.Bill;
import doubleeleven.credit.Loan;
import doubleeleven.credit.Owed;
import doubleeleven.credit.Part;
import doubleeleven.credit.Terms;
import java.time.Clock;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Makes a customer's bill of a month, by single-item writes alone. Every step may be repeated by anyone, at any time, for any month.
 *
 * <p>The order is what makes it safe. Parts are taken from the loans first, each once for each month. The bill, put once, then decides which
 * parts are in it; a run that comes second obeys it. Only when all that is owed on the bill is there are its parts sealed, so an unsealed part
 * tells the next run that something is left to do. A part that a month's bill left out may be listed by the next month's: that is safe because
 * every bill in between is there by then, and none can be made to list it later.
 */
public final class Billing {
    /** Each lost round means that another run or a refund got ahead; so many of them mean something is broken. */
    private static final int ROUNDS = 20;

    private final Receivables receivables;
    private final Terms terms;
    private final Clock clock;

    public Billing(Receivables receivables, Terms terms, Clock clock) {
        this.receivables = receivables;
        this.terms = terms;
        this.clock = clock;
    }

    /** Whether there is a bill of that month, whichever run made it. */
    public enum Outcome {
        BILLED,
        NOTHING
    }

    public Outcome bill(String customer, YearMonth month) {
        boolean billed = receivables.bill(customer, month).isPresent();
        List<Loan> loans = billed ? receivables.loans(customer) : take(customer, month);
        Optional<YearMonth> open = oldestUnsealed(loans);
        if (open.isPresent()) {
            for (YearMonth each = open.get(); !each.isAfter(month); each = each.plusMonths(1)) {
                Optional<Bill> bill = close(customer, each, loans);
                if (bill.isPresent()) {
                    loans = seal(loans, bill.get());
                    billed |= each.equals(month);
                }
            }
        }
        return billed ? Outcome.BILLED : Outcome.NOTHING;
    }

    /** Takes what there is to take for that month. */
    private List<Loan> take(String customer, YearMonth month) {
        for (int round = 0; round < ROUNDS; round++) {
            List<Loan> loans = receivables.loans(customer);
            boolean steady = true;
            for (Loan loan : loans) {
                Optional<Part> part = loan.nextPart(month);
                if (part.isPresent()) {
                    steady = false;
                    receivables.take(loan, part.get());
                }
            }
            if (steady) {
                return loans;
            }
        }
        throw new IllegalStateException("loans of " + customer + " kept changing");
    }

    private static Optional<YearMonth> oldestUnsealed(List<Loan> loans) {
        return loans.stream()
                .flatMap(loan -> loan.parts().stream())
                .filter(part -> !part.sealed())
                .map(Part::bill)
                .min(Comparator.naturalOrder());
    }

    /** The bill of a month with all that is owed on it; empty where there is nothing to pay. */
    private Optional<Bill> close(String customer, YearMonth month, List<Loan> loans) {
        Optional<Bill> bill =
                Bill.of(customer, month, LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC), terms, loans);
        if (bill.isPresent() && !receivables.put(bill.get())) {
            bill = receivables.bill(customer, month);
        }
        bill.ifPresent(each -> {
            for (Owed.Kind kind : Owed.Kind.values()) {
                receivables.put(Owed.of(each, kind, terms));
            }
        });
        return bill;
    }

    private List<Loan> seal(List<Loan> loans, Bill bill) {
        return loans.stream()
                .map(loan -> {
                    Loan sealed = loan.sealedBy(bill);
                    if (!sealed.equals(loan)) {
                        receivables.seal(loan, bill);
                    }
                    return sealed;
                })
                .toList();
    }
}
