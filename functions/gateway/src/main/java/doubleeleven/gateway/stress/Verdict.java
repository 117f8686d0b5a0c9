package doubleeleven.gateway.stress;

/** What a look at a stress test says. */
sealed interface Verdict {
    /** Nothing speaks against more of the same. */
    record GoOn() implements Verdict {}

    /** The step is over and everything held. */
    record Held() implements Verdict {}

    /** Live traffic is worse off, or may be. */
    record LiveSuffers(String why) implements Verdict {}

    /** The shadow does not keep to a condition. */
    record NotHeld(String why) implements Verdict {}
}
