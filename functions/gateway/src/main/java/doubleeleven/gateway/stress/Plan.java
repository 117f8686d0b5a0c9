package doubleeleven.gateway.stress;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a stress test does, and what stops it.
 *
 * @param doors addresses that are called in turn
 * @param rate payments a second, the target
 * @param steps per cent of the target, one after the other, rising
 * @param stepSeconds load of each step
 * @param sliceSeconds load between two looks
 * @param baselineSeconds live traffic is watched for so long before there is any load
 * @param customers opened in the shadow, each with enough money for its share
 * @param seed says who pays whom how much: the same plan makes the same payments
 */
public record Plan(
        List<String> doors,
        int rate,
        List<Integer> steps,
        int stepSeconds,
        int sliceSeconds,
        int baselineSeconds,
        int customers,
        int merchants,
        String currency,
        long leastAmount,
        long mostAmount,
        long seed,
        Conditions conditions) {
    /** One function makes so many calls a second at most. */
    static final int RATE_OF_A_WORKER = 200;

    /** A Map state runs so many branches at once. */
    private static final int MOST_WORKERS = 40;

    public static final int MOST_RATE = RATE_OF_A_WORKER * MOST_WORKERS;

    /** What one worker, and what everything else of a slice, leaves in the history of an execution. */
    private static final int EVENTS_OF_A_WORKER = 8;

    private static final int EVENTS_OF_A_SLICE = 30;
    private static final int EVENTS_OF_THE_REST = 1_000;
    private static final int MOST_EVENTS = 24_000;
    private static final int CUSTOMERS_OF_AN_OPENER = 500;
    private static final int PERCENT = 100;
    private static final long MOST_BALANCE = 999_999_999_999L;
    private static final long PREPARATION_SECONDS = 60;
    /** For what is on its way when a slice ends, and for the look at it. */
    private static final long PAUSE_SECONDS = 5;

    /**
     * What must hold.
     *
     * @param failuresPerThousand of the test's payments that may fail
     * @param p99Millis that 99 of 100 of the test's payments may take
     * @param liveFailuresPerThousand of live payments that may fail or be late while the test runs
     */
    public record Conditions(int failuresPerThousand, int p99Millis, int liveFailuresPerThousand) {}

    public Plan {
        doors = List.copyOf(doors);
        steps = List.copyOf(steps);
    }

    /** Whether every slice fits into the history of one execution. */
    public boolean fits() {
        long events = EVENTS_OF_THE_REST;
        for (int step = 0; step < steps.size(); step++) {
            events += (long) slices() * (EVENTS_OF_A_SLICE + EVENTS_OF_A_WORKER * workers(step));
        }
        return events <= MOST_EVENTS;
    }

    /** How long all of it takes at most, the time between slices included. */
    public long seconds() {
        return baselineSeconds + PREPARATION_SECONDS + (long) steps.size() * slices() * (sliceSeconds + PAUSE_SECONDS);
    }

    /** Functions that share the load of a step. */
    int workers(int step) {
        return Math.ceilDiv(rate * steps.get(step), PERCENT * RATE_OF_A_WORKER);
    }

    /** Functions that share the opening of customers: as many as the load will have at least, which are warm by then. */
    int openers() {
        return Math.max(workers(steps.size() - 1), Math.ceilDiv(customers, CUSTOMERS_OF_AN_OPENER));
    }

    int slices() {
        return Math.ceilDiv(stepSeconds, sliceSeconds);
    }

    /** Payments a second. */
    double rate(int step) {
        return (double) rate * steps.get(step) / PERCENT;
    }

    /** Everybody can pay ten times their share, and whatever chance adds to it. */
    long openingBalance() {
        long payments = 0;
        for (int step : steps) {
            payments += (long) rate * step * stepSeconds / PERCENT + 1;
        }
        return Math.min(MOST_BALANCE, mostAmount * (100 + 10 * payments / customers));
    }

    /** In the words of the API. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("doors", doors);
        json.put("rate", rate);
        json.put("steps", steps);
        json.put("stepSeconds", stepSeconds);
        json.put("sliceSeconds", sliceSeconds);
        json.put("baselineSeconds", baselineSeconds);
        json.put("customers", customers);
        json.put("merchants", merchants);
        json.put("currency", currency);
        json.put("leastAmount", leastAmount);
        json.put("mostAmount", mostAmount);
        json.put("seed", seed);
        json.put("failuresPerThousand", conditions.failuresPerThousand());
        json.put("p99Millis", conditions.p99Millis());
        json.put("liveFailuresPerThousand", conditions.liveFailuresPerThousand());
        return json;
    }

    /** Reads what {@link #toJson} wrote. */
    public static Plan read(Map<String, ?> json) {
        return new Plan(
                Document.list(json, "doors", String::valueOf),
                (int) Document.number(json, "rate"),
                Document.list(json, "steps", step -> ((Number) step).intValue()),
                (int) Document.number(json, "stepSeconds"),
                (int) Document.number(json, "sliceSeconds"),
                (int) Document.number(json, "baselineSeconds"),
                (int) Document.number(json, "customers"),
                (int) Document.number(json, "merchants"),
                Document.text(json, "currency"),
                Document.number(json, "leastAmount"),
                Document.number(json, "mostAmount"),
                Document.number(json, "seed"),
                new Conditions(
                        (int) Document.number(json, "failuresPerThousand"),
                        (int) Document.number(json, "p99Millis"),
                        (int) Document.number(json, "liveFailuresPerThousand")));
    }
}
