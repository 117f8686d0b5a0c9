package doubleeleven.rig.explore;

import static doubleeleven.payment.BranchKind.CREDIT;
import static doubleeleven.payment.BranchKind.DEBIT;
import static doubleeleven.payment.BranchKind.OWED;
import static doubleeleven.payment.BranchKind.REFUNDABLE;
import static doubleeleven.payment.BranchKind.SHARE;

import doubleeleven.account.AccountKey;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.ids.OrderHash;
import doubleeleven.payment.Payee;
import doubleeleven.payment.PaymentKind;
import doubleeleven.payment.PaymentStatus;
import doubleeleven.rig.explore.Fixture.Asked;
import doubleeleven.rig.explore.Scenario.Attempt;
import doubleeleven.rig.explore.Scenario.Bounds;
import doubleeleven.rig.explore.Scenario.Execution;
import doubleeleven.rig.explore.Scenario.Start;
import doubleeleven.rig.explore.Slots.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The races that are explored. */
final class Scenarios {
    static final OrderHash ORDER = OrderHash.ofOrder(Fixture.MERCHANT, "1");
    private static final String ALICE = "alice";
    private static final String BOB = "bob";
    /** Enough for every attempt twice: a debit too many shows. */
    private static final long FUNDS = 100;

    private Scenarios() {}

    /** Two runs of the same attempt, as of a client that repeats its call. */
    static Scenario equal(int sources, Bounds bounds) {
        Attempt attempt = paying(ALICE, "key", 1, sources);
        return scenario(
                "equal attempts, " + sources + " source(s)",
                List.of(attempt),
                List.of(new Execution(0, Start.AT_ONCE), new Execution(0, Start.AT_ONCE)),
                bounds);
    }

    /** Another amount from the same accounts. */
    static Scenario otherAmount(int sources, Bounds bounds) {
        return racing(
                "another amount", paying(ALICE, "key", 1, sources), paying(ALICE, "key", 5, sources), sources, bounds);
    }

    static Scenario otherPayer(int sources, Bounds bounds) {
        return racing(
                "another payer", paying(ALICE, "key", 1, sources), paying(BOB, "key", 1, sources), sources, bounds);
    }

    /** The same amount from another account of the same payer. */
    static Scenario otherSource(int sources, Bounds bounds) {
        return racing(
                "another source",
                paying(ALICE, "key", 1, sources),
                Fixture.payment(ORDER, "key", ALICE, Asked.of(DEBIT, source(ALICE, 3), 1)),
                sources,
                bounds);
    }

    static Scenario afterADecline(int sources, Bounds bounds) {
        return scenario(
                "a second attempt after a decline, " + sources + " source(s)",
                List.of(paying(ALICE, "first", 1, sources), paying(ALICE, "second", 1, sources)),
                List.of(new Execution(0, Start.AT_ONCE), new Execution(1, Start.AFTER_A_DECLINE)),
                bounds);
    }

    static Scenario daysLater(int sources, Bounds bounds) {
        return scenario(
                "the same call days later, " + sources + " source(s)",
                List.of(paying(ALICE, "key", 1, sources)),
                List.of(new Execution(0, Start.AT_ONCE), new Execution(0, Start.DAYS_LATER)),
                bounds);
    }

    /** Another payment's phase two prunes the account's tombstones while a call of long ago comes again. */
    static Scenario pruned(Bounds bounds) {
        Attempt attempt = paying(ALICE, "key", 1, 1);
        Attempt other = Fixture.payment(
                OrderHash.ofOrder(Fixture.MERCHANT, "2"), "key", ALICE, Asked.of(DEBIT, source(ALICE, 0), 1));
        Scenario scenario = scenario(
                "the same call while tombstones are pruned",
                List.of(attempt, other),
                List.of(
                        new Execution(0, Start.AT_ONCE),
                        new Execution(1, Start.HOURS_LATER),
                        new Execution(0, Start.HOURS_LATER)),
                bounds);
        // One fewer than the pruner waits for.
        scenario.items()
                .computeIfPresent(Fixture.place(source(ALICE, 0)), (_, item) -> Fixture.fencedBefore(item, ORDER, 15));
        return scenario;
    }

    /** Entries are taken into the payee's balance by two posters at once. */
    static Scenario posting(Bounds bounds) {
        return scenario(
                "posting",
                List.of(paying(ALICE, "key", 1, 1)),
                List.of(new Execution(0, Start.AT_ONCE)),
                new Bounds(bounds.faults(), 2, bounds.early(), false, true));
    }

    /** One source has what it takes and the other has not, for one of the reasons there are. */
    static Scenario refused(String why, UnaryOperator<Map<String, AttributeValue>> otherwise, Bounds bounds) {
        return unable(why, paying(ALICE, "key", 1, 2), source(ALICE, 1), otherwise, bounds);
    }

    /** What the attempt needs is there, but for one account. */
    private static Scenario unable(
            String name,
            Attempt attempt,
            AccountKey account,
            UnaryOperator<Map<String, AttributeValue>> otherwise,
            Bounds bounds) {
        Scenario able = scenario(name, List.of(attempt), List.of(new Execution(0, Start.AT_ONCE)), bounds);
        able.items().compute(Fixture.place(account), (_, item) -> otherwise.apply(Objects.requireNonNull(item)));
        return able;
    }

    static Scenario poor(Bounds bounds) {
        return refused("too little money", item -> Fixture.with(item, "available", Values.n(1)), bounds);
    }

    /** Asked for with a floor below the amount, which no gateway does: the amount itself guards the account. */
    static Scenario carelessFloor(Bounds bounds) {
        AccountKey balance = source(ALICE, 0);
        Asked asked = Asked.of(DEBIT, balance, FUNDS + 1);
        Asked careless = new Asked(DEBIT, balance, FUNDS + 1, asked.cap(), 0, asked.ceiling());
        return scenario(
                "a floor below the amount",
                List.of(Fixture.payment(ORDER, "key", ALICE, careless)),
                List.of(new Execution(0, Start.AT_ONCE)),
                bounds);
    }

    /** An order that has been tried as often as it may be. */
    static Scenario triedTooOften(Bounds bounds) {
        Scenario scenario = scenario(
                "tried too often",
                List.of(paying(ALICE, "key", 1, 1)),
                List.of(new Execution(0, Start.AT_ONCE)),
                bounds);
        scenario.items()
                .put(Fixture.place(ORDER), Fixture.closed(paying(ALICE, "earlier", 1, 1), Invariants.MOST_ATTEMPTS));
        return scenario;
    }

    static Scenario noSuchAccount(Bounds bounds) {
        return refused("no such account", _ -> Map.of(), bounds);
    }

    static Scenario otherCurrency(Bounds bounds) {
        return refused("another currency", item -> Fixture.with(item, "currency", Values.s("USD")), bounds);
    }

    static Scenario expired(Bounds bounds) {
        return refused("an expired coupon", item -> Fixture.with(item, "expiresAt", Values.n(Fixture.NOW)), bounds);
    }

    /** Two orders of one payer, each of which may be paid only while nobody else holds. */
    static Scenario crowded(Bounds bounds) {
        AccountKey balance = source(ALICE, 0);
        Asked asked =
                new Asked(DEBIT, balance, 1, 1, 1, Asked.of(DEBIT, balance, 1).ceiling());
        OrderHash other = OrderHash.ofOrder(Fixture.MERCHANT, "2");
        return scenario(
                "more holds than may be",
                List.of(Fixture.payment(ORDER, "key", ALICE, asked), Fixture.payment(other, "key", ALICE, asked)),
                List.of(new Execution(0, Start.AT_ONCE), new Execution(1, Start.AT_ONCE)),
                bounds);
    }

    /** Two refunds of one payment that together exceed what is left of it. */
    static Scenario racingRefunds(Bounds bounds) {
        return refunds("racing refunds", 70, bounds, refund("1", 40, 0), refund("2", 41, 0));
    }

    /** A refund whose plan rests on more, or on less, being left than is. */
    static Scenario outdatedRefund(long seen, Bounds bounds) {
        return refunds("a refund planned on " + seen + " where 70 are left", 70, bounds, refund("1", 40, seen));
    }

    /** Money goes from one customer to another. */
    static Scenario transfer(Bounds bounds) {
        return scenario(
                "transfer",
                List.of(transferring(ALICE)),
                List.of(new Execution(0, Start.AT_ONCE), new Execution(0, Start.AT_ONCE)),
                bounds);
    }

    /** The payee's account cannot take the transfer, for one of the reasons there are. */
    static Scenario refusedByPayee(String why, UnaryOperator<Map<String, AttributeValue>> otherwise, Bounds bounds) {
        return unable("to a payee with " + why, transferring(ALICE), source(BOB, 0), otherwise, bounds);
    }

    static Scenario noSuchPayee(Bounds bounds) {
        return refusedByPayee("no account", _ -> Map.of(), bounds);
    }

    static Scenario payeeOfOtherCurrency(Bounds bounds) {
        return refusedByPayee("another currency", item -> Fixture.with(item, "currency", Values.s("USD")), bounds);
    }

    /** Two customers send to one payee, to whom only one may at a time. */
    static Scenario crowdedPayee(Bounds bounds) {
        Asked usual = incoming();
        Asked alone = new Asked(CREDIT, usual.account(), usual.amount(), 1, usual.floor(), usual.ceiling());
        return scenario(
                "more incoming than may be",
                List.of(transferring(ALICE, alone), transferring("carol", alone)),
                List.of(new Execution(0, Start.AT_ONCE), new Execution(1, Start.AT_ONCE)),
                bounds);
    }

    private static Attempt transferring(String payer) {
        return transferring(payer, incoming());
    }

    private static Attempt transferring(String payer, Asked credit) {
        return Fixture.attempt(
                PaymentKind.TRANSFER,
                OrderHash.ofTransfer(payer, "1"),
                null,
                "key",
                payer,
                List.of(),
                Asked.of(DEBIT, source(payer, 0), 3),
                credit);
    }

    private static Asked incoming() {
        return Asked.of(CREDIT, source(BOB, 0), 3);
    }

    /** A refund of an order that was never paid. */
    static Scenario refundOfNothing(Bounds bounds) {
        Scenario scenario = refunds("a refund of an order that is not paid", 70, bounds, refund("1", 40, 0));
        scenario.items().put(Fixture.place(ORDER), Fixture.closed(paying(ALICE, "earlier", 1, 1), 1));
        return scenario;
    }

    /** One that comes too late and settles its own: with enough calls lost, it does not know whether it holds. */
    static Scenario paidAlready(Bounds bounds) {
        return late(
                "an order that is paid already", paying(ALICE, "key", 1, 1), paying(ALICE, "earlier", 1, 1), bounds);
    }

    static Scenario paidAlreadyWithoutAccount(Bounds bounds) {
        Scenario scenario = late(
                "an order that is paid already, no such account",
                paying(ALICE, "key", 1, 1),
                paying(ALICE, "earlier", 1, 1),
                bounds);
        scenario.items().put(Fixture.place(source(ALICE, 0)), Map.of());
        return scenario;
    }

    static Scenario depositedAlready(Bounds bounds) {
        return late("a deposit that is made already", depositing("key"), depositing("earlier"), bounds);
    }

    private static Attempt depositing(String key) {
        return Fixture.attempt(
                PaymentKind.DEPOSIT, OrderHash.ofTransfer(BOB, "1"), null, key, BOB, List.of(), incoming());
    }

    private static Scenario late(String name, Attempt attempt, Attempt earlier, Bounds bounds) {
        Scenario scenario = scenario(name, List.of(attempt), List.of(new Execution(0, Start.AT_ONCE)), bounds);
        scenario.items().put(Fixture.place(attempt.order()), Fixture.settled(earlier, 1));
        return scenario;
    }

    /** A client repeats its call while another attempt has the order. */
    static Scenario repeatedAgainstAnother(Bounds bounds) {
        return scenario(
                "a repeated call against another attempt",
                List.of(paying(BOB, "key", 1, 1), paying(ALICE, "key", 1, 1)),
                List.of(
                        new Execution(0, Start.AT_ONCE),
                        new Execution(1, Start.AT_ONCE),
                        new Execution(1, Start.AT_ONCE)),
                bounds);
    }

    /** A payment that is committed and left to phase two and to recoveries. */
    static Scenario committed(Bounds bounds) {
        return alreadyCommitted("committed payment", paying(1), bounds);
    }

    /** Two payments whose entries come into one bucket, one after the other or together. */
    static Scenario batches(Bounds bounds) {
        return alreadyCommitted("two batches", paying(2), bounds);
    }

    /** The bucket names an entry as taken that somebody removed. */
    static Scenario removedEntry(Bounds bounds) {
        Scenario scenario = alreadyCommitted("an entry that was removed", paying(1), bounds);
        Attempt other = Fixture.payment(
                OrderHash.ofOrder(Fixture.MERCHANT, "removed"), "key", ALICE, Asked.of(DEBIT, source(ALICE, 0), 1));
        Place entry = Fixture.entryOf(other, other.command().payees().getFirst());
        scenario.items().put(entry, Map.of());
        AccountKey bucket = AccountKey.bucketOf(Fixture.MERCHANT, 0);
        scenario.items()
                .put(
                        Fixture.place(bucket),
                        Fixture.with(
                                Fixture.with(Fixture.bucket(bucket, 0), "batch", Values.n(1)),
                                "posting",
                                AttributeValue.fromL(List.of(
                                        Objects.requireNonNull(entry.key().get("sk"))))));
        return scenario;
    }

    static Scenario committedTransfer(Bounds bounds) {
        return alreadyCommitted("committed transfer", List.of(transferring(ALICE)), bounds);
    }

    static Scenario committedToTwo(Bounds bounds) {
        return alreadyCommitted("committed payment to two payees", List.of(payingTwo()), bounds);
    }

    private static List<Attempt> paying(int orders) {
        return IntStream.rangeClosed(1, orders)
                .mapToObj(i -> Fixture.payment(
                        OrderHash.ofOrder(Fixture.MERCHANT, Integer.toString(i)),
                        "key",
                        ALICE,
                        Asked.of(DEBIT, source(ALICE, i - 1), 1)))
                .toList();
    }

    private static Scenario alreadyCommitted(String name, List<Attempt> attempts, Bounds bounds) {
        Scenario scenario = scenario(name, attempts, List.of(), bounds);
        for (Attempt attempt : attempts) {
            scenario.items()
                    .put(
                            Fixture.place(attempt.order()),
                            Fixture.decided(attempt, PaymentStatus.COMMITTED, Fixture.NOW));
            holding(scenario, attempt);
        }
        return scenario;
    }

    /** An execution died after its claim; the next attempt comes in between. */
    static Scenario abandoned(Bounds bounds) {
        Attempt first = paying(ALICE, "first", 1, 1);
        Scenario scenario = scenario(
                "another attempt after an abandoned one",
                List.of(first, paying(ALICE, "second", 1, 1)),
                List.of(new Execution(1, Start.AT_ONCE)),
                bounds);
        scenario.items().put(Fixture.place(ORDER), Fixture.trying(first));
        holding(scenario, first);
        return scenario;
    }

    /** An aborted attempt is left to phase two and to recoveries; the next one comes in between. */
    static Scenario aborted(Bounds bounds) {
        Attempt first = paying(ALICE, "first", 1, 1);
        Scenario scenario = scenario(
                "another attempt after an aborted one",
                List.of(first, paying(ALICE, "second", 1, 1)),
                List.of(new Execution(1, Start.AT_ONCE)),
                bounds);
        scenario.items()
                .put(
                        Fixture.place(ORDER),
                        Fixture.decided(first, PaymentStatus.ABORTED, Fixture.LATE.minusSeconds(10)));
        holding(scenario, first);
        return scenario;
    }

    private static void holding(Scenario scenario, Attempt attempt) {
        attempt.command()
                .branches()
                .forEach(branch -> scenario.items()
                        .computeIfPresent(
                                Fixture.place(branch.account()), (_, item) -> Fixture.reserved(item, attempt, branch)));
    }

    /** One order of two merchants. */
    static Scenario shared(Bounds bounds) {
        return scenario(
                "two payees",
                List.of(payingTwo()),
                List.of(new Execution(0, Start.AT_ONCE), new Execution(0, Start.AT_ONCE)),
                bounds);
    }

    private static Attempt payingTwo() {
        return payingTwo(2, 1);
    }

    private static Attempt payingTwo(long one, long other) {
        return Fixture.attempt(
                PaymentKind.PAYMENT,
                ORDER,
                null,
                "key",
                ALICE,
                List.of(new Payee(Fixture.MERCHANT, 0, one), new Payee("toys", 0, other)),
                Asked.of(DEBIT, source(ALICE, 0), one + other));
    }

    /** Everything is borrowed. */
    static Scenario onCredit(Bounds bounds) {
        return scenario(
                "payment on credit",
                List.of(borrowing()),
                List.of(new Execution(0, Start.AT_ONCE), new Execution(0, Start.AT_ONCE)),
                bounds);
    }

    private static Attempt borrowing() {
        return Fixture.payment(ORDER, "key", ALICE, Asked.of(DEBIT, AccountKey.creditLineOf(ALICE), 3));
    }

    /** Phase two is driven again after billing took all of the loan. */
    static Scenario billedMeanwhile(Bounds bounds) {
        Attempt attempt = borrowing();
        Scenario scenario = alreadyCommitted("committed payment on credit, billed", List.of(attempt), bounds);
        scenario.items().put(Fixture.loanOf(attempt), Fixture.billed(attempt));
        return scenario;
    }

    /** Two repayments of one bill that together exceed what is owed on it. */
    static Scenario racingRepayments(Bounds bounds) {
        Scenario scenario = scenario(
                "racing repayments",
                List.of(repaying("1", 40), repaying("2", 41)),
                List.of(new Execution(0, Start.AT_ONCE), new Execution(1, Start.AT_ONCE)),
                bounds);
        scenario.items().put(Fixture.place(bill()), Fixture.fund(bill(), 70));
        return scenario;
    }

    /** A repayment that is committed and left to phase two and to recoveries. */
    static Scenario committedRepayment(Bounds bounds) {
        return alreadyCommitted("committed repayment", List.of(repaying("1", 40)), bounds);
    }

    private static AccountKey bill() {
        return new AccountKey(AccountKey.partitionOf(ALICE), "BILL#2026-10#PRINCIPAL");
    }

    private static Attempt repaying(String number, long amount) {
        return Fixture.attempt(
                PaymentKind.REPAYMENT,
                OrderHash.ofRepayment(ALICE, number),
                null,
                "key",
                ALICE,
                List.of(),
                Asked.of(DEBIT, source(ALICE, 0), amount),
                Asked.of(OWED, bill(), amount),
                Asked.of(CREDIT, AccountKey.creditLineOf(ALICE), amount));
    }

    private static Attempt refund(String number, long amount, long seen) {
        return refund(number, amount, seen == 0 ? rest(amount) : rest(amount).alone(seen));
    }

    /** What may be refunded of the order at all. */
    private static Asked rest(long amount) {
        return Asked.of(REFUNDABLE, new AccountKey(ORDER.value(), null), amount);
    }

    /** A refund that is bounded by these, taken from the merchant and given to the payer. */
    private static Attempt refund(String number, long amount, Asked... bounds) {
        return Fixture.attempt(
                PaymentKind.REFUND,
                ORDER.refund(number),
                ORDER,
                "key",
                ALICE,
                List.of(),
                Stream.concat(
                                Stream.of(bounds),
                                Stream.of(
                                        Asked.of(DEBIT, AccountKey.bucketOf(Fixture.MERCHANT, 0), amount),
                                        Asked.of(CREDIT, source(ALICE, 0), amount)))
                        .toArray(Asked[]::new));
    }

    /** Two refunds of one merchant's share that together exceed what is left of it, though not of the payment. */
    static Scenario racingRefundsOfAShare(Bounds bounds) {
        Attempt paid = payingTwo(100, 80);
        Attempt[] attempts = {shareRefund(paid, "1", 40), shareRefund(paid, "2", 41)};
        Scenario scenario = refunds("racing refunds of a share", 150, bounds, attempts);
        paid(scenario, paid, 70);
        return scenario;
    }

    /** A refund of a share that is committed and left to phase two and to recoveries. */
    static Scenario committedRefundOfAShare(Bounds bounds) {
        Attempt paid = payingTwo(100, 80);
        Attempt refund = shareRefund(paid, "1", 40);
        Scenario scenario = scenario("committed refund of a share", List.of(refund), List.of(), bounds);
        paid(scenario, paid, 70);
        scenario.items()
                .put(Fixture.place(refund.order()), Fixture.decided(refund, PaymentStatus.COMMITTED, Fixture.NOW));
        holding(scenario, refund);
        return scenario;
    }

    private static void paid(Scenario scenario, Attempt paid, long leftOfShare) {
        scenario.items().put(Fixture.place(ORDER), Fixture.settled(paid, 150));
        Payee payee = paid.command().payees().getFirst();
        scenario.items().put(Fixture.entryOf(paid, payee), Fixture.share(paid, payee, leftOfShare));
    }

    private static Attempt shareRefund(Attempt paid, String number, long amount) {
        Payee payee = paid.command().payees().getFirst();
        return refund(
                number,
                amount,
                rest(amount),
                Asked.of(SHARE, Fixture.entry(paid, payee).key(), amount));
    }

    private static Scenario refunds(String name, long left, Bounds bounds, Attempt... attempts) {
        Scenario scenario = scenario(
                name,
                List.of(attempts),
                IntStream.range(0, attempts.length)
                        .mapToObj(i -> new Execution(i, Start.AT_ONCE))
                        .toList(),
                bounds);
        scenario.items().put(Fixture.place(ORDER), Fixture.settled(paying(ALICE, "paid", 100, 1), left));
        return scenario;
    }

    private static Scenario racing(String name, Attempt one, Attempt other, int sources, Bounds bounds) {
        return scenario(
                name + ", " + sources + " source(s)",
                List.of(one, other),
                List.of(new Execution(0, Start.AT_ONCE), new Execution(1, Start.AT_ONCE)),
                bounds);
    }

    private static Attempt paying(String payer, String key, long amount, int sources) {
        return Fixture.payment(
                ORDER,
                key,
                payer,
                IntStream.range(0, sources)
                        .mapToObj(i -> Asked.of(DEBIT, source(payer, i), amount + i))
                        .toArray(Asked[]::new));
    }

    private static AccountKey source(String payer, int number) {
        return number == 0 ? AccountKey.balanceOf(payer) : AccountKey.couponOf(payer, Integer.toString(number));
    }

    static Scenario scenario(String name, List<Attempt> attempts, List<Execution> executions, Bounds bounds) {
        LinkedHashMap<Place, Map<String, AttributeValue>> items = new LinkedHashMap<>();
        for (Attempt attempt : attempts) {
            items.put(Fixture.place(attempt.order()), Map.of());
            attempt.command()
                    .branches()
                    .forEach(branch -> items.put(
                            Fixture.place(branch.account()),
                            branch.account().sk() == null ? Map.of() : Fixture.fund(branch.account(), FUNDS)));
            attempt.command().payees().forEach(payee -> items.put(Fixture.entryOf(attempt, payee), Map.of()));
            attempt.command().lent().ifPresent(_ -> items.put(Fixture.loanOf(attempt), Map.of()));
        }
        if (bounds.posting()) {
            AccountKey bucket = AccountKey.bucketOf(Fixture.MERCHANT, 0);
            items.put(Fixture.place(bucket), Fixture.bucket(bucket, 0));
        }
        return new Scenario(name, items, attempts, executions, bounds);
    }
}
