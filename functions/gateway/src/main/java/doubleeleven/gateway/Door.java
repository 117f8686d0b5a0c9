package doubleeleven.gateway;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls in, or refuses them: route, caller, role, idempotency key, body, in this order. What needs no key is answered once the route
 * is known, and nothing of the request gets any further.
 */
final class Door {
    private final Map<Route, Function<Call, Checked<Answer>>> desks;
    private final Map<Route, Supplier<Checked<Answer>>> signs;
    private final Set<Route> offered;
    private final Authenticator authenticator;
    private final Journal journal;
    private final RandomGenerator random;
    private final Clock clock;
    private final String metrics;

    /**
     * Opens a door.
     *
     * @param desks who serves which call
     * @param signs what anybody may read without a key; what is in neither is not to be found behind this door
     * @param metrics what the names of its metrics begin with
     */
    Door(
            Map<Route, Function<Call, Checked<Answer>>> desks,
            Map<Route, Supplier<Checked<Answer>>> signs,
            Authenticator authenticator,
            Journal journal,
            RandomGenerator random,
            Clock clock,
            String metrics) {
        this.desks = new EnumMap<>(desks);
        this.signs = Map.copyOf(signs);
        this.offered = EnumSet.copyOf(desks.keySet());
        offered.addAll(signs.keySet());
        if (!offered.stream()
                .allMatch(route -> route.needsNoKey() ? signs.containsKey(route) : desks.containsKey(route))) {
            throw new IllegalArgumentException("a sign for what needs a key, or a desk for what needs none");
        }
        this.authenticator = authenticator;
        this.journal = journal;
        this.random = random;
        this.clock = clock;
        this.metrics = metrics;
    }

    Answer answer(Request request) {
        Instant began = clock.instant();
        TraceParent trace = TraceParent.continuing(request.header("traceparent"), random);
        Answer answer;
        try {
            answer = switch (serve(request, trace)) {
                case Checked.Passed<Answer>(Answer passed) -> passed;
                case Checked.Refused<Answer>(Problem problem) -> Answer.of(problem, request.path(), trace);
            };
        } catch (RuntimeException e) {
            journal.error("a call failed", about(request, trace), e);
            answer = Answer.of(Problem.internal(), request.path(), trace);
        }
        if (!isSign(request)) {
            record(request, trace, answer, began);
        }
        return answer.with("traceparent", trace.toString());
    }

    /** Signs are read all day long, by anybody: neither log nor callers' latency is for them. */
    boolean isSign(Request request) {
        return find(request) instanceof Checked.Passed<Route.Match>(Route.Match match)
                && match.route().needsNoKey();
    }

    private void record(Request request, TraceParent trace, Answer answer, Instant began) {
        double millis = Duration.between(began, clock.instant()).toNanos() / 1e6;
        Map<String, Object> line = about(request, trace);
        line.put("status", answer.status());
        line.put("millis", millis);
        journal.info("call", line);
        journal.count(metrics + "Answers", "status", Integer.toString(answer.status()));
        journal.milliseconds(metrics + "CallLatency", millis);
    }

    private Checked<Answer> serve(Request request, TraceParent trace) {
        return find(request).then(match -> {
            Supplier<Checked<Answer>> sign = signs.get(match.route());
            return sign == null ? serve(request, match, trace) : sign.get();
        });
    }

    private Checked<Answer> serve(Request request, Route.Match match, TraceParent trace) {
        return authenticator
                .authenticate(request.header("Authorization"))
                .then(caller -> admit(request, match, caller, trace))
                .then(call -> desk(match.route()).apply(call));
    }

    private Function<Call, Checked<Answer>> desk(Route route) {
        Function<Call, Checked<Answer>> desk = desks.get(route);
        if (desk == null) {
            throw new IllegalStateException(route + " was found and is not served");
        }
        return desk;
    }

    private Checked<Route.Match> find(Request request) {
        return Route.find(offered, request.method(), request.path());
    }

    private static Checked<Call> admit(Request request, Route.Match match, Caller caller, TraceParent trace) {
        Route route = match.route();
        if (!route.isOpenTo(caller.role())) {
            return new Checked.Refused<>(Problem.forbidden());
        }
        Optional<String> key = request.header("Idempotency-Key");
        if (route.movesMoney() && key.filter(Text.IDEMPOTENCY_KEY::accepts).isEmpty()) {
            return new Checked.Refused<>(Problem.idempotencyKey(Text.IDEMPOTENCY_KEY.expectation()));
        }
        @Nullable String used = route.movesMoney() ? key.orElseThrow() : null;
        Map<String, List<String>> query = request.query();
        if (!route.takesBody()) {
            return new Checked.Passed<>(new Call(match, caller, used, query, Map.of(), trace));
        }
        return StrictJson.object(request.body())
                .then(body -> new Checked.Passed<>(new Call(match, caller, used, query, body, trace)));
    }

    /** Never the path itself: it carries customers' ids. */
    private Map<String, Object> about(Request request, TraceParent trace) {
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("method", request.method());
        about.put(
                "route",
                find(request) instanceof Checked.Passed<Route.Match>(Route.Match match)
                        ? match.route().path()
                        : "none");
        about.put("traceId", trace.traceId());
        about.put("traceparent", trace.toString());
        return about;
    }
}
