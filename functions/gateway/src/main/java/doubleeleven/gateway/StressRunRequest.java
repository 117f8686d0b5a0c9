package doubleeleven.gateway;

import doubleeleven.gateway.stress.Plan;
import doubleeleven.gateway.stress.RunWorkflows.Credentials;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The load that an operator asks for. */
record StressRunRequest(Plan plan, Credentials credentials, String reason) {
    private static final int MOST_DOORS = 10;
    private static final int MOST_STEPS = 10;
    private static final int ALL = 100;
    private static final List<Integer> USUAL_STEPS = List.of(10, 25, 50, 100);
    private static final long MOST_STEP_SECONDS = 600;
    private static final long USUAL_STEP_SECONDS = 60;
    private static final long MOST_SLICE_SECONDS = 30;
    private static final long USUAL_SLICE_SECONDS = 10;
    private static final long MOST_BASELINE_SECONDS = 120;
    private static final long USUAL_BASELINE_SECONDS = 30;
    private static final long MOST_CUSTOMERS = 10_000;
    private static final long USUAL_CUSTOMERS = 200;
    private static final long MOST_MERCHANTS = 16;
    private static final long USUAL_MERCHANTS = 4;
    private static final long MOST_AMOUNT = 1_000_000;
    private static final long USUAL_MOST_AMOUNT = 10_000;
    private static final long MOST_PER_THOUSAND = 1000;
    private static final long USUAL_FAILURES = 10;
    private static final long USUAL_LIVE_FAILURES = 5;
    private static final long MOST_MILLIS = 10_000;
    private static final long USUAL_MILLIS = 1000;
    private static final int MOST_MARKS = 20;
    /** What JSON keeps exactly. */
    private static final long MOST_SEED = 9_007_199_254_740_991L;

    /**
     * Reads a request.
     *
     * @param test whose name says who pays whom how much, where nothing else does
     * @param isDoor whether an address is that of a door of ours
     */
    static Checked<StressRunRequest> read(String test, Map<String, @Nullable Object> json, Predicate<String> isDoor) {
        return Fields.read(json, fields -> {
            Plan plan = plan(test, fields, isDoor);
            List<String> marks = fields.texts("marks", 1, MOST_MARKS, Text.TOKEN);
            String operatorKey = fields.text("operatorKey", Text.API_KEY);
            String reason = fields.text("reason", Text.REASON);
            if (fields.isFine() && !plan.fits()) {
                fields.wrong("stepSeconds", "must be less: so many slices by so many workers do not fit into one run");
            }
            return new StressRunRequest(plan, new Credentials(marks, operatorKey), reason);
        });
    }

    private static Plan plan(String test, Fields fields, Predicate<String> isDoor) {
        List<String> doors = doors(fields, isDoor);
        long stepSeconds = fields.integerIfGiven("stepSeconds", 1, MOST_STEP_SECONDS, USUAL_STEP_SECONDS);
        long least = fields.integerIfGiven("leastAmount", 1, MOST_AMOUNT, 1);
        long most = fields.integerIfGiven("mostAmount", 1, MOST_AMOUNT, Math.max(least, USUAL_MOST_AMOUNT));
        if (most < least) {
            fields.wrong("mostAmount", "must be leastAmount, which is " + least + ", or more");
        }
        return new Plan(
                doors,
                (int) fields.integer("rate", 1, Plan.MOST_RATE),
                fields.has("steps") ? fields.rising("steps", 1, MOST_STEPS, 1, ALL) : USUAL_STEPS,
                (int) stepSeconds,
                (int) fields.integerIfGiven(
                        "sliceSeconds", 1, MOST_SLICE_SECONDS, Math.min(stepSeconds, USUAL_SLICE_SECONDS)),
                (int) fields.integerIfGiven("baselineSeconds", 1, MOST_BASELINE_SECONDS, USUAL_BASELINE_SECONDS),
                (int) fields.integerIfGiven("customers", 1, MOST_CUSTOMERS, USUAL_CUSTOMERS),
                (int) fields.integerIfGiven("merchants", 1, MOST_MERCHANTS, USUAL_MERCHANTS),
                Currencies.currency(fields).getCode(),
                least,
                most,
                fields.integerIfGiven("seed", 0, MOST_SEED, Integer.toUnsignedLong(test.hashCode())),
                new Plan.Conditions(
                        (int) fields.integerIfGiven("failuresPerThousand", 0, MOST_PER_THOUSAND, USUAL_FAILURES),
                        (int) fields.integerIfGiven("p99Millis", 1, MOST_MILLIS, USUAL_MILLIS),
                        (int) fields.integerIfGiven(
                                "liveFailuresPerThousand", 0, MOST_PER_THOUSAND, USUAL_LIVE_FAILURES)));
    }

    private static List<String> doors(Fields fields, Predicate<String> isDoor) {
        List<String> doors = fields.texts("doors", 1, MOST_DOORS, Text.DOOR);
        // Where one was no address, those after it stand in other places than they were given in.
        boolean inPlace = fields.isFine();
        for (int i = 0; i < doors.size(); i++) {
            if (inPlace && !isDoor.test(doors.get(i))) {
                fields.wrong("doors[" + i + "]", "is no door of this platform");
            }
        }
        return doors;
    }
}
