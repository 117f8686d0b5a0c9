package doubleeleven.credit;

import java.math.BigInteger;
import java.time.LocalDate;

/**
 * How far the simple interest on an overdue bill's principal is reckoned. What is no whole minor unit yet is carried, so that any number of
 * days, in any number of steps, comes to the exact interest rounded down once.
 *
 * @param accruedThrough the last day that is charged; at first the day on which the bill is due
 * @param remainder what is carried, in millionths of a minor unit, 0 to 999,999
 * @param dailyPpm millionths of the principal for each day, as the terms were when the bill was made
 */
public record Interest(LocalDate accruedThrough, long remainder, int dailyPpm) {
    private static final BigInteger UNIT = BigInteger.valueOf(InstalmentPlan.PPM);

    /**
     * The interest of one or more days.
     *
     * @param amountMinor whole minor units to charge
     * @param carried from where the next day goes on
     */
    public record Accrual(long amountMinor, Interest carried) {}

    /** The interest of each day after the last one charged through that day, on the principal owed now. Days charged before cost nothing. */
    public Accrual accrue(LocalDate through, long principalMinor) {
        long days = through.toEpochDay() - accruedThrough.toEpochDay();
        if (days <= 0) {
            return new Accrual(0, this);
        }
        BigInteger[] exact = BigInteger.valueOf(principalMinor)
                .multiply(BigInteger.valueOf(dailyPpm))
                .multiply(BigInteger.valueOf(days))
                .add(BigInteger.valueOf(remainder))
                .divideAndRemainder(UNIT);
        return new Accrual(exact[0].longValueExact(), new Interest(through, exact[1].longValueExact(), dailyPpm));
    }
}
