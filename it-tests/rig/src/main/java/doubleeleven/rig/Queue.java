package doubleeleven.rig;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A standard queue: at least once, in no promised order, and after too many tries to the dead letters. */
final class Queue {
    /** A message on its way; the same object for each of its deliveries. */
    static final class Message {
        private final String id;
        private final String body;
        private final long number;
        private Instant visibleAt;
        private int received;
        private boolean deleted;

        private Message(String id, String body, long number, Instant visibleAt) {
            this.id = id;
            this.body = body;
            this.number = number;
            this.visibleAt = visibleAt;
        }

        String id() {
            return id;
        }

        String body() {
            return body;
        }

        int received() {
            return received;
        }
    }

    private final String name;
    private final Duration visibility;
    private final int most;
    private final Supplier<List<Duration>> passage;
    private final Supplier<Instant> now;
    private final Consumer<Instant> arrived;
    private final Deque<Message> visible = new ArrayDeque<>();
    private final PriorityQueue<Message> hidden =
            new PriorityQueue<>(Comparator.<Message, Instant>comparing(message -> message.visibleAt)
                    .thenComparingLong(message -> message.number));
    private final List<String> deadLetters = new ArrayList<>();
    private long sent;

    /**
     * Makes an empty queue.
     *
     * @param visibility how long a delivered message stays hidden
     * @param most deliveries; the next one goes to the dead letters
     * @param passage how often and how much later a message comes
     * @param arrived told from when on something may be there to deliver
     */
    Queue(
            String name,
            Duration visibility,
            int most,
            Supplier<List<Duration>> passage,
            Supplier<Instant> now,
            Consumer<Instant> arrived) {
        this.name = name;
        this.visibility = visibility;
        this.most = most;
        this.passage = passage;
        this.now = now;
        this.arrived = arrived;
    }

    String name() {
        return name;
    }

    /** Takes a message, which comes as often and as late as the way to its consumer wants it. */
    String send(String body, Duration delay) {
        String id = "";
        for (Duration late : passage.get()) {
            id = put(body, delay.plus(late));
        }
        return id;
    }

    private String put(String body, Duration delay) {
        Instant at = now.get().plus(delay);
        String id;
        synchronized (this) {
            id = name + "-" + ++sent;
            Message message = new Message(id, body, sent, at);
            if (delay.isZero()) {
                visible.add(message);
            } else {
                hidden.add(message);
            }
        }
        arrived.accept(at);
        return id;
    }

    /** Takes messages; each comes again unless it is deleted in time. */
    List<Message> receive(int atMost) {
        List<Message> messages = new ArrayList<>();
        Instant again = now.get().plus(visibility);
        synchronized (this) {
            show();
            while (messages.size() < atMost && !visible.isEmpty()) {
                Message message = visible.remove();
                if (++message.received > most) {
                    deadLetters.add(message.body);
                } else {
                    message.visibleAt = again;
                    hidden.add(message);
                    messages.add(message);
                }
            }
        }
        if (!messages.isEmpty()) {
            arrived.accept(again);
        }
        return messages;
    }

    synchronized void delete(Message message) {
        message.deleted = true;
    }

    /** Messages that wait, hidden ones included. */
    synchronized int size() {
        return visible.size()
                + Math.toIntExact(
                        hidden.stream().filter(message -> !message.deleted).count());
    }

    synchronized List<String> deadLetters() {
        return List.copyOf(deadLetters);
    }

    private void show() {
        Instant at = now.get();
        while (!hidden.isEmpty()
                && (hidden.peek().deleted || !hidden.peek().visibleAt.isAfter(at))) {
            Message message = hidden.remove();
            if (!message.deleted) {
                visible.add(message);
            }
        }
    }
}
