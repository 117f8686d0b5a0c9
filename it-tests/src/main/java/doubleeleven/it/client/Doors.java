package doubleeleven.it.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The doors of several Regions as a caller uses them that is not lost with one: the preferred one, and where it does not answer, or answers
 * that nothing behind it does, the next. It stays there, so that a lost Region costs a wait once. Only what may be made twice goes through:
 * calls with an idempotency key, whose attempt is the same at every door, and calls that change nothing. For one caller at a time.
 */
public final class Doors {
    private static final Set<Integer> OF_THE_DOOR = Set.of(502, 503, 504);

    private final List<String> regions;
    private final List<Api> doors;
    private int at;

    /** An answer, and the Region whose door gave it. */
    public record Reached(String region, Answer answer) {}

    /**
     * Opens the doors to a caller.
     *
     * @param regions whose doors to use, the preferred one first
     */
    public Doors(Api caller, Stack stack, List<String> regions) {
        this.regions = List.copyOf(regions);
        this.doors = regions.stream()
                .map(region -> caller.through(stack.door(region)))
                .toList();
    }

    /** Asks each door once until one answers. */
    public Reached get(String path) {
        return ask(1, api -> api.getRequest(path));
    }

    /**
     * Makes a call that has an idempotency key, again while no door answers or the answer is a fault, with a growing random pause once
     * every door was tried.
     *
     * @return the last answer, which may be a fault
     * @throws UncheckedIOException where nobody answered until the end
     */
    public Reached post(String path, Map<String, ?> body, String idempotencyKey) {
        String json = Api.json(body);
        return ask(Api.TRIES, api -> api.postRequest(path, json, idempotencyKey));
    }

    private Reached ask(int rounds, Function<Api, HttpRequest> call) {
        for (int round = 1; ; round++) {
            boolean same = false;
            for (int door = 1; door <= doors.size() && !same; door++) {
                boolean last = round == rounds && door == doors.size();
                try {
                    Answer answer = Api.send(call.apply(doors.get(at)));
                    // Who limits calls, or fails at this one, is there: another door is not the remedy.
                    same = !OF_THE_DOOR.contains(answer.status());
                    if (!answer.isWorthRetrying() || last || (same && round == rounds)) {
                        return new Reached(regions.get(at), answer);
                    }
                } catch (IOException e) {
                    if (last) {
                        throw new UncheckedIOException(e);
                    }
                }
                if (!same) {
                    at = (at + 1) % doors.size();
                }
            }
            Api.rest(round);
        }
    }
}
