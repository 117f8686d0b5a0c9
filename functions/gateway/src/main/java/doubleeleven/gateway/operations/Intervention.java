package doubleeleven.gateway.operations;

/** What came of an operator's wish. Nothing was done but in the first case. */
public sealed interface Intervention {
    /** It is done and on record. */
    record Done(JournalItem before, Operated operated) implements Intervention {}

    record NoSuchPayment() implements Intervention {}

    record NothingToDo(String why) implements Intervention {}

    record NotSafe(String why) implements Intervention {}

    /** The record of operators' actions has no room left. */
    record TooMany(String why) implements Intervention {}

    /** It is on record, and no queue took the message. */
    record NotSent(String why) implements Intervention {}
}
