package doubleeleven.it.chaos;

import doubleeleven.it.client.Pause;
import doubleeleven.it.replay.Outcome;
import doubleeleven.it.replay.Outcome.Result;
import doubleeleven.it.replay.Plan;
import doubleeleven.it.replay.Plan.Event;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Customers who pay and send back, as long as they are let. Calls begin at a steady pace, whether those before are answered or not, up to a
 * number at a time; the next customer is chosen by chance, and the events of each come in their order.
 */
final class Load implements AutoCloseable {
    /** What a small machine can do offline. */
    static final Duration PACE = Duration.ofMillis(1200);

    /**
     * One call, made again by the client until it was answered.
     *
     * @param order key of the payment item that it leads to
     * @param ended null while there is no answer for good
     */
    record Call(
            String order,
            long began,
            @Nullable Long ended,
            @Nullable Outcome outcome) {
        /** Whether it was on the way at any time between the two. */
        boolean touches(long from, long to) {
            return began <= to && (ended == null || ended >= from);
        }

        Duration lasted(long now) {
            return Duration.ofNanos((ended == null ? now : ended) - began);
        }

        /** Not what rests on something that was not paid. */
        boolean wasMade() {
            return outcome == null || outcome.result() != Result.SKIPPED;
        }
    }

    private final Function<Event, Outcome> client;
    private final Function<Event, String> orders;
    private final int most;
    private final Duration pace;
    private final RandomGenerator chance;
    private final List<Deque<Event>> ready = new ArrayList<>();
    private final List<Call> calls = new ArrayList<>();
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private boolean on;
    private boolean closed;

    /**
     * Prepares a load; nothing is called before {@link #resume}.
     *
     * @param client makes one call and stays with it until it is answered
     * @param orders key of the payment item that an event leads to
     * @param most calls at a time, but for a burst
     * @param pace between two beginnings
     */
    Load(
            Plan plan,
            Function<Event, Outcome> client,
            Function<Event, String> orders,
            int most,
            Duration pace,
            RandomGenerator chance) {
        this.client = client;
        this.orders = orders;
        this.most = most;
        this.pace = pace;
        this.chance = chance;
        SortedMap<String, Deque<Event>> byCustomer = new TreeMap<>();
        plan.events()
                .forEach(event -> byCustomer
                        .computeIfAbsent(event.customer(), customer -> new ArrayDeque<>())
                        .add(event));
        ready.addAll(byCustomer.values());
        executor.execute(this::keepPace);
    }

    private void keepPace() {
        try {
            while (!isClosed()) {
                if (mayBegin()) {
                    begin();
                }
                Pause.millis(pace.toMillis());
            }
        } catch (CancellationException e) {
            // Closed meanwhile.
        }
    }

    private synchronized boolean mayBegin() {
        return on && underWay() < most;
    }

    private long underWay() {
        return calls.stream().filter(call -> call.ended() == null).count();
    }

    /** Begins so many calls more, all at once. */
    void burst(int count) {
        for (int call = 0; call < count; call++) {
            begin();
        }
    }

    private synchronized void begin() {
        if (closed || ready.isEmpty()) {
            return;
        }
        Deque<Event> customer = ready.remove(chance.nextInt(ready.size()));
        Event event = customer.remove();
        int number = calls.size();
        calls.add(new Call(orders.apply(event), System.nanoTime(), null, null));
        executor.execute(() -> end(number, play(event), customer));
    }

    private Outcome play(Event event) {
        try {
            return client.apply(event);
        } catch (RuntimeException e) {
            // No answer at all, however often it was asked for: for the caller that is a fault like any other.
            return new Outcome(event, "", orders.apply(event), "", Result.FAILED, List.of(e.toString()), 0, false);
        }
    }

    private synchronized void end(int number, Outcome outcome, Deque<Event> customer) {
        calls.set(number, new Call(calls.get(number).order(), calls.get(number).began(), System.nanoTime(), outcome));
        if (!customer.isEmpty()) {
            ready.add(customer);
        }
    }

    synchronized void resume() {
        on = true;
    }

    /** Lets nothing new begin; what is under way goes on. */
    synchronized void pause() {
        on = false;
    }

    synchronized boolean isIdle() {
        return !on && underWay() == 0;
    }

    /** All calls so far, in the order of their beginnings. */
    synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    synchronized int left() {
        return ready.stream().mapToInt(Deque::size).sum();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Ends it without waiting for calls that are under way. */
    @Override
    public void close() {
        synchronized (this) {
            on = false;
            closed = true;
        }
        executor.shutdownNow();
    }
}
