package doubleeleven.notification.delivery;

import java.util.List;

/** A merchant could not be told for so long that an operator has to see to it. */
public final class NotDelivered extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotDelivered(List<Notification> left) {
        super("not taken for too long by "
                + String.join(
                        ", ",
                        left.stream().map(Notification::merchant).distinct().toList()));
    }
}
