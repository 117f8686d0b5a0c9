package doubleeleven.it.chaos;

import doubleeleven.it.chaos.Load.Call;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How long callers waited for their answers, from the beginning of a call to its end, whatever it took in between.
 *
 * @param calls those that were answered
 */
record Waiting(int calls, long p50Millis, long p99Millis) {
    private static final int MOST = 100;

    /** Before, while and after a fault, by when the calls began. */
    record Phases(Waiting before, Waiting during, Waiting after) {
        static Phases of(List<Call> calls, long began, long ended) {
            return new Phases(
                    Waiting.of(
                            calls.stream().filter(call -> call.began() < began).toList()),
                    Waiting.of(calls.stream()
                            .filter(call -> call.began() >= began && call.began() <= ended)
                            .toList()),
                    Waiting.of(
                            calls.stream().filter(call -> call.began() > ended).toList()));
        }
    }

    static Waiting of(List<Call> calls) {
        List<Long> millis = calls.stream().flatMap(Waiting::millis).sorted().toList();
        return new Waiting(millis.size(), rank(millis, 50), rank(millis, 99));
    }

    private static Stream<Long> millis(Call call) {
        Long ended = call.ended();
        return ended == null ? Stream.empty() : Stream.of(call.lasted(ended).toMillis());
    }

    /** The smallest that so many of a hundred do not exceed. */
    private static long rank(List<Long> sorted, int percent) {
        return sorted.isEmpty() ? 0 : sorted.get(Math.ceilDiv(sorted.size() * percent, MOST) - 1);
    }

    @Override
    public String toString() {
        return calls == 0
                ? "none"
                : String.format(Locale.ROOT, "p50 %,d ms, p99 %,d ms of %d", p50Millis, p99Millis, calls);
    }
}
