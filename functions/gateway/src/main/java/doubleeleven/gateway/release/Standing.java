package doubleeleven.gateway.release;

/**
 * How one colour of a unit stands.
 *
 * @param tally all that was ever counted
 * @param overdue payments it claimed that are decided, and not finished beyond their time
 * @param deadLetters what its phase two gave up and nobody took care of yet
 */
public record Standing(Tally tally, long overdue, long deadLetters) {}
