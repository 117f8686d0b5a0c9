package doubleeleven.credit;

import java.time.YearMonth;

/**
 * What billing took of a loan, once for each bill.
 *
 * @param number which instalment, from 1; above the plan's count where a hold was given back only after the last one was taken
 * @param bill the month it was taken for; a part that its bill does not list waits for the next one
 * @param sealed whether no bill may list it any more: one lists it, or there is nothing to pay
 */
public record Part(int number, YearMonth bill, long principalMinor, long feeMinor, boolean sealed) {
    Part seal() {
        return new Part(number, bill, principalMinor, feeMinor, true);
    }
}
