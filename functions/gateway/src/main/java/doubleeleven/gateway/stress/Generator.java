package doubleeleven.gateway.stress;

import doubleeleven.gateway.stress.Doors.Reply;
import doubleeleven.gateway.stress.Script.Purchase;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes load as callers from outside do, and prepares what they need. Payments are sent when they are due, whatever has become of those
 * before them, and a latency is counted from when its payment was due: a system that stands still makes nobody wait before they ask.
 */
public final class Generator {
    /** So many turned away one after the other, and no more are sent in this slice. */
    private static final int MOST_TURNED_AWAY = 10;

    private static final int PROBLEMS_FROM = 400;

    private final Doors doors;
    private final Clock clock;
    private final String test;
    private final Plan plan;
    private final Script script;
    private final Marks marks;

    /**
     * A generator for one test.
     *
     * @param signed marks, each for its own minutes
     */
    public Generator(Doors doors, Clock clock, String test, Plan plan, List<String> signed) {
        this.doors = doors;
        this.clock = clock;
        this.test = test;
        this.plan = plan;
        this.script = new Script(test, plan);
        this.marks = new Marks(signed);
    }

    /** Opens the merchants, each through another door, and answers their keys. Made again, it makes new keys. */
    public List<String> openMerchants(String operatorKey) {
        return java.util.stream.IntStream.range(0, plan.merchants())
                .mapToObj(index -> {
                    String door = plan.doors().get(index % plan.doors().size());
                    Map<String, ?> opened = opened(
                            door,
                            "/merchants",
                            operatorKey,
                            Map.of("merchant", script.merchant(index), "currency", plan.currency()));
                    return opened.get("apiKey") instanceof String key
                            ? key
                            : Document.text(
                                    opened(
                                            door,
                                            "/merchants/" + script.merchant(index) + "/keys",
                                            operatorKey,
                                            Map.of()),
                                    "apiKey");
                })
                .toList();
    }

    /** Opens one worker's share of the customers, through one door after the other. */
    public int openCustomers(String operatorKey, int worker, int workers) {
        int opened = 0;
        for (int index = worker; index < plan.customers(); index += workers) {
            Payer payer = script.payer(index);
            opened(
                    plan.doors().get(index % plan.doors().size()),
                    "/customers",
                    operatorKey,
                    Map.of(
                            "customer", payer.id(),
                            "currency", plan.currency(),
                            "publicKey", payer.publicKey(),
                            "openingBalance", plan.openingBalance()));
            opened++;
        }
        return opened;
    }

    private Map<String, ?> opened(String door, String path, String key, Map<String, ?> body) {
        Reply reply = doors.post(door, path, headers(key), body);
        if (reply instanceof Reply.Answered answered && answered.status() < PROBLEMS_FROM) {
            return answered.body();
        }
        throw new IllegalStateException("stress test " + test + " cannot prepare at " + door + path + ": " + reply);
    }

    /** Sends what one worker has to send in a slice, and waits until all of it is answered. */
    public Load run(Slice slice, int worker, List<String> merchantKeys, Pace pace) {
        Schedule schedule = Schedule.of(plan, slice, worker);
        Load load = new Load();
        AtomicInteger turnedAway = new AtomicInteger();
        for (Iterator<Long> numbers = schedule.numbers().iterator(); numbers.hasNext(); ) {
            long number = numbers.next();
            Duration due = schedule.due(number);
            if (turnedAway.get() < MOST_TURNED_AWAY) {
                pace.await(due);
            }
            // Asked again: the answers may have come while it waited.
            if (turnedAway.get() >= MOST_TURNED_AWAY
                    || !pace.begin(() -> {
                        Outcome outcome = pay(script.purchase(slice.step(), number), merchantKeys);
                        load.sent(outcome, pace.elapsed().minus(due));
                        if (outcome == Outcome.TURNED_AWAY) {
                            turnedAway.incrementAndGet();
                        } else {
                            turnedAway.set(0);
                        }
                    })) {
                load.notSent();
            }
        }
        if (turnedAway.get() < MOST_TURNED_AWAY) {
            pace.await(schedule.length());
        }
        pace.finish();
        return load;
    }

    private Outcome pay(Purchase purchase, List<String> merchantKeys) {
        Map<String, String> headers = headers(merchantKeys.get(purchase.merchant()));
        headers.put("Idempotency-Key", purchase.order());
        return switch (doors.post(purchase.door(), "/payments", headers, script.body(purchase, clock.instant()))) {
            case Reply.TimedOut() -> Outcome.TIMED_OUT;
            case Reply.Unreached _ -> Outcome.UNREACHED;
            case Reply.Answered answered -> Answers.outcome(answered, purchase, plan.currency());
        };
    }

    private Map<String, String> headers(String key) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Authorization", "Bearer " + key);
        headers.put("Double11-Shadow", marks.at(clock.instant()));
        return headers;
    }
}
