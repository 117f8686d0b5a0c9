package doubleeleven.gateway.operations;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The dead-letter queues of this Region. */
public interface Queues {
    /**
     * A message that was given up.
     *
     * @param body empty where it is no JSON object
     * @param sentAt when it was first sent
     * @param receives how often it was received in all, looks included
     */
    record Letter(String id, Map<String, Object> body, Instant sentAt, int receives) {}

    /**
     * The last move of all messages back.
     *
     * @param status such as RUNNING or COMPLETED
     */
    record Move(String status, long moved) {
        boolean isUnderWay() {
            return status.equals("RUNNING");
        }
    }

    /** How many messages wait, as far as the queue knows at once. */
    long waiting(String queue);

    /** Shows messages, and leaves them where they are, for everybody to see. */
    List<Letter> look(String queue, int most);

    Optional<Move> lastMove(String queue);

    /** Begins to move all messages. */
    void moveAll(String from, String to);

    /** Moves some messages, one by one: one that is moved twice was sent twice, which every consumer is made for. */
    int moveSome(String from, String to, int most);
}
