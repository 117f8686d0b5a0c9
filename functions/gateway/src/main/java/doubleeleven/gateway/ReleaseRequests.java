package doubleeleven.gateway;

import doubleeleven.gateway.release.Plan;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What operators ask of releases. */
final class ReleaseRequests {
    private static final int MOST_LISTED = 50;
    private static final int USUALLY_LISTED = 10;
    private static final int MOST_STEPS = 10;
    private static final int ALL = 100;
    private static final List<Integer> USUAL_STEPS = List.of(1, 10, 50, 100);
    /** With none of so many lost, a colour loses fewer than one in a thousand: with 95 % certainty. */
    private static final long USUALLY_LEAST = 3_000;

    private static final long MOST_LEAST = 10_000_000;
    private static final long USUAL_MINUTES = 30;
    /** So many waits at ten steps fit into one execution's history. */
    private static final long MOST_MINUTES = 30;

    private static final int LOOKS_A_MINUTE = 6;

    private ReleaseRequests() {}

    /** A release to begin. */
    record Beginning(String to, Plan plan, String reason) {
        static Checked<Beginning> read(Map<String, @Nullable Object> json) {
            return Fields.read(
                    json,
                    fields -> new Beginning(
                            fields.text("to", Text.COLOUR), plan(fields), fields.text("reason", Text.REASON)));
        }

        private static Plan plan(Fields fields) {
            List<Integer> steps = fields.has("steps") ? fields.rising("steps", 1, MOST_STEPS, 1, ALL) : USUAL_STEPS;
            return new Plan(
                    steps,
                    fields.integerIfGiven("least", 1, MOST_LEAST, USUALLY_LEAST),
                    Math.toIntExact(
                            LOOKS_A_MINUTE * fields.integerIfGiven("patienceMinutes", 1, MOST_MINUTES, USUAL_MINUTES)),
                    !fields.has("starved")
                            || fields.choice("starved", List.of("ROLL_BACK", "STAY"))
                                    .equals("ROLL_BACK"),
                    fields.flagIfGiven("approval"));
        }
    }

    /** What is said to one that waits, or is to stop. */
    record Answer(boolean approve, String reason) {
        static Checked<Answer> read(Map<String, @Nullable Object> json) {
            return Fields.read(json, fields -> new Answer(fields.flag("approve"), fields.text("reason", Text.REASON)));
        }
    }

    /** How many to list. */
    record Listing(int limit) {
        static Checked<Listing> read(Map<String, @Nullable Object> query) {
            return Fields.read(
                    query,
                    fields -> new Listing(
                            Math.toIntExact(fields.integerIfGiven("limit", 1, MOST_LISTED, USUALLY_LISTED))));
        }
    }
}
