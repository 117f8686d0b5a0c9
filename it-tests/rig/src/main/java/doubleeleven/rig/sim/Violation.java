package doubleeleven.rig.sim;

/** An invariant does not hold. The message tells everything that is needed to look into it. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    Violation(String message) {
        super(message);
    }
}
