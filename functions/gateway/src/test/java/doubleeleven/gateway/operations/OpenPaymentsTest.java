package doubleeleven.gateway.operations;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.account.Entry;
import doubleeleven.ids.AttemptId;
import doubleeleven.payment.Branch;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** At a peak more payments are open than one call may look at. */
class OpenPaymentsTest {
    private static final Instant NOW = Instant.parse("2025-11-11T00:00:00Z");

    @Test
    void whatWasNotLookedAtIsSaid() {
        assertThat(list(OpenPayments.MOST_LOOKED_AT - 1).complete()).isTrue();
        assertThat(list(OpenPayments.MOST_LOOKED_AT + 1).complete()).isFalse();
    }

    @Test
    void theOldestOfAllThatWereLookedAtAreListedWhereverTheyLie() {
        OpenPayments.Page page = list(1000);

        assertThat(page.rows()).extracting(OpenPayments.Row::id).containsExactly("p000999", "p000998");
        assertThat(page.next()).hasValueSatisfying(end -> assertThat(end.key()).isEqualTo("p000998"));
    }

    private static OpenPayments.Page list(int open) {
        return new OpenPayments(new Crowd(open), Clock.fixed(NOW, ZoneOffset.UTC))
                .list(new OpenPayments.Wanted(List.of("RZ01"), false, 2, Optional.empty()));
    }

    /** So many open payments, the oldest last. */
    private record Crowd(int count) implements Books {
        @Override
        public Stream<OpenHint> open(String unit) {
            return IntStream.range(0, count)
                    .mapToObj(number -> new OpenHint(
                            String.format("p%06d", number), "TRYING", NOW.minusMillis(number), Optional.empty(), NOW));
        }

        @Override
        public Map<String, Sight> read(List<String> keys) {
            Map<String, Sight> sights = new HashMap<>();
            keys.forEach(key -> sights.put(key, new Sight.Unreadable("it is one of a crowd")));
            return sights;
        }

        @Override
        public Lying lyingOn(Branch branch, AttemptId attempt) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Credited credited(Entry expected) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean record(JournalItem seen, Operated operated) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void conclude(JournalItem seen, Operated operated) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean abort(JournalItem seen, Operated operated, Instant phaseTwoDue) {
            throw new UnsupportedOperationException();
        }
    }
}
