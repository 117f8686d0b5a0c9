package doubleeleven.notification.delivery;

import java.time.Duration;

/** Hears what became of notifications. */
public interface Journal {
    /** A merchant took one, so long after the decision. */
    void delivered(Notification notification, Duration age);

    /** A merchant's endpoint did not take one, which is tried again later. */
    void refused(Notification notification, String why);

    /** One was left for later without being tried, for that reason. */
    void postponed(Notification notification, Reason reason);

    /** Why nothing was tried. */
    enum Reason {
        /** Operators have notifications wait. */
        SWITCHED_OFF,
        /** The endpoint failed several times in a row. */
        AILING
    }
}
