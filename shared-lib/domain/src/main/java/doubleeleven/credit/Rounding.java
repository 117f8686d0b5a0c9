package doubleeleven.credit;

import java.math.BigInteger;

/** Shares of an amount in whole minor units. */
final class Rounding {
    private Rounding() {}

    /** {@code amount * numerator / denominator}, half up; no argument is negative, and nothing in between overflows. */
    static long halfUp(long amount, long numerator, long denominator) {
        BigInteger divisor = BigInteger.valueOf(denominator);
        return BigInteger.valueOf(amount)
                .multiply(BigInteger.valueOf(numerator))
                .shiftLeft(1)
                .add(divisor)
                .divide(divisor.shiftLeft(1))
                .longValueExact();
    }
}
