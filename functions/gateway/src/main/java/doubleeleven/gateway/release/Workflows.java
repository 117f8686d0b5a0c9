package doubleeleven.gateway.release;

import doubleeleven.gateway.release.Release.Decision;
import doubleeleven.gateway.release.Release.Waiting;

/** The workflows that carry releases out. */
public interface Workflows {
    /** How an answer was taken. */
    enum Answered {
        TAKEN,
        /** Nothing waits for it any more. */
        TOO_LATE,
        UNREACHABLE
    }

    /**
     * Has this Region carry a release out, once however often it is asked to.
     *
     * @return whether the workflow could be reached
     */
    boolean start(Release release);

    Answered answer(Waiting waiting, Decision decision);
}
