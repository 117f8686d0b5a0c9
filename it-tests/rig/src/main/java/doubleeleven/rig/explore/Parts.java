package doubleeleven.rig.explore;

import doubleeleven.rig.Bus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Our own parts at work, as far as each has got: a part is deterministic, so what it waits for next follows from the answers it was given.
 * Each step is run once on the real code and remembered.
 */
final class Parts implements Bus {
    /** A call that waits for its answer. */
    record Pending(String site, int request) {}

    /**
     * How far a part has got.
     *
     * @param pending the calls that are under way; none once it has ended
     * @param outcome what it came to; null while it is under way
     */
    record Node(
            int part,
            Map<String, Integer> answered,
            @Nullable Object mark,
            List<Pending> pending,
            @Nullable Object outcome) {
        boolean isOver() {
            return outcome != null;
        }
    }

    /** Runs a part as far as the answers lead. */
    interface Code {
        /**
         * Goes on.
         *
         * @param mark from where; null for the beginning
         * @return what the part came to
         * @throws Suspended where an answer is missing
         */
        Object run(@Nullable Object mark);
    }

    private record Key(
            int part,
            @Nullable Object mark,
            Map<String, Integer> answered,
            @Nullable Object outcome) {}

    private record Next(int node, String site, int answer) {}

    private final Interned<Object> requests;
    private final Interned<Answer> answers;
    private final Function<Object, @Nullable Answer> constant;
    private final List<Code> parts = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final Interned<Key> keys = new Interned<>();
    private final List<Node> nodes = new ArrayList<>();
    private final Map<Next, Integer> successors = new HashMap<>();
    private final Map<Integer, Integer> starts = new HashMap<>();

    // Of the run that is under way
    private Map<String, Integer> given = Map.of();
    private Map<String, Integer> used = new TreeMap<>();
    private List<Pending> pending = new ArrayList<>();
    private @Nullable String site;
    private @Nullable Object mark;
    private int sequence;
    private boolean branching;

    /**
     * Creates the parts' memory.
     *
     * @param constant answers calls that concern nothing that changes; null for any other
     */
    Parts(Interned<Object> requests, Interned<Answer> answers, Function<Object, @Nullable Answer> constant) {
        this.requests = requests;
        this.answers = answers;
        this.constant = constant;
    }

    int add(String name, Code code) {
        names.add(name);
        parts.add(code);
        return parts.size() - 1;
    }

    String name(int part) {
        return names.get(part);
    }

    Node node(int id) {
        return nodes.get(id);
    }

    int start(int part) {
        return starts.computeIfAbsent(part, _ -> run(part, null, Map.of()));
    }

    /** Where the part is once that call is answered so. */
    int answered(int node, Pending call, int answer) {
        Next next = new Next(node, call.site(), answer);
        Integer known = successors.get(next);
        if (known == null) {
            Node at = nodes.get(node);
            Map<String, Integer> all = new TreeMap<>(at.answered());
            all.put(call.site(), answer);
            known = run(at.part(), at.mark(), all);
            successors.put(next, known);
        }
        return known;
    }

    private int run(int part, @Nullable Object from, Map<String, Integer> answered) {
        given = answered;
        used = new TreeMap<>();
        pending = new ArrayList<>();
        site = null;
        mark = from;
        sequence = 0;
        branching = false;
        @Nullable Object outcome = null;
        try {
            outcome = parts.get(part).run(from);
        } catch (Suspended e) {
            // It waits.
        } catch (RuntimeException e) {
            if (pending.isEmpty()) {
                throw new IllegalStateException(names.get(part) + " failed", e);
            }
        }
        Key key = pending.isEmpty() ? new Key(part, null, Map.of(), outcome) : new Key(part, mark, used, null);
        int known = keys.size();
        int id = keys.id(key);
        if (id == known) {
            nodes.add(new Node(part, key.answered(), key.mark(), List.copyOf(pending), key.outcome()));
        }
        return id;
    }

    // What the parts see

    /** From here on the run is determined by this mark and by what is answered after it. */
    void mark(Object point) {
        mark = point;
        used = new TreeMap<>();
    }

    /** Names the next call by its place in a definition. */
    Object at(String place, Supplier<Object> call) {
        site = place;
        try {
            return call.get();
        } finally {
            site = null;
        }
    }

    /** Lets each branch go as far as it can. */
    List<Object> branches(List<Supplier<Object>> branches) {
        List<Object> results = new ArrayList<>();
        boolean outer = branching;
        branching = true;
        boolean suspended = false;
        for (Supplier<Object> branch : branches) {
            try {
                results.add(branch.get());
            } catch (Suspended e) {
                suspended = true;
            }
        }
        branching = outer;
        if (suspended) {
            throw new Suspended();
        }
        return results;
    }

    /** A call that is no service's: answered like one. */
    Object ask(Object request) {
        return carry(new ServiceCall("", "", "", request), () -> null);
    }

    @Override
    public Object carry(ServiceCall call, Supplier<Object> effect) {
        if (!branching && !pending.isEmpty()) {
            // A part that goes on after it was suspended, in a finally or on another thread, changes nothing any more.
            throw new Suspended();
        }
        Answer fixed = constant.apply(call.request());
        if (fixed != null) {
            return fixed.give();
        }
        String place = site == null ? Integer.toString(sequence++) : site;
        Integer answer = given.get(place);
        if (answer == null) {
            pending.add(new Pending(place, requests.id(call.request())));
            throw new Suspended();
        }
        used.put(place, answer);
        return answers.value(answer).give();
    }
}
