package doubleeleven.credit.billing;

import doubleeleven.credit.Bill;
import doubleeleven.credit.Interest;
import doubleeleven.credit.Owed;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Objects;

/**
 * Charges interest on a customer's overdue bills, and freezes the line while there are any. May be repeated by anyone, for any day: no day is
 * charged twice, and days that no run saw are charged by the next one.
 */
public final class Overdue {
    /** Each lost round means that another run got ahead; so many of them mean something is broken. */
    private static final int ROUNDS = 20;

    private final Receivables receivables;
    private final Lines lines;
    private final Clock clock;

    public Overdue(Receivables receivables, Lines lines, Clock clock) {
        this.receivables = receivables;
        this.lines = lines;
        this.clock = clock;
    }

    /** What a run found and did to the line. */
    public enum Outcome {
        /** Nothing is overdue, and the line was not frozen for it. */
        CLEAR,
        /** Something is overdue, and the line was frozen before, or is gone. */
        OVERDUE,
        FROZEN,
        THAWED
    }

    /** Charges the days up to and with that one. */
    public Outcome run(String customer, LocalDate day) {
        Instant begin = day.atStartOfDay(ZoneOffset.UTC).toInstant();
        if (!charge(customer, day)) {
            return lines.thaw(customer, begin) ? Outcome.THAWED : Outcome.CLEAR;
        }
        Instant now = clock.instant();
        if (!lines.freeze(customer, begin.isBefore(now) ? begin : now)) {
            return Outcome.OVERDUE;
        }
        // Repaid between the reading and the freezing, it would stay frozen until the next day.
        if (!receivables.bills(customer).anyOverdue(day)) {
            lines.thaw(customer, begin);
            return Outcome.CLEAR;
        }
        return Outcome.FROZEN;
    }

    /** Whether anything is overdue on that day. */
    private boolean charge(String customer, LocalDate day) {
        for (int round = 0; round < ROUNDS; round++) {
            Bills bills = receivables.bills(customer);
            boolean steady = true;
            for (Bill bill : bills.statements()) {
                if (bill.isOverdue(day)) {
                    steady &= charge(bills, bill, day);
                }
            }
            if (steady) {
                return bills.anyOverdue(day);
            }
        }
        throw new IllegalStateException("bills of " + customer + " kept changing");
    }

    /** Whether there was nothing to charge. */
    private boolean charge(Bills bills, Bill bill, LocalDate day) {
        Owed owed = bills.owed(bill, Owed.Kind.INTEREST);
        long principal = bills.owed(bill, Owed.Kind.PRINCIPAL).owedMinor();
        Interest interest = Objects.requireNonNull(owed.interest());
        Interest.Accrual accrual = interest.accrue(day, principal);
        if (principal == 0 || accrual.carried().equals(interest)) {
            return true;
        }
        receivables.charge(owed, accrual);
        return false;
    }
}
