package doubleeleven.it.replay;

import doubleeleven.ids.OrderHash;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Api;
import doubleeleven.it.client.Consents;
import doubleeleven.it.client.Credit;
import doubleeleven.it.client.Customer;
import doubleeleven.it.client.Doors;
import doubleeleven.it.client.Doors.Reached;
import doubleeleven.it.client.Pause;
import doubleeleven.it.client.Payments;
import doubleeleven.it.client.Receiver;
import doubleeleven.it.client.Stack;
import doubleeleven.it.replay.Outcome.Result;
import doubleeleven.it.replay.Plan.Buyer;
import doubleeleven.it.replay.Plan.Event;
import doubleeleven.it.replay.Plan.Purchase;
import doubleeleven.it.replay.Plan.Return;
import doubleeleven.it.replay.Plan.Standing;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Carries a plan out. */
public final class Replayer {
    private static final String UNITED_KINGDOM = "United Kingdom";
    /** How long one payment may take to be answered for good, faults and polling included. */
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private static final Duration COUPON_LASTS = Duration.ofDays(30);
    private static final int BUCKETS = 2;
    private static final long PLAN_LEAST_MINOR = 3_000;
    private static final long AWHILE_MILLIS = 500;
    private static final Set<String> NOT_YET =
            Set.of("order-in-flight", "payment-not-settled", "payee-not-posted", "refund-in-flight");
    /** The attempt is over without an outcome for the order: a new one may be made at once. */
    private static final Set<String> FOR_NEW_ATTEMPT =
            Set.of("attempt-failed", "attempt-superseded", "attempt-contended");

    private final Stack stack;
    private final Api operator;
    private final Plan plan;
    private final List<String> regions;
    private final int workers;
    private final String run;
    private final Map<String, Api> merchants = new ConcurrentHashMap<>();
    private final Optional<Receiver> receiver;
    private final Lending lending;
    private final Map<Purchase, Outcome> paid = new ConcurrentHashMap<>();

    /**
     * Prepares a run.
     *
     * @param receiver where merchants are told what became of their payments; none where they do not want to be
     * @param run a name that no other run against this stack has: merchants are opened anew for each, customers stay
     */
    public Replayer(
            Stack stack, Plan plan, List<String> regions, int workers, Optional<Receiver> receiver, String run) {
        this.stack = stack;
        this.operator = stack.operator();
        this.plan = plan;
        this.regions = regions;
        this.workers = workers;
        this.receiver = receiver;
        this.run = run;
        this.lending = new Lending(stack, operator, run);
    }

    Lending lending() {
        return lending;
    }

    /** Opens what the plan needs. */
    public void open(Progress progress) {
        inParallel(plan.merchants(), merchant -> {
            Answer answer = operator.postPatiently(
                    "/merchants",
                    Map.of("merchant", merchantId(merchant), "currency", Plan.CURRENCY, "buckets", BUCKETS),
                    null);
            require(answer, 201);
            merchants.put(merchant, operator.as(answer.text("apiKey")));
            receiver.ifPresent(at -> wantNotifications(merchant, at));
            progress.step(merchant);
        });
        inParallel(plan.customers().values(), buyer -> {
            open(buyer);
            progress.step("customer " + buyer.id());
        });
    }

    private void wantNotifications(String merchant, Receiver at) {
        Answer answer = api(merchant).postPatiently(endpoint(merchant), Map.of("url", at.url()), null);
        if (answer.status() != 200) {
            require(answer, 201);
        }
        at.knows(answer.text("secret"));
    }

    /** Has nobody told any more: whoever listened is about to be gone. */
    void wantNoNotifications() {
        merchants.forEach((merchant, api) -> api.delete(endpoint(merchant)));
    }

    private String endpoint(String merchant) {
        return "/merchants/" + merchantId(merchant) + "/notification-endpoint";
    }

    private void open(Buyer buyer) {
        Customer customer = Customer.of(buyer.id());
        Answer opened =
                operator.postPatiently("/customers", customer.opening(Plan.CURRENCY, buyer.openingMinor()), null);
        if (opened.status() != 201) {
            // Known from an earlier run against this stack.
            topUp(buyer);
        }
        if (buyer.couponMinor() > 0) {
            Answer coupon = operator.postPatiently(
                    "/customers/" + buyer.id() + "/coupons",
                    Map.of(
                            "coupon",
                            run,
                            "amount",
                            buyer.couponMinor(),
                            "currency",
                            Plan.CURRENCY,
                            "expiresAt",
                            Instant.now()
                                    .plus(COUPON_LASTS)
                                    .truncatedTo(ChronoUnit.SECONDS)
                                    .toString()),
                    null);
            require(coupon, 201);
        }
        Standing standing = buyer.credit();
        if (standing != null) {
            lending.apply(customer, standing);
        }
        String merchant = buyer.mandateMerchant();
        if (merchant != null) {
            String token = customer.mandate(
                    merchantId(merchant), Plan.CURRENCY, buyer.mandateMostMinor(), buyer.mandateTotalMinor(), run);
            require(
                    api(merchant).postPatiently("/customers/" + buyer.id() + "/mandates", Map.of("token", token), null),
                    201);
        }
    }

    /** What a payment borrows: small ones are paid back with the next bill, others in three parts at the fee of the first terms. */
    private static Consents.Credit borrowed(Purchase purchase) {
        long amount = purchase.amountMinor();
        return amount < PLAN_LEAST_MINOR
                ? new Consents.Credit(amount, 1, 0)
                : new Consents.Credit(amount, 3, (amount * 25_000 + 500_000) / 1_000_000);
    }

    private void topUp(Buyer buyer) {
        long missing = buyer.openingMinor() - balance(buyer);
        if (missing <= 0) {
            return;
        }
        Answer answer = operator.postPatiently(
                "/customers/" + buyer.id() + "/top-ups",
                Map.of("reference", run, "amount", missing, "currency", Plan.CURRENCY),
                "top-up-" + run);
        if (answer.status() > 202
                || !Pause.until(LONGEST, Duration.ofMillis(500), () -> balance(buyer) >= buyer.openingMinor())) {
            throw new IllegalStateException("customer " + buyer.id() + " could not be topped up: " + answer);
        }
    }

    private long balance(Buyer buyer) {
        return operator.get("/customers/" + buyer.id() + "/accounts").objects("accounts").stream()
                .filter(account -> "BALANCE".equals(account.get("type")))
                .mapToLong(account -> ((Number) account.getOrDefault("available", 0L)).longValue())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("customer " + buyer.id() + " has no balance"));
    }

    /**
     * Replays all events; each customer's in their order.
     *
     * @param before called with an event's number before it is played; may take its time
     */
    List<Outcome> replay(Progress progress, IntConsumer before) {
        IdentityHashMap<Event, Integer> numbers = new IdentityHashMap<>();
        plan.events().forEach(event -> numbers.put(event, numbers.size()));
        List<List<Event>> shares = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            int share = worker;
            shares.add(plan.events().stream()
                    .filter(event -> Math.floorMod(event.customer().hashCode(), workers) == share)
                    .toList());
        }
        List<Outcome> outcomes = Collections.synchronizedList(new ArrayList<>());
        inParallel(
                shares,
                share -> share.forEach(event -> {
                    before.accept(Objects.requireNonNull(numbers.get(event)));
                    Outcome outcome = play(event);
                    outcomes.add(outcome);
                    progress.step(event.time().toLocalDate() + " " + outcome.result());
                }));
        return List.copyOf(outcomes);
    }

    /** Makes the call that an event stands for, and stays with it until it is answered for good. */
    public Outcome play(Event event) {
        return switch (event) {
            case Purchase purchase -> pay(purchase);
            case Return goods -> refund(goods);
        };
    }

    /** Key of the payment item that an event leads to, where it leads to one. */
    public String orderOf(Event event) {
        return switch (event) {
            case Purchase purchase -> orderHash(purchase).value();
            case Return goods ->
                orderHash(goods.purchase()).refund(goods.refund()).value();
        };
    }

    private OrderHash orderHash(Purchase purchase) {
        return OrderHash.ofOrder(merchantId(purchase.merchant()), purchase.order());
    }

    private Outcome pay(Purchase purchase) {
        String merchant = merchantId(purchase.merchant());
        Outcome outcome = settle(purchase, orderOf(purchase), doors(purchase), "/payments", bodyOf(purchase, merchant));
        paid.put(purchase, outcome);
        return outcome;
    }

    private Map<String, Object> bodyOf(Purchase purchase, String merchant) {
        Customer payer = Customer.of(purchase.customer());
        return switch (purchase.means()) {
            case BALANCE -> Payments.signed(payer, merchant, purchase.order(), purchase.amountMinor(), Plan.CURRENCY);
            case COUPON_AND_BALANCE ->
                Payments.withCoupon(
                        Payments.signed(payer, merchant, purchase.order(), purchase.amountMinor(), Plan.CURRENCY),
                        run,
                        purchase.couponMinor());
            case CREDIT ->
                lending.hasLine(payer.id())
                        ? Credit.payment(
                                payer,
                                merchant,
                                purchase.order(),
                                purchase.amountMinor(),
                                Plan.CURRENCY,
                                borrowed(purchase))
                        : Payments.signed(payer, merchant, purchase.order(), purchase.amountMinor(), Plan.CURRENCY);
            case MANDATE ->
                Payments.byMandate(payer.id(), run, purchase.order(), purchase.amountMinor(), Plan.CURRENCY);
        };
    }

    private Outcome refund(Return goods) {
        Outcome payment = paid.get(goods.purchase());
        if (payment == null || payment.result() != Result.PAID) {
            return new Outcome(
                    goods,
                    doorOf(goods.purchase()),
                    "",
                    "",
                    Result.SKIPPED,
                    List.of("the purchase was not paid"),
                    0,
                    false);
        }
        return settle(
                goods,
                orderOf(goods),
                doors(goods.purchase()),
                "/payments/" + payment.id() + "/refunds",
                Payments.refund(goods.refund(), goods.amountMinor()));
    }

    /** Makes the call until there is an answer for good. */
    private Outcome settle(Event event, String order, Doors doors, String path, Map<String, Object> body) {
        long began = System.nanoTime();
        boolean polled = false;
        int attempt = 0;
        while (true) {
            Reached reached = doors.post(path, body, run + "-" + order + "-" + attempt);
            if (reached.answer().status() == 202) {
                polled = true;
                reached = poll(doors, reached);
            }
            Answer answer = reached.answer();
            long nanos = System.nanoTime() - began;
            boolean inTime = nanos < LONGEST.toNanos();
            if (inTime && FOR_NEW_ATTEMPT.contains(answer.problem())) {
                attempt++;
                Pause.millis(AWHILE_MILLIS);
                continue;
            }
            if (inTime && NOT_YET.contains(answer.problem())) {
                Pause.millis(AWHILE_MILLIS);
                continue;
            }
            return new Outcome(
                    event,
                    reached.region(),
                    order,
                    answer.find("id").orElse(""),
                    Outcome.resultOf(answer),
                    Outcome.reasonsOf(answer),
                    nanos,
                    polled);
        }
    }

    private static Reached poll(Doors doors, Reached open) {
        String self = open.answer().header("Location").orElseThrow();
        Reached[] last = {open};
        Pause.until(LONGEST, Duration.ofSeconds(1), () -> {
            try {
                last[0] = doors.get(self);
            } catch (UncheckedIOException e) {
                // Nobody answered this time; the payment goes on without being watched.
                return false;
            }
            return !last[0].answer().find("outcome").orElse("OPEN").equals("OPEN");
        });
        return last[0];
    }

    /** The door in front of the customer: another country's customers share one, the British are spread over all. */
    private String doorOf(Purchase purchase) {
        String place = purchase.country().equals(UNITED_KINGDOM) ? purchase.customer() + "/door" : purchase.country();
        return regions.get(Math.floorMod(place.hashCode(), regions.size()));
    }

    /** All the doors, the one in front of the customer first. */
    private Doors doors(Purchase purchase) {
        List<String> order = new ArrayList<>(regions);
        Collections.rotate(order, -regions.indexOf(doorOf(purchase)));
        return new Doors(api(purchase.merchant()), stack, order);
    }

    private String merchantId(String merchant) {
        return merchant + "-" + run;
    }

    private Api api(String merchant) {
        @Nullable Api api = merchants.get(merchant);
        if (api == null) {
            throw new IllegalStateException("merchant " + merchant + " was not opened");
        }
        return api;
    }

    private static void require(Answer answer, int status) {
        if (answer.status() != status) {
            throw new IllegalStateException("expected status " + status + ": " + answer);
        }
    }

    private <T> void inParallel(Collection<T> tasks, Consumer<T> action) {
        try (ExecutorService executor = Executors.newFixedThreadPool(workers)) {
            List<Future<?>> futures = new ArrayList<>();
            tasks.forEach(task -> futures.add(executor.submit(() -> action.accept(task))));
            for (Future<?> future : futures) {
                future.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
