package doubleeleven.rig.differential;

import static doubleeleven.rig.differential.Play.expect;
import static doubleeleven.rig.differential.Play.expectPaid;
import static doubleeleven.rig.differential.Side.Breakage.ALWAYS;

import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Consents;
import doubleeleven.it.client.Credit;
import doubleeleven.it.client.Customer;
import doubleeleven.it.client.Payments;
import doubleeleven.rig.differential.Play.Shop;
import doubleeleven.rig.differential.Side.Breakage;
import doubleeleven.rig.differential.Side.Breakage.Mode;
import doubleeleven.rig.differential.Side.Injected;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;

/** What both sides are asked to do. */
final class Scenarios {
    private static final String FAR = "2099-11-11T00:00:00Z";
    private static final String DYNAMODB = "dynamodb";
    private static final String UPDATE = "UpdateItem";
    /** In every decision of a workflow and of recovery, not in an operator's. */
    private static final String DECISION = "decidedAt = :now, #unit = :unit";
    /** Longer than until a payment that nobody decides is due. */
    private static final Duration UNTIL_DUE = Duration.ofSeconds(25);

    private Scenarios() {}

    static List<Scenario> all() {
        return Stream.of(
                        paying(),
                        declined(),
                        refused(),
                        refunds(),
                        transfers(),
                        marketplace(),
                        credit(),
                        faults(),
                        operators())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Scenario> paying() {
        return List.of(
                new Scenario("paid from one source", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 5000);
                    Answer paid = expectPaid(play.pay(tea, alice, "42", 1234));
                    play.quiet();
                    play.get(tea, "/payments/" + paid.text("id"));
                }),
                new Scenario("paid from two sources", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 5000);
                    play.coupon(alice, "november", 300, FAR);
                    Map<String, Object> body = play.payment(alice, tea, "42", 1000);
                    Answer paid = expectPaid(play.pay(tea, Payments.withCoupon(body, "november", 200), "key"));
                    play.quiet();
                    play.get(tea, "/payments/" + paid.text("id"));
                }),
                new Scenario("paid from three sources", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 5000);
                    play.coupon(alice, "november", 300, FAR);
                    play.mandate(alice, tea, "tea-club", 1000, 3000);
                    Map<String, Object> body =
                            Payments.byMandate(alice.id(), "tea-club", play.unique("42"), 1000, Play.CURRENCY);
                    Answer paid = expectPaid(play.pay(tea, Payments.withCoupon(body, "november", 300), "key"));
                    play.quiet();
                    play.get(tea, "/payments/" + paid.text("id"));
                }),
                new Scenario("the same call again, through every door", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 5000);
                    Map<String, Object> body = play.payment(alice, tea, "42", 1234);
                    expectPaid(play.pay(tea, body, "key"));
                    play.quiet();
                    for (String region : List.of("us-east-1", "us-east-2", "us-west-2")) {
                        expectPaid(play.pay(tea.at(region), body, "key"));
                        play.quiet();
                    }
                }),
                new Scenario("customers of every unit through every door", play -> {
                    Shop tea = play.shop("tea", 4);
                    for (String region : List.of("us-east-1", "us-east-2", "us-west-2")) {
                        for (int first : List.of(0, 34, 67)) {
                            String name = region + "-" + first + "-";
                            Customer customer = play.customer(name, first, first + 32, 500);
                            expectPaid(play.pay(tea.at(region), customer, name, 100));
                            play.quiet();
                        }
                    }
                }),
                new Scenario("a mandate, within its limits and beyond", play -> {
                    Shop gas = play.shop("gas");
                    Customer alice = play.customer("alice", 5000);
                    play.mandate(alice, gas, "heating", 300, 500);
                    expectPaid(play.pay(gas, byMandate(play, alice, "1", 300), "1"));
                    play.quiet();
                    expect(play.pay(gas, byMandate(play, alice, "2", 301), "2"), 403, "consent-refused");
                    Answer beyond = play.pay(gas, byMandate(play, alice, "3", 201), "3");
                    expect(beyond, 200, "INSUFFICIENT_FUNDS");
                    play.quiet();
                    expectPaid(play.pay(gas, byMandate(play, alice, "4", 200), "4"));
                }),
                new Scenario("topped up once, however often it is told", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 0);
                    expectPaid(play.topUp(alice, "bank-1", 70));
                    play.quiet();
                    expectPaid(play.topUp(alice, "bank-1", 70));
                    expect(play.topUp(alice, "bank-1", 71), 422, "idempotency-key-reused");
                    Map<String, Object> merchant = new LinkedHashMap<>();
                    merchant.put("reference", "bank-2");
                    merchant.put("amount", 30);
                    merchant.put("currency", Play.CURRENCY);
                    expectPaid(play.operate("/merchants/" + tea.id() + "/top-ups", merchant, "bank-2"));
                }));
    }

    private static List<Scenario> credit() {
        return List.of(
                new Scenario("borrowed in part, paid back in part, the rest refunded", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 5000);
                    play.apply(alice, "first", 40_000, Credit.reliable());
                    play.quiet();
                    Map<String, Object> body = play.onCredit(alice, tea, "42", 2000, new Consents.Credit(1500, 3, 38));
                    Answer paid = expectPaid(play.pay(tea, body, "key"));
                    play.quiet();
                    play.get(tea, "/payments/" + paid.text("id"));
                    play.line(alice);
                    expectPaid(play.repay(alice, "some", 600));
                    play.quiet();
                    expect(play.repay(alice, "too much", 901), 422, "invalid-request");
                    expectPaid(play.refund(tea, paid.text("id"), "all", 2000));
                    play.quiet();
                    play.line(alice);
                    expect(play.repay(alice, "nothing", 1), 409, "nothing-to-do");
                }),
                new Scenario("a line that falls short, is frozen, raised and closed", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 20_000);
                    play.apply(alice, "first", 10_000, Credit.reliable());
                    Consents.Credit whole = new Consents.Credit(12_000, 1, 0);
                    Map<String, Object> body = play.onCredit(alice, tea, "42", 12_000, whole);
                    expect(play.pay(tea, body, "short"), 200, "CREDIT_LIMIT_EXCEEDED");
                    play.quiet();
                    play.changeLine(alice, "limit", Map.of("limit", 20_000, "reason", "asked for more"));
                    play.changeLine(alice, "freeze", Map.of("reason", "card stolen"));
                    expect(play.pay(tea, body, "frozen"), 200, "CREDIT_LINE_FROZEN");
                    play.quiet();
                    play.changeLine(alice, "thaw", Map.of("reason", "card found"));
                    expectPaid(play.pay(tea, body, "raised"));
                    play.quiet();
                    expectPaid(play.repay(alice, "all", 12_000));
                    play.quiet();
                    play.changeLine(alice, "closure", Map.of("reason", "the customer wishes so"));
                    play.line(alice);
                }),
                new Scenario("what models cannot judge an operator does", play -> {
                    Customer alice = play.customer("alice", 100);
                    Customer bob = play.customer("bob", 100);
                    play.apply(alice, "first", 40_000, Credit.unclear());
                    play.review(
                            alice, "first", Map.of("decision", "APPROVE", "limit", 5_000, "reason", "income proven"));
                    play.decided(alice, "first", "REVIEW");
                    play.line(alice);
                    play.apply(bob, "first", 40_000, Credit.unclear());
                    play.review(bob, "first", Map.of("decision", "DECLINE", "reason", "no income"));
                    play.decided(bob, "first", "REVIEW");
                    play.review(bob, "first", Map.of("decision", "APPROVE", "limit", 1, "reason", "too late"));
                }),
                new Scenario("declined for what an applicant owes elsewhere", play -> {
                    Customer alice = play.customer("alice", 100);
                    play.apply(alice, "first", 40_000, Credit.overdue());
                    play.line(alice);
                }));
    }

    private static Map<String, Object> byMandate(Play play, Customer payer, String order, long amount) {
        return Payments.byMandate(payer.id(), "heating", play.unique(order), amount, Play.CURRENCY);
    }

    private static List<Scenario> declined() {
        return List.of(
                new Scenario("declined for lack of funds, then paid", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 100);
                    expect(play.pay(tea, alice, "42", 150), 200, "INSUFFICIENT_FUNDS");
                    play.quiet();
                    expectPaid(play.topUp(alice, "bank-1", 60));
                    play.quiet();
                    expect(play.pay(tea, alice, "42", 150), 200, "INSUFFICIENT_FUNDS");
                    play.quiet();
                    expectPaid(play.pay(tea, play.payment(alice, tea, "42", 150), "another key"));
                }),
                new Scenario("one source falls short, the others are released", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 1000);
                    play.coupon(alice, "small", 50, FAR);
                    Map<String, Object> body = play.payment(alice, tea, "42", 700);
                    expect(play.pay(tea, Payments.withCoupon(body, "small", 200), "key"), 200, "INSUFFICIENT_FUNDS");
                }),
                new Scenario("a coupon that the payer does not have", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 1000);
                    Map<String, Object> body = play.payment(alice, tea, "42", 700);
                    expect(play.pay(tea, Payments.withCoupon(body, "none", 200), "key"), 200, "NO_SUCH_ACCOUNT");
                }),
                new Scenario("declined by risk: more than a payment may move", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 50_000_000);
                    expect(play.pay(tea, alice, "42", 10_000_001), 200, "RISK_AMOUNT_LIMIT");
                    play.quiet();
                    expectPaid(play.pay(tea, alice, "43", 10_000_000));
                }),
                new Scenario("the same order at another amount and under another key", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 5000);
                    expectPaid(play.pay(tea, play.payment(alice, tea, "42", 400), "key"));
                    play.quiet();
                    expect(play.pay(tea, play.payment(alice, tea, "42", 401), "key"), 422, "idempotency-key-reused");
                    play.quiet();
                    expect(play.pay(tea, play.payment(alice, tea, "42", 400), "another"), 409, "order-already-paid");
                    play.quiet();
                    expect(play.pay(tea, play.payment(alice, tea, "42", 500), "a third"), 409, "order-already-paid");
                }));
    }

    private static List<Scenario> refused() {
        return List.of(
                new Scenario("consents that are none", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 5000);
                    List<String> tokens = new ArrayList<>();
                    JwtClaims right = play.consent(alice, tea, "42", 10);
                    tokens.add(Customer.impostorOf(alice.id()).sign(right));
                    String signed = alice.sign(right);
                    tokens.add(signed.substring(0, signed.length() - 6) + "AAAAAA");
                    tokens.add(alice.sign(play.consent(alice, tea, "42", 11)));
                    tokens.add(alice.sign(play.consent(alice, tea, "43", 10)));
                    tokens.add(alice.sign(shifted(play.consent(alice, tea, "42", 10), -3600)));
                    tokens.add(alice.sign(shifted(play.consent(alice, tea, "42", 10), 3600)));
                    for (String token : tokens) {
                        expect(play.pay(tea, play.payment(alice, "42", 10, token), "key"), 403, "consent-refused");
                    }
                    Answer answer = play.pay(tea, play.payment(alice, "42", 10, "nonsense"), "key");
                    expect(answer, 422, "invalid-request");
                }),
                new Scenario("bodies with wrong fields", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 5000);
                    Map<String, Object> right = play.payment(alice, tea, "42", 10);
                    Map<String, Object> without = new LinkedHashMap<>(right);
                    without.remove("payer");
                    List<Map<String, Object>> wrong = List.of(
                            without,
                            Payments.with(right, "surprise", 1),
                            Payments.with(right, "amount", 0),
                            Payments.with(right, "amount", "10"),
                            Payments.with(right, "amount", 1.5),
                            Payments.with(right, "amount", 1_000_000_000_000L),
                            Payments.with(right, "currency", "GBp"),
                            Payments.with(right, "currency", "EUR"),
                            Payments.with(right, "merchantOrder", "a b"),
                            Payments.with(right, "sources", List.of()),
                            Payments.with(right, "sources", List.of(Map.of("type", "BALANCE", "amount", 9))));
                    for (Map<String, Object> body : wrong) {
                        expect(play.pay(tea, body, "key"), 422, "invalid-request");
                    }
                    expect(play.pay(tea, right, ""), 400, "idempotency-key-required");
                    for (String text : List.of("nonsense", "[]", "{\"amount\":1,", "{\"amount\":1,\"amount\":2}")) {
                        expect(play.postText(tea, "/payments", text, "key"), 400, "malformed-request");
                    }
                }),
                new Scenario("callers who may not, and things that are not there", play -> {
                    Shop tea = play.shop("tea");
                    Shop other = play.shop("other");
                    Customer alice = play.customer("alice", 5000);
                    Answer paid = expectPaid(play.pay(tea, alice, "42", 10));
                    play.quiet();
                    expect(play.get(other, "/payments/" + paid.text("id")), 404, "not-found");
                    expect(play.refund(other, paid.text("id"), "back", 1), 404, "not-found");
                    expect(play.get(tea, "/operations/payments/" + paid.text("id")), 403, "forbidden");
                    expect(play.get(tea, "/payments/00" + "a".repeat(26)), 404, "not-found");
                    Shop stranger = new Shop(tea.id(), "k" + "a".repeat(21) + ".secret", tea.region());
                    expect(play.get(stranger, "/payments/" + paid.text("id")), 401, "unauthorized");
                    Map<String, Object> body = play.payment(alice, tea, "43", 10);
                    expect(play.pay(stranger, body, "key"), 401, "unauthorized");
                    Customer nobody = Customer.of(play.unique("nobody"));
                    expect(play.pay(tea, nobody, "44", 10), 422, "invalid-request");
                }));
    }

    private static JwtClaims shifted(JwtClaims claims, long seconds) {
        try {
            long issued = claims.getIssuedAt().getValue() + seconds;
            claims.setIssuedAt(NumericDate.fromSeconds(issued));
            claims.setExpirationTime(NumericDate.fromSeconds(issued + 600));
            return claims;
        } catch (org.jose4j.jwt.MalformedClaimException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Scenario> refunds() {
        return List.of(
                new Scenario("refunded in part, again, too much, and whole", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 5000);
                    String id = expectPaid(play.pay(tea, alice, "42", 1000)).text("id");
                    play.quiet();
                    expectPaid(play.pay(tea, alice, "43", 1000));
                    play.quiet();
                    Answer part = expectPaid(play.refund(tea, id, "part", 300));
                    play.quiet();
                    expectPaid(play.refund(tea, id, "part", 300));
                    play.get(tea, "/refunds/" + part.text("id"));
                    expect(play.refund(tea, id, "too-much", 701), 200, "NOT_REFUNDABLE");
                    play.quiet();
                    expectPaid(play.refund(tea, id, "rest", 700));
                    play.quiet();
                    expect(play.refund(tea, id, "more", 1), 200, "NOT_REFUNDABLE");
                    play.quiet();
                    play.get(tea, "/payments/" + id);
                }),
                new Scenario("a refund that the merchant's balance does not cover", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 5000);
                    String first = expectPaid(play.pay(tea, alice, "42", 500)).text("id");
                    play.quiet();
                    expectPaid(play.refund(tea, first, "back", 500));
                    play.quiet();
                    String declined = play.pay(tea, alice, "43", 9999).text("id");
                    play.quiet();
                    expect(play.refund(tea, declined, "nothing", 1), 409, "payment-not-refundable");
                }));
    }

    private static List<Scenario> transfers() {
        return List.of(
                new Scenario("transferred to a customer of another unit, once", play -> {
                    Customer alice = play.customer("alice", 0, 33, 1000);
                    Customer bob = play.customer("bob", 67, 99, 5);
                    Map<String, Object> body = play.transfer(alice, bob.id(), "rent", 300);
                    Answer paid = expectPaid(play.transfer(body, "key"));
                    play.quiet();
                    expectPaid(play.transfer(body, "key"));
                    play.quiet();
                    play.look("/transfers/" + paid.text("id"));
                    expectPaid(play.transfer(play.transfer(bob, alice.id(), "back", 305), "back"));
                }),
                new Scenario("a transfer of more than there is", play -> {
                    Customer alice = play.customer("alice", 299);
                    Customer bob = play.customer("bob", 0);
                    Map<String, Object> body = play.transfer(alice, bob.id(), "rent", 300);
                    expect(play.transfer(body, "key"), 200, "INSUFFICIENT_FUNDS");
                }),
                new Scenario("transfers to oneself and to nobody", play -> {
                    Customer alice = play.customer("alice", 500);
                    expect(
                            play.transfer(play.transfer(alice, alice.id(), "self", 300), "self"),
                            422,
                            "invalid-request");
                    Map<String, Object> toNobody = play.transfer(alice, play.unique("nobody"), "lost", 300);
                    expect(play.transfer(toNobody, "lost"), 422, "invalid-request");
                }));
    }

    private static List<Scenario> marketplace() {
        return List.of(
                new Scenario("an order of two merchants, and refunds of one's share", play -> {
                    Shop market = play.shop("market");
                    Shop gifts = play.shop("gifts");
                    Shop toys = play.shop("toys");
                    Customer alice = play.customer("alice", 2000);
                    String id = expectPaid(play.pay(market, order(play, alice, market, gifts, toys, "42"), "42"))
                            .text("id");
                    play.quiet();
                    expectPaid(play.pay(market, order(play, alice, market, gifts, toys, "43"), "43"));
                    play.quiet();
                    play.get(gifts, "/payments/" + id);
                    play.get(market, "/payments/" + id);
                    expectPaid(play.refund(toys, id, toys, "part", 150));
                    play.quiet();
                    expect(play.refund(toys, id, toys, "too-much", 51), 200, "NOT_REFUNDABLE");
                    play.quiet();
                    expect(play.refund(toys, id, gifts, "others", 1), 422, "invalid-request");
                    expectPaid(play.refund(market, id, toys, "rest", 50));
                    play.quiet();
                    play.get(market, "/payments/" + id);
                }),
                new Scenario("an order of two merchants that the payer cannot afford", play -> {
                    Shop market = play.shop("market");
                    Shop gifts = play.shop("gifts");
                    Shop toys = play.shop("toys");
                    Customer alice = play.customer("alice", 299);
                    Map<String, Object> body = order(play, alice, market, gifts, toys, "42");
                    expect(play.pay(market, body, "42"), 200, "INSUFFICIENT_FUNDS");
                }));
    }

    private static Map<String, Object> order(
            Play play, Customer payer, Shop market, Shop gifts, Shop toys, String order) {
        return play.shared(
                payer, market, order, List.of(Payments.share(gifts.id(), 100), Payments.share(toys.id(), 200)));
    }

    private static List<Scenario> faults() {
        return List.of(
                Scenario.alone("an execution dies, and the standby's finishes what it began", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 5000);
                    expectPaid(play.payAndDie(tea, play.payment(alice, tea, "42", 300), "key", 1));
                }),
                Scenario.alone("every execution dies before it decides, recovery aborts", play -> {
                    play.recoveryOfEitherColour();
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 34, 99, 5000);
                    Map<String, Object> body = play.payment(alice, tea, "42", 300);
                    expect(play.payAndDie(tea, body, "key", 2), 202, "");
                    play.quiet();
                    expect(play.pay(tea, body, "key"), 503, "EXPIRED");
                    expectPaid(play.pay(tea, play.payment(alice, tea, "42", 300), "another"));
                }),
                new Scenario("nobody can decide for a while, another attempt waits, recovery aborts", play -> {
                    play.recoveryOfEitherColour();
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 5000);
                    Injected fault = noDecision(play, tea, "42");
                    expect(play.pay(tea, play.payment(alice, tea, "42", 300), "key"), 202, "");
                    Answer other = play.pay(tea, play.payment(alice, tea, "42", 301), "another");
                    expect(other, 409, "attempt-superseded");
                    fault.remove();
                    play.quiet();
                    expectPaid(play.pay(tea, play.payment(alice, tea, "42", 300), "a third"));
                }),
                lostAnswer("claim", "if_not_exists(aborted, :none)"),
                lostAnswer("hold", "holds.#attempt = :hold"),
                new Scenario("the answer to the decision is lost", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 5000);
                    // Who asks again for the decision sees how far phase two is: it waits, so that this is the same on
                    // both sides.
                    Injected credits = noCredits(play, tea, "42");
                    Injected fault = play.inject(new Breakage(
                            Mode.LOST_ANSWER, DYNAMODB, UPDATE, List.of(DECISION, play.orderHash(tea, "42")), 1));
                    expectPaid(play.pay(tea, alice, "42", 300));
                    fault.remove();
                    play.until(credits);
                    credits.remove();
                }),
                new Scenario("a throttled hold is tried again", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 5000);
                    Injected fault =
                            play.inject(new Breakage(Mode.THROTTLE, DYNAMODB, UPDATE, List.of("#C#" + alice.id()), 2));
                    expectPaid(play.pay(tea, alice, "42", 300));
                    fault.remove();
                }),
                new Scenario("a claim meets other Regions' writes and is tried again", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 5000);
                    Injected fault = play.inject(
                            new Breakage(Mode.CONFLICT, DYNAMODB, UPDATE, List.of(play.orderHash(tea, "42")), 3));
                    expectPaid(play.pay(tea, alice, "42", 300));
                    fault.remove();
                }),
                Scenario.alone("a decision is told twice", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 5000);
                    Injected fault =
                            play.inject(new Breakage(Mode.DUPLICATE, "sns", "PublishBatch", List.of(), ALWAYS));
                    expectPaid(play.pay(tea, alice, "42", 300));
                    play.until(fault);
                    fault.remove();
                }));
    }

    /** No workflow and no recovery can decide about this order. */
    private static Injected noDecision(Play play, Shop shop, String order) {
        return play.inject(new Breakage(
                Mode.UNAVAILABLE, DYNAMODB, UPDATE, List.of(DECISION, play.orderHash(shop, order)), ALWAYS));
    }

    /** Phase two cannot credit this order's payee. */
    private static Injected noCredits(Play play, Shop shop, String order) {
        return play.inject(
                new Breakage(Mode.UNAVAILABLE, DYNAMODB, "PutItem", List.of(play.orderHash(shop, order)), ALWAYS));
    }

    private static Scenario lostAnswer(String write, String inCall) {
        return new Scenario("the answer to the " + write + " is lost", play -> {
            Shop tea = play.shop("tea");
            Customer alice = play.customer("alice", 5000);
            Injected fault = play.inject(
                    new Breakage(Mode.LOST_ANSWER, DYNAMODB, UPDATE, List.of(inCall, play.orderHash(tea, "42")), 1));
            expectPaid(play.pay(tea, alice, "42", 300));
            fault.remove();
        });
    }

    private static List<Scenario> operators() {
        return List.of(
                new Scenario("phase two cannot credit, an operator asks again", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 5000);
                    Injected fault = noCredits(play, tea, "42");
                    String id = expectPaid(play.pay(tea, alice, "42", 300)).text("id");
                    play.until(fault);
                    play.explain(id);
                    expect(play.operate(path(id, "decision"), decision("ABORT"), ""), 409, "decision-not-safe");
                    expect(play.operate(path(id, "retry"), Map.of("reason", "credits work again"), ""), 202, "");
                    fault.remove();
                    play.quiet();
                    expect(play.operate(path(id, "retry"), Map.of("reason", "once more"), ""), 409, "nothing-to-do");
                }),
                new Scenario("an operator aborts what nobody decides, after its deadline", play -> {
                    Shop tea = play.shop("tea");
                    Customer alice = play.customer("alice", 5000);
                    Injected fault = noDecision(play, tea, "42");
                    Answer open = play.pay(tea, alice, "42", 300);
                    expect(open, 202, "");
                    String id = open.text("id");
                    play.explain(id);
                    expect(play.operate(path(id, "decision"), decision("ABORT"), ""), 409, "decision-not-safe");
                    expect(play.operate(path(id, "decision"), decision("COMMIT"), ""), 409, "decision-not-safe");
                    play.pass(UNTIL_DUE);
                    expect(play.operate(path(id, "decision"), decision("ABORT"), ""), 200, "");
                    play.quiet();
                    fault.remove();
                }));
    }

    private static String path(String payment, String action) {
        return "/operations/payments/" + payment + "/" + action;
    }

    private static Map<String, Object> decision(String decision) {
        return Map.of("decision", decision, "reason", "nobody decides");
    }
}
