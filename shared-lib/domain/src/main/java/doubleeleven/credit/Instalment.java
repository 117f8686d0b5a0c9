package doubleeleven.credit;

/**
 * One part of a schedule, in minor units of the loan's currency.
 *
 * @param number from 1
 * @param feeMinor what the plan costs with this part
 */
public record Instalment(int number, long principalMinor, long feeMinor) {}
