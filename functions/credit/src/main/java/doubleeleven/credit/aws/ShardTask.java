package doubleeleven.credit.aws;

import com.amazonaws.services.lambda.runtime.Context;
import doubleeleven.aws.Host;
import doubleeleven.aws.Log;
import doubleeleven.aws.Metrics;
import doubleeleven.credit.billing.Lines;
import doubleeleven.credit.billing.Walk;
import doubleeleven.ids.Shard;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One call by a workflow that goes through a shard, call by call. */
final class ShardTask<O extends Enum<O>> {
    /** Time kept for the customer in hand, so that the function ends before Lambda ends it. */
    private static final Duration RESERVE = Duration.ofSeconds(20);

    private static final Pattern TWO_DIGITS = Pattern.compile("\\d\\d");

    private final String name;
    private final Class<O> outcomes;
    private final Lines lines;
    private final Log log;
    private final Metrics metrics;

    /**
     * Sets up calls of one kind.
     *
     * @param name what is done to the customers, for log lines and the metric of failures
     */
    ShardTask(String name, Class<O> outcomes, Lines lines, Host host) {
        this.name = name;
        this.outcomes = outcomes;
        this.lines = lines;
        this.log = host.log();
        this.metrics = host.metrics();
    }

    /** Customers by what became of them, those who failed, and where to go on; that is absent at the end of the shard. */
    Map<String, Object> run(Map<String, Object> input, Context context, Function<String, O> each) {
        Shard shard = shard(input.get("shard"));
        Walk.Result<O> result = new Walk<>(lines, outcomes, this::failed)
                .run(
                        shard,
                        after(input.get("after")),
                        () -> context.getRemainingTimeInMillis() > RESERVE.toMillis(),
                        each);
        Map<String, Object> answer = new LinkedHashMap<>();
        for (O outcome : outcomes.getEnumConstants()) {
            answer.put(outcome.name().toLowerCase(Locale.ROOT), result.counts().getOrDefault(outcome, 0));
        }
        answer.put("failed", result.failed());
        if (result.after() != null) {
            answer.put("after", result.after());
        }
        metrics.count(name + "Failed", result.failed().size());
        Map<String, Object> fields = new LinkedHashMap<>(answer);
        fields.put("shard", shard.toString());
        log.info(name, fields);
        return answer;
    }

    private void failed(String customer, RuntimeException cause) {
        log.error(name + " failed for a customer; the others went on", Map.of("customer", customer), cause);
    }

    private static Shard shard(@Nullable Object value) {
        if (value instanceof String text && TWO_DIGITS.matcher(text).matches()) {
            return new Shard(Integer.parseInt(text));
        }
        throw new IllegalArgumentException("shard must be a text, \"00\" to \"99\": " + value);
    }

    private static @Nullable String after(@Nullable Object value) {
        if (value == null || value.equals("")) {
            return null;
        }
        if (value instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("after must be a customer, or empty: " + value);
    }
}
