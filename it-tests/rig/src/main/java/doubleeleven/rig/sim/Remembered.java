package doubleeleven.rig.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls that clients may make once more, and whose answers must stay true: those of this round, then of earlier ones. */
final class Remembered {
    private static final int MOST = 5_000;

    private final SplittableRandom random;
    private final List<Asked> fresh = new ArrayList<>();
    private final List<Asked> old = new ArrayList<>();

    Remembered(SplittableRandom random) {
        this.random = random;
    }

    Asked add(Asked asked) {
        fresh.add(asked);
        return asked;
    }

    /** One of this round; null where there is none. */
    @Nullable
    Asked ofThisRound() {
        return any(fresh);
    }

    /** One of earlier rounds; null where there is none. */
    @Nullable
    Asked ofEarlier() {
        return any(old);
    }

    /** One of either; null where there is none. */
    @Nullable
    Asked any() {
        return any(random.nextBoolean() || old.isEmpty() ? fresh : old);
    }

    private @Nullable Asked any(List<Asked> some) {
        return some.isEmpty() ? null : some.get(random.nextInt(some.size()));
    }

    void forEach(Consumer<Asked> look) {
        fresh.forEach(look);
        old.forEach(look);
    }

    /** The round is over, and the oldest calls are forgotten. */
    void endRound() {
        old.addAll(fresh);
        fresh.clear();
        if (old.size() > MOST) {
            old.subList(0, old.size() - MOST).clear();
        }
    }
}
