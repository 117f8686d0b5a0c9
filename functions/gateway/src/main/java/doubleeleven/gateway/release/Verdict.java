package doubleeleven.gateway.release;

/** What the figures of a step say. */
public sealed interface Verdict {
    /** In words, with figures. */
    String why();

    /** Enough was seen and nothing speaks against it. */
    record GoOn(String why) implements Verdict {}

    /** Nothing speaks against it and not enough was seen, or too much is amiss to tell the colours apart. */
    record NotEnough(String why) implements Verdict {}

    /** It is worse than the other colour, and that is no chance. */
    record RollBack(String why) implements Verdict {}
}
