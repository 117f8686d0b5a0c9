package doubleeleven.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import doubleeleven.gateway.operations.Interventions.Decision;
import doubleeleven.gateway.operations.OpenPayments.Position;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What operators ask for. */
final class OperationsRequests {
    static final int MOST_LISTED = 100;
    static final int USUALLY_LISTED = 20;
    /** As many as a queue shows at once. */
    static final int MOST_MESSAGES = 10;

    private OperationsRequests() {}

    /** Which open payments to list. */
    record Listing(boolean stuckOnly, Optional<String> unit, int limit, Optional<Position> next) {
        static Checked<Listing> read(Map<String, @Nullable Object> query, List<String> units) {
            return Fields.read(
                    query,
                    fields -> new Listing(
                            fields.has("state")
                                    && fields.choice("state", List.of("open", "stuck"))
                                            .equals("stuck"),
                            fields.has("unit") ? Optional.of(fields.choice("unit", units)) : Optional.empty(),
                            Math.toIntExact(fields.integerIfGiven("limit", 1, MOST_LISTED, USUALLY_LISTED)),
                            Page.read(fields)));
        }
    }

    /** How many of something to show. */
    record Some(int limit) {
        static Checked<Some> read(Map<String, @Nullable Object> query) {
            return Fields.read(
                    query,
                    fields ->
                            new Some(Math.toIntExact(fields.integerIfGiven("limit", 1, MOST_LISTED, USUALLY_LISTED))));
        }
    }

    /** Which messages to show. */
    record Look(int limit) {
        static Checked<Look> read(Map<String, @Nullable Object> query) {
            return Fields.read(
                    query,
                    fields ->
                            new Look(Math.toIntExact(fields.integerIfGiven("limit", 1, MOST_MESSAGES, MOST_MESSAGES))));
        }
    }

    /** Phase two once more. */
    record Retry(String reason) {
        static Checked<Retry> read(Map<String, @Nullable Object> json) {
            return Fields.read(json, fields -> new Retry(fields.text("reason", Text.REASON)));
        }
    }

    /** Another limit of a credit line. */
    record Limit(long limitMinor, String reason) {
        static Checked<Limit> read(Map<String, @Nullable Object> json) {
            return Fields.read(
                    json,
                    fields -> new Limit(
                            fields.integer("limit", 1, Limits.MOST_MINOR), fields.text("reason", Text.REASON)));
        }
    }

    /**
     * What an operator says to an application.
     *
     * @param limitMinor what is granted; null for what was asked for, and where it is declined
     */
    record Verdict(boolean approved, @Nullable Long limitMinor, String reason) {
        static Checked<Verdict> read(Map<String, @Nullable Object> json) {
            return Fields.read(json, fields -> {
                boolean approved =
                        fields.choice("decision", List.of("APPROVE", "DECLINE")).equals("APPROVE");
                if (!approved && fields.has("limit") && fields.isFine()) {
                    fields.wrong("limit", "goes with the decision APPROVE alone");
                }
                return new Verdict(
                        approved,
                        fields.has("limit") ? (Long) fields.integer("limit", 1, Limits.MOST_MINOR) : null,
                        fields.text("reason", Text.REASON));
            });
        }
    }

    /** A decision by hand. */
    record Forced(Decision decision, String reason) {
        static Checked<Forced> read(Map<String, @Nullable Object> json) {
            return Fields.read(
                    json,
                    fields -> new Forced(
                            Decision.valueOf(fields.choice(
                                    "decision",
                                    Arrays.stream(Decision.values())
                                            .map(Decision::name)
                                            .toList())),
                            fields.text("reason", Text.REASON)));
        }
    }

    /** Messages back to where they came from; all of them where no number is given. */
    record Redrive(OptionalInt most, String reason) {
        static Checked<Redrive> read(Map<String, @Nullable Object> json) {
            return Fields.read(
                    json,
                    fields -> new Redrive(
                            fields.has("most")
                                    ? OptionalInt.of(Math.toIntExact(fields.integer("most", 1, MOST_MESSAGES)))
                                    : OptionalInt.empty(),
                            fields.text("reason", Text.REASON)));
        }
    }

    /** Where a page ended, as text that callers hand back and do not read. */
    static final class Page {
        private static final Pattern SHAPE = Pattern.compile("([0-9]{1,15}) (.{1,64})");

        private Page() {}

        static String write(Position end) {
            String text = end.since().toEpochMilli() + " " + end.key();
            return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(US_ASCII));
        }

        private static Optional<Position> read(Fields fields) {
            String text = fields.textIfGiven("next", Text.PAGE);
            if (text == null || text.isEmpty()) {
                return Optional.empty();
            }
            Optional<Position> read = read(text);
            if (read.isEmpty()) {
                fields.wrong("next", Text.PAGE.expectation());
            }
            return read;
        }

        private static Optional<Position> read(String text) {
            try {
                Matcher shape = SHAPE.matcher(new String(Base64.getUrlDecoder().decode(text), US_ASCII));
                return shape.matches()
                        ? Optional.of(
                                new Position(Instant.ofEpochMilli(Long.parseLong(shape.group(1))), shape.group(2)))
                        : Optional.empty();
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
    }
}
