package doubleeleven.health;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one Region sees of one colour of a unit.
 *
 * @param synthetic what became of a synthetic payment
 * @param said by the unit, or by whatever was in its place
 * @param real what this Region's gateways say of customers' payments
 * @param at by the clock of the Region that looked
 * @param failures looks in a row that found it failing, this one included
 * @param failingSince the first of them; null where it does not fail
 */
public record View(
        String unit,
        String colour,
        Synthetic synthetic,
        String said,
        Real real,
        Instant at,
        int failures,
        @Nullable Instant failingSince) {
    /** A look that comes later than this after the one before it is not the next in a row. */
    static final Duration GAP = Duration.ofSeconds(30);

    private static final int FAILURES = 3;
    private static final Duration LASTING = Duration.ofSeconds(20);
    /** Where customers' payments say the same as synthetic ones, fewer of those are enough. */
    private static final int FAILURES_WITH_REAL = 2;

    private static final Duration LASTING_WITH_REAL = Duration.ofSeconds(10);

    /** What became of a synthetic payment. */
    public enum Synthetic {
        /** It was claimed, scored, decided and declined. */
        SERVED,
        /** The unit works, and says that another one serves the shard. */
        REFUSED,
        /** The unit is out of reach, or does not work. */
        FAILED
    }

    /** What becomes of customers' payments at this Region's door. */
    public enum Real {
        /** Nothing is known: no gateway lost sight of the unit. */
        SILENT,
        /** A gateway gave the unit up and has not reached it since. */
        MISSED,
        /** A gateway that had given it up reaches it again. */
        REACHED
    }

    public View {
        if (failures < 0 || (failures == 0) != (failingSince == null)) {
            throw new IllegalArgumentException(failures + " failures since " + failingSince);
        }
    }

    /** What is seen now, after what the same Region saw of the same colour before. */
    public static View after(
            @Nullable View before,
            String unit,
            String colour,
            Synthetic synthetic,
            String said,
            Real real,
            Instant at) {
        if (!fails(synthetic, real)) {
            return new View(unit, colour, synthetic, said, real, at, 0, null);
        }
        if (before == null
                || before.failingSince() == null
                || before.at().plus(GAP).isBefore(at)) {
            return new View(unit, colour, synthetic, said, real, at, 1, at);
        }
        return new View(unit, colour, synthetic, said, real, at, before.failures() + 1, before.failingSince());
    }

    /** A customer's payment that was served says more than a synthetic one that was not. */
    private static boolean fails(Synthetic synthetic, Real real) {
        return synthetic == Synthetic.FAILED && real != Real.REACHED;
    }

    public boolean fails() {
        return failingSince != null;
    }

    /** Whether it failed for so long, and was looked at so often meanwhile, that it counts. */
    public boolean failsLastingly() {
        if (failingSince == null) {
            return false;
        }
        Duration since = Duration.between(failingSince, at);
        return (failures >= FAILURES && since.compareTo(LASTING) >= 0)
                || (real == Real.MISSED && failures >= FAILURES_WITH_REAL && since.compareTo(LASTING_WITH_REAL) >= 0);
    }
}
