package doubleeleven.rig.explore;

/** The rest of a run depends on an answer that is not given yet. An error, so that no handler takes it for a failure it could handle. */
final class Suspended extends Error {
    private static final long serialVersionUID = 1;

    Suspended() {
        super("waiting for an answer", null, false, false);
    }
}
