package doubleeleven.credit.billing;

import doubleeleven.ids.Shard;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Goes through a shard's customers with a credit line. One that fails is named and does not stop the others. */
public final class Walk<O extends Enum<O>> {
    private static final int PAGE = 100;

    private final Lines lines;
    private final Class<O> outcomes;
    private final BiConsumer<String, RuntimeException> failures;

    /**
     * Sets up walks of one kind.
     *
     * @param failures told each customer that failed, and why
     */
    public Walk(Lines lines, Class<O> outcomes, BiConsumer<String, RuntimeException> failures) {
        this.lines = lines;
        this.outcomes = outcomes;
        this.failures = failures;
    }

    /**
     * What a walk came to.
     *
     * @param counts customers by what became of them
     * @param failed customers to whom it must be done again
     * @param after where the next walk goes on; null at the end of the shard
     */
    public record Result<O extends Enum<O>>(
            Map<O, Integer> counts,
            List<String> failed,
            @Nullable String after) {}

    /**
     * Does something to each customer until the time is up; to one at least, so that walks always come to an end.
     *
     * @param after where an earlier walk stopped; null from the beginning
     */
    public Result<O> run(Shard shard, @Nullable String after, BooleanSupplier timeIsLeft, Function<String, O> each) {
        Map<O, Integer> counts = new EnumMap<>(outcomes);
        List<String> failed = new ArrayList<>();
        @Nullable String last = after;
        List<String> page = lines.customers(shard, last, PAGE);
        while (!page.isEmpty()) {
            for (String customer : page) {
                try {
                    counts.merge(each.apply(customer), 1, Integer::sum);
                } catch (RuntimeException e) {
                    failures.accept(customer, e);
                    failed.add(customer);
                }
                last = customer;
                if (!timeIsLeft.getAsBoolean()) {
                    return new Result<>(counts, List.copyOf(failed), last);
                }
            }
            page = lines.customers(shard, last, PAGE);
        }
        return new Result<>(counts, List.copyOf(failed), null);
    }
}
