package doubleeleven.gateway;

import doubleeleven.ids.OrderHash;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Lets calls in, or refuses them: route, caller, role, idempotency key, body, in this order. */
public final class Gateway {
    private final Authenticator authenticator;
    private final PayDesk pays;
    private final RefundDesk refunds;
    private final TopUps topUps;
    private final AccountDesk openings;
    private final Enquiries enquiries;
    private final Journal journal;
    private final RandomGenerator random;
    private final Clock clock;
    private final Runnable reads;

    /** Everything the gateway needs from outside. */
    public record Ports(
            Keys keys,
            Accounts accounts,
            Payments payments,
            Rules rules,
            Units units,
            Journal journal,
            RandomGenerator random,
            Clock clock) {}

    public Gateway(Ports ports) {
        this.clock = ports.clock();
        this.journal = ports.journal();
        this.random = ports.random();
        this.authenticator = new Authenticator(ports.keys(), clock);
        Profiles profiles = new Profiles(ports.accounts(), clock);
        Consents consents = new Consents(clock);
        Dispatcher dispatcher = new Dispatcher(ports.rules(), ports.units(), journal, clock);
        Takings takings = new Takings(ports.accounts(), clock);
        Outcomes outcomes = new Outcomes(dispatcher, ports.payments(), journal);
        this.pays = new PayDesk(ports.accounts(), profiles, consents, dispatcher, outcomes);
        this.refunds = new RefundDesk(takings, ports.payments(), profiles, dispatcher, outcomes, clock);
        this.topUps = new TopUps(profiles, dispatcher, outcomes);
        this.openings = new AccountDesk(ports.accounts(), profiles, ports.keys(), consents, random, clock);
        this.enquiries = new Enquiries(ports.accounts(), ports.payments(), profiles, takings);
        this.reads = () -> {
            ports.rules().current();
            profiles.customer("prime");
            profiles.merchant("prime");
            ports.payments().find(OrderHash.ofOrder("prime", "prime"));
            PublicKeys.decode("A".repeat(43));
        };
    }

    /** Walks the reading part of a payment once, for nobody: what it loads is there when the first caller comes. */
    public void prime() {
        reads.run();
        Answer refused = answer(new Request(
                "POST",
                "/payments",
                Map.of("Authorization", "Bearer prime." + "0".repeat(43), "Idempotency-Key", "prime"),
                "{}"));
        journal.info("primed", Map.of("status", refused.status()));
    }

    public Answer answer(Request request) {
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
        double millis = Duration.between(began, clock.instant()).toNanos() / 1e6;
        Map<String, Object> line = about(request, trace);
        line.put("status", answer.status());
        line.put("millis", millis);
        journal.info("call", line);
        journal.count("Answers", "status", Integer.toString(answer.status()));
        journal.milliseconds("CallLatency", millis);
        return answer.with("traceparent", trace.toString());
    }

    private Checked<Answer> serve(Request request, TraceParent trace) {
        return Route.find(request.method(), request.path())
                .then(match -> authenticator
                        .authenticate(request.header("Authorization"))
                        .then(caller -> admit(request, match, caller, trace))
                        .then(this::serve));
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
        if (!route.takesBody()) {
            return new Checked.Passed<>(new Call(match, caller, used, Map.of(), trace));
        }
        return StrictJson.object(request.body())
                .then(body -> new Checked.Passed<>(new Call(match, caller, used, body, trace)));
    }

    private Checked<Answer> serve(Call call) {
        return switch (call.match().route()) {
            case PAY -> pays.pay(call);
            case PAYMENT -> enquiries.payment(call);
            case REFUND -> refunds.refund(call);
            case REFUND_STATE -> enquiries.refund(call);
            case OPEN_CUSTOMER -> openings.openCustomer(call);
            case TOP_UP_CUSTOMER -> topUps.ofCustomer(call);
            case OPEN_COUPON -> openings.openCoupon(call);
            case OPEN_MANDATE -> openings.openMandate(call);
            case ACCOUNTS -> enquiries.accounts(call);
            case OPEN_MERCHANT -> openings.openMerchant(call);
            case TOP_UP_MERCHANT -> topUps.ofMerchant(call);
            case REPLACE_KEY -> openings.replaceKey(call);
            case MERCHANT_BALANCE -> enquiries.balance(call);
        };
    }

    /** Never the path itself: it carries customers' ids. */
    private static Map<String, Object> about(Request request, TraceParent trace) {
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("method", request.method());
        about.put(
                "route",
                Route.find(request.method(), request.path()) instanceof Checked.Passed<Route.Match>(Route.Match match)
                        ? match.route().path()
                        : "none");
        about.put("traceId", trace.traceId());
        about.put("traceparent", trace.toString());
        return about;
    }
}
