package doubleeleven.credit;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * In how many monthly parts a loan is billed, and what that costs. The customer consents to both, and the payment carries them.
 *
 * @param count 1, or 3, 6, 9 or 12
 * @param feePpm the fee in all, in millionths of the principal; 0 where there is one part only
 */
public record InstalmentPlan(int count, int feePpm) {
    /** The whole loan on the next bill, at no cost. */
    public static final InstalmentPlan NONE = new InstalmentPlan(1, 0);

    static final Set<Integer> COUNTS = Set.of(3, 6, 9, 12);
    static final int PPM = 1_000_000;

    public InstalmentPlan {
        if (count != 1 && !COUNTS.contains(count)) {
            throw new IllegalArgumentException("instalments must be 3, 6, 9 or 12, or 1 without a plan: " + count);
        }
        int most = count == 1 ? 0 : PPM;
        if (feePpm < 0 || feePpm > most) {
            throw new IllegalArgumentException(
                    "the fee of " + count + " instalments must be 0 to " + most + " ppm: " + feePpm);
        }
    }

    /** What the plan costs in all, half up. */
    public long feeMinor(long principalMinor) {
        return Rounding.halfUp(principalMinor, feePpm, PPM);
    }

    /**
     * All parts. Each is the difference of two cumulative sums, and those are rounded half up: so the parts sum to the principal and to the
     * fee exactly, and no two differ by more than one unit. Of a tiny principal some parts are 0.
     */
    public List<Instalment> schedule(long principalMinor) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> instalment(principalMinor, number))
                .toList();
    }

    Instalment instalment(long principalMinor, int number) {
        return new Instalment(number, part(principalMinor, number), part(feeMinor(principalMinor), number));
    }

    private long part(long whole, int number) {
        return Rounding.halfUp(whole, number, count) - Rounding.halfUp(whole, number - 1L, count);
    }
}
