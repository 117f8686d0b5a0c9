package doubleeleven.gateway.operations;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A queue of what was given up.
 *
 * @param source the queue that its messages came from and go back to; empty where they came from no queue
 */
public record DeadLetterQueue(String name, Optional<String> source) {
    private static final String SUFFIX = "-dlq";

    public static DeadLetterQueue of(String source) {
        return new DeadLetterQueue(source + SUFFIX, Optional.of(source));
    }

    public static DeadLetterQueue withoutSource(String name) {
        return new DeadLetterQueue(name, Optional.empty());
    }

    /** What to do with its messages. */
    public String remedy() {
        if (purpose() == Purpose.NOTIFICATIONS) {
            return "Merchants did not take these for as long as they are tried: the log group of "
                    + source.orElseThrow() + " says who and why. Tell them, then redrive the messages.";
        }
        if (source.isPresent()) {
            return "Mend what made the consumer of " + source.get()
                    + " fail (its log group says), preview the messages, then redrive them.";
        }
        return "They came from no queue, so there is nothing to redrive. Mend the cause, then purge the queue: "
                + (name.contains("relay")
                        ? "recovery finishes the payments that they tell of, and tells merchants; eleven rebuild-features remembers them for risk."
                        : "the next scheduled run does the work.");
    }

    /** What its source is for. */
    Purpose purpose() {
        String of = source.orElse("");
        return Arrays.stream(Purpose.values())
                .filter(purpose -> purpose != Purpose.NONE
                        && of.endsWith(
                                "-" + purpose.name().toLowerCase(Locale.ROOT).replace('_', '-')))
                .findFirst()
                .orElse(Purpose.NONE);
    }

    enum Purpose {
        PHASE_TWO,
        POSTING,
        FEATURES,
        NOTIFICATIONS,
        NONE
    }
}
