package doubleeleven.payment.aws;

import static doubleeleven.payment.aws.Ledger.ATTEMPT;
import static doubleeleven.payment.aws.Ledger.BALANCE;
import static doubleeleven.payment.aws.Ledger.GBP;
import static doubleeleven.payment.aws.Ledger.MERCHANT;
import static doubleeleven.payment.aws.Ledger.NOW;
import static doubleeleven.payment.aws.Ledger.ORDER;
import static doubleeleven.payment.aws.Ledger.OTHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import doubleeleven.account.Hold;
import doubleeleven.account.Tombstone;
import doubleeleven.aws.dynamodb.Commands;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.Command;
import doubleeleven.payment.Payee;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentKind;
import doubleeleven.payment.PaymentStatus;
import doubleeleven.payment.phasetwo.HoldMissing;
import doubleeleven.payment.phasetwo.PhaseTwo;
import doubleeleven.payment.phasetwo.Settlement;
import doubleeleven.payment.phasetwo.SettlementTask;
import doubleeleven.testkit.LocalTables;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

class PhaseTwoTest {
    private static final Entry GIFTS =
            Entry.of(MERCHANT, 3, ATTEMPT, NOW, 30, GBP, ORDER).asShare();
    private static final Entry TOYS =
            Entry.of("toys", 0, ATTEMPT, NOW, 70, GBP, ORDER).asShare();
    private static final OrderHash REFUND = ORDER.refund("toys", "R1");

    private static LocalTables tables;

    private final List<Payee> postings = new ArrayList<>();
    private final NotedSetbacks setbacks = new NotedSetbacks();
    private Ledger ledger;

    @BeforeAll
    static void start() {
        tables = LocalTables.start();
    }

    @AfterAll
    static void stop() {
        tables.close();
    }

    @BeforeEach
    void emptyLedger() {
        tables.clear();
        ledger = new Ledger(tables);
    }

    @Test
    void aCommittedPaymentTakesItsHoldCreditsThePayeeAndSucceeds() {
        ledger.openWithHold(BALANCE, 900, ATTEMPT, 100);
        ledger.put(Ledger.payment(PaymentStatus.COMMITTED, ATTEMPT, Ledger.purchase(100)));

        assertThat(settle(ATTEMPT)).isEqualTo(new Settlement.Finished(PaymentStatus.SUCCEEDED));

        Fund fund = ledger.fund(BALANCE);
        assertThat(fund.availableMinor()).isEqualTo(900);
        assertThat(fund.holds()).isEmpty();
        assertThat(fund.finished()).containsEntry(ATTEMPT, new Tombstone(NOW, ORDER));
        assertThat(ledger.entry(expectedEntry())).contains(expectedEntry());
        assertThat(postings).containsExactly(new Payee(MERCHANT, 3, 100));
        Payment payment = ledger.payment();
        assertThat(payment.status()).isEqualTo(PaymentStatus.SUCCEEDED);
        assertThat(payment.due()).isNull();
        assertThat(payment.dueAt()).isNull();
        assertThat(payment.refundableMinor()).isEqualTo(100);
        assertThat(payment.settled()).extracting("outcome").containsExactly("CONFIRMED", "CREDITED");
    }

    @Test
    void aPaymentToOnePayeeIsThreeWritesAndItsEntryHasNothingOfAShare() {
        ledger.openWithHold(BALANCE, 900, ATTEMPT, 100);
        ledger.put(Ledger.payment(PaymentStatus.COMMITTED, ATTEMPT, Ledger.purchase(100)));
        AtomicInteger writes = new AtomicInteger();

        counting(writes).settle(task(ATTEMPT));

        assertThat(writes).hasValue(3);
        assertThat(ledger.item(expectedEntry().key())).containsOnlyKeys("pk", "sk", "amount", "currency", "payment");
    }

    @Test
    void aPaymentToTwoPayeesIsOneWriteMoreAndCreditsEachWithALimitForItsRefunds() {
        arrangeShared();
        AtomicInteger writes = new AtomicInteger();

        assertThat(counting(writes).settle(task(ATTEMPT))).isEqualTo(new Settlement.Finished(PaymentStatus.SUCCEEDED));

        assertThat(writes).hasValue(4);
        for (Entry expected : List.of(GIFTS, TOYS)) {
            assertThat(ledger.entry(expected)).contains(expected);
            assertThat(ledger.item(expected.key()))
                    .containsOnlyKeys("pk", "sk", "amount", "currency", "payment", "available", "holds", "finished");
        }
        assertThat(postings).containsExactly(new Payee(MERCHANT, 3, 30), new Payee("toys", 0, 70));
        assertThat(ledger.payment().refundableMinor()).isEqualTo(100);
        assertThat(ledger.payment().settled())
                .extracting("outcome")
                .containsExactly("CONFIRMED", "CREDITED", "CREDITED");
    }

    @Test
    void aSecondDeliveryLeavesAShareWithTheRefundsThatAreHeldOnIt() {
        arrangeShared();
        settle(ATTEMPT);
        Entry refunded = ledger.holdOn(TOYS, OTHER, 20);

        // A worker that was slow: it read the payment before it was finished.
        new DynamoDbAccountWrites(tables.client(), Ledger.TABLES).credit(TOYS);
        settle(ATTEMPT);

        assertThat(ledger.entry(TOYS)).contains(refunded);
    }

    @Test
    void aRefundOfAShareTakesItFromTheShareForGood() {
        arrangeRefundOfAShare(PaymentStatus.COMMITTED);

        assertThat(settleRefund()).isEqualTo(new Settlement.Finished(PaymentStatus.SUCCEEDED));

        assertThat(ledger.entry(TOYS).orElseThrow().refundableMinor()).isEqualTo(50);
        assertThat(ledger.entry(TOYS).orElseThrow().holds()).isEmpty();
        assertThat(ledger.item(TOYS.key()).get("finished").m()).containsOnlyKeys(OTHER.value());
        assertThat(ledger.entry(GIFTS)).contains(GIFTS);
        assertThat(settleRefund()).isEqualTo(new Settlement.AlreadyOver());
        assertThat(ledger.entry(TOYS).orElseThrow().refundableMinor()).isEqualTo(50);
    }

    @Test
    void anAbortedRefundGivesTheShareBackAndLeavesATombstoneOnIt() {
        arrangeRefundOfAShare(PaymentStatus.ABORTED);

        settleRefund();

        assertThat(ledger.entry(TOYS).orElseThrow().refundableMinor()).isEqualTo(70);
        assertThat(ledger.entry(TOYS).orElseThrow().holds()).isEmpty();
        assertThat(ledger.item(TOYS.key()).get("finished").m()).containsOnlyKeys(OTHER.value());
    }

    @Test
    void aRefundThatNeverHeldItsShareFencesIt() {
        arrangeShared();
        settle(ATTEMPT);

        phaseTwo(NOW)
                .settle(new SettlementTask(REFUND, OTHER, List.of(new Branch(BranchKind.SHARE, TOYS.key(), 20)), null));

        assertThat(ledger.entry(TOYS).orElseThrow().refundableMinor()).isEqualTo(70);
        assertThat(ledger.item(TOYS.key()).get("finished").m()).containsOnlyKeys(OTHER.value());
    }

    @Test
    void anEntryThatIsNoShareTakesNoHoldAndSoNeedsNoFence() {
        ledger.openWithHold(BALANCE, 900, ATTEMPT, 100);
        ledger.put(Ledger.payment(PaymentStatus.COMMITTED, ATTEMPT, Ledger.purchase(100)));
        settle(ATTEMPT);

        assertThat(phaseTwo(NOW)
                        .settle(new SettlementTask(
                                REFUND,
                                OTHER,
                                List.of(new Branch(
                                        BranchKind.SHARE, expectedEntry().key(), 20)),
                                null)))
                .isInstanceOf(Settlement.Finished.class);

        assertThat(ledger.item(expectedEntry().key())).doesNotContainKeys("finished", "holds");
    }

    @Test
    void oldTombstonesGoFromAShareToo() {
        arrangeRefundOfAShare(PaymentStatus.COMMITTED);
        ledger.tombstonesOn(TOYS, pastPayments(20));

        settleRefund();

        assertThat(ledger.item(TOYS.key()).get("finished").m()).containsOnlyKeys(OTHER.value());
    }

    private Settlement settleRefund() {
        return phaseTwo(NOW).settle(new SettlementTask(REFUND, OTHER, List.of(), null));
    }

    private void arrangeShared() {
        ledger.openWithHold(BALANCE, 900, ATTEMPT, 100);
        ledger.put(Ledger.payment(PaymentStatus.COMMITTED, ATTEMPT, Ledger.shared()));
    }

    /** A payment to two payees that succeeded, and a refund of 20 from the second one's share, held and decided. */
    private void arrangeRefundOfAShare(PaymentStatus decided) {
        arrangeShared();
        settle(ATTEMPT);
        ledger.holdOn(TOYS, OTHER, 20);
        ledger.openWithHold(AccountKey.bucketOf("toys", 0), 500, OTHER, 20);
        ledger.put(
                Fund.open(BALANCE, GBP, 1000).with(900, Map.of(), Map.of(OTHER, new Hold(20, REFUND, NOW)), Map.of()));
        ledger.put(Ledger.payment(
                REFUND,
                decided,
                OTHER,
                Ledger.command(
                        PaymentKind.REFUND,
                        20,
                        List.of(
                                new Branch(BranchKind.SHARE, TOYS.key(), 20),
                                new Branch(BranchKind.DEBIT, AccountKey.bucketOf("toys", 0), 20),
                                new Branch(BranchKind.CREDIT, BALANCE, 20)))));
    }

    @Test
    void aSecondDeliveryChangesNothing() {
        ledger.openWithHold(BALANCE, 900, ATTEMPT, 100);
        ledger.put(Ledger.payment(PaymentStatus.COMMITTED, ATTEMPT, Ledger.purchase(100)));
        settle(ATTEMPT);
        Fund fund = ledger.fund(BALANCE);
        Payment payment = ledger.payment();

        assertThat(settle(ATTEMPT)).isEqualTo(new Settlement.AlreadyOver());

        assertThat(ledger.fund(BALANCE)).isEqualTo(fund);
        assertThat(ledger.payment()).isEqualTo(payment);
    }

    @Test
    void anAbortedPaymentGivesEveryHoldBackAndFencesWhereThereWasNone() {
        AccountKey coupon = AccountKey.couponOf(Ledger.CUSTOMER, "WELCOME");
        ledger.openWithHold(BALANCE, 900, ATTEMPT, 60);
        ledger.put(Fund.coupon(coupon, GBP, 10, NOW.plusSeconds(1000)));
        ledger.put(Ledger.payment(
                PaymentStatus.ABORTED,
                ATTEMPT,
                Ledger.command(
                        PaymentKind.PAYMENT,
                        100,
                        List.of(new Branch(BranchKind.DEBIT, coupon, 40), new Branch(BranchKind.DEBIT, BALANCE, 60)),
                        new Payee(MERCHANT, 3, 100))));

        assertThat(settle(ATTEMPT)).isEqualTo(new Settlement.Finished(PaymentStatus.CLOSED));

        assertThat(ledger.fund(BALANCE).availableMinor()).isEqualTo(960);
        assertThat(ledger.fund(BALANCE).holds()).isEmpty();
        assertThat(ledger.fund(BALANCE).finished()).containsKey(ATTEMPT);
        assertThat(ledger.fund(coupon).availableMinor()).isEqualTo(10);
        assertThat(ledger.fund(coupon).finished()).containsKey(ATTEMPT);
        assertThat(ledger.entry(expectedEntry())).isEmpty();
    }

    @Test
    void aCommittedPaymentWithoutItsHoldIsAFaultThatMovesNoMoney() {
        ledger.put(Fund.open(BALANCE, GBP, 1000));
        ledger.put(Ledger.payment(PaymentStatus.COMMITTED, ATTEMPT, Ledger.purchase(100)));

        assertThatThrownBy(() -> settle(ATTEMPT))
                .isInstanceOf(HoldMissing.class)
                .hasMessageContaining(BALANCE.toString());

        assertThat(ledger.fund(BALANCE)).isEqualTo(Fund.open(BALANCE, GBP, 1000));
        assertThat(ledger.entry(expectedEntry())).isEmpty();
        assertThat(ledger.payment().status()).isEqualTo(PaymentStatus.COMMITTED);
    }

    @Test
    void aMissingAccountCountsAsDone() {
        ledger.put(Ledger.payment(PaymentStatus.ABORTED, ATTEMPT, Ledger.purchase(100)));

        assertThat(settle(ATTEMPT)).isEqualTo(new Settlement.Finished(PaymentStatus.CLOSED));
    }

    @Test
    void aHoldUnderATerminalPaymentIsCancelledNeverConfirmed() {
        ledger.openWithHold(BALANCE, 900, ATTEMPT, 100);
        ledger.put(Ledger.payment(PaymentStatus.SUCCEEDED, ATTEMPT, Ledger.purchase(100)));

        settle(ATTEMPT, new Branch(BranchKind.DEBIT, BALANCE, 100));

        assertThat(ledger.fund(BALANCE).availableMinor()).isEqualTo(1000);
        assertThat(ledger.fund(BALANCE).holds()).isEmpty();
    }

    @Test
    void anUndecidedPaymentIsLeftAloneUntilItsDeadlineAndAbortedAfterIt() {
        ledger.openWithHold(BALANCE, 900, ATTEMPT, 100);
        ledger.put(Ledger.payment(PaymentStatus.TRYING, ATTEMPT, Ledger.purchase(100)));

        assertThat(settle(ATTEMPT)).isEqualTo(new Settlement.Undecided());
        assertThat(ledger.fund(BALANCE).holds()).hasSize(1);

        assertThat(phaseTwo(NOW.plusSeconds(21)).settle(task(ATTEMPT)))
                .isEqualTo(new Settlement.Finished(PaymentStatus.CLOSED));
        assertThat(ledger.fund(BALANCE).availableMinor()).isEqualTo(1000);
        assertThat(ledger.payment().reasons()).containsExactly("EXPIRED");
        assertThat(ledger.payment().aborted()).containsEntry(ATTEMPT, "EXPIRED");
    }

    @Test
    void aHoldWhoseClaimNeverLandedIsGivenBackOnlyAfterItsAttemptIsAborted() {
        ledger.openWithHold(BALANCE, 900, ATTEMPT, 100);

        settle(ATTEMPT, new Branch(BranchKind.DEBIT, BALANCE, 100));

        assertThat(ledger.fund(BALANCE).availableMinor()).isEqualTo(1000);
        assertThat(ledger.payment().status()).isEqualTo(PaymentStatus.CLOSED);
        assertThat(ledger.payment().aborted()).containsKey(ATTEMPT);
    }

    @Test
    void aPaymentWhoseClaimNeverLandedIsClosedAsWhatItWasAskedForSoThatWhoeverAskedFindsIt() {
        Command asked = Ledger.purchase(100);
        ledger.openWithHold(BALANCE, 900, ATTEMPT, 100);

        phaseTwo(NOW)
                .settle(SqsSettlementQueue.read(Map.of(
                        "pk", ORDER.value(),
                        "attempt", ATTEMPT.value(),
                        "why", "CHECK",
                        "branches", List.of(),
                        "command", Commands.toJson(asked))));

        assertThat(ledger.payment().command()).isEqualTo(asked);
        assertThat(ledger.payment().status()).isEqualTo(PaymentStatus.CLOSED);
        assertThat(ledger.payment().reasons()).containsExactly("EXPIRED");
        assertThat(ledger.fund(BALANCE).availableMinor()).isEqualTo(1000);
        assertThat(ledger.fund(BALANCE).holds()).isEmpty();
    }

    @Test
    void whatACheckWasAskedForChangesNothingWhereAClaimHasLanded() {
        Payment claimed = Ledger.payment(PaymentStatus.TRYING, ATTEMPT, Ledger.purchase(100));
        ledger.openWithHold(BALANCE, 900, ATTEMPT, 100);
        ledger.put(claimed);

        Settlement settlement = phaseTwo(NOW)
                .settle(SqsSettlementQueue.read(Map.of(
                        "pk", ORDER.value(),
                        "attempt", ATTEMPT.value(),
                        "command", Commands.toJson(Ledger.purchase(7)))));

        assertThat(settlement).isEqualTo(new Settlement.Undecided());
        assertThat(ledger.payment()).isEqualTo(claimed);
    }

    @Test
    void aLosersHoldIsGivenBackAndTheOwnersStays() {
        ledger.put(Fund.open(BALANCE, GBP, 1000)
                .with(
                        800,
                        Map.of(
                                ATTEMPT, new Hold(100, ORDER, NOW.plusSeconds(20)),
                                OTHER, new Hold(100, ORDER, NOW.plusSeconds(20))),
                        Map.of(),
                        Map.of()));
        ledger.put(Ledger.payment(PaymentStatus.TRYING, ATTEMPT, Ledger.purchase(100)));

        assertThat(settle(OTHER, new Branch(BranchKind.DEBIT, BALANCE, 100))).isEqualTo(new Settlement.Reclaimed());

        assertThat(ledger.payment().aborted()).containsEntry(OTHER, "SUPERSEDED");
        assertThat(ledger.payment().status()).isEqualTo(PaymentStatus.TRYING);
        assertThat(ledger.fund(BALANCE).holds()).containsOnlyKeys(ATTEMPT);
        assertThat(ledger.fund(BALANCE).availableMinor()).isEqualTo(900);
    }

    @Test
    void aRefundReducesTheRefundableRestDebitsThePayeeAndCreditsThePayer() {
        OrderHash original = OrderHash.ofOrder(MERCHANT, "original");
        AttemptId paid = AttemptId.of(original, "k", "f");
        AccountKey bucket = AccountKey.bucketOf(MERCHANT, 0);
        Hold hold = new Hold(40, ORDER, NOW.plusSeconds(20));
        ledger.put(new Payment(
                original,
                PaymentStatus.SUCCEEDED,
                paid,
                "RZ01",
                "a",
                null,
                null,
                NOW,
                NOW,
                NOW,
                Map.of(),
                null,
                List.of(),
                null,
                List.of(),
                List.of(),
                60L,
                Map.of(ATTEMPT, hold),
                Map.of()));
        ledger.openWithHold(bucket, 500, ATTEMPT, 40);
        ledger.put(Fund.open(BALANCE, GBP, 7).with(7, Map.of(), Map.of(ATTEMPT, hold), Map.of()));
        ledger.put(Ledger.payment(
                PaymentStatus.COMMITTED,
                ATTEMPT,
                Ledger.command(
                        PaymentKind.REFUND,
                        40,
                        List.of(
                                new Branch(BranchKind.REFUNDABLE, new AccountKey(original.value(), null), 40),
                                new Branch(BranchKind.DEBIT, bucket, 40),
                                new Branch(BranchKind.CREDIT, BALANCE, 40)))));

        assertThat(settle(ATTEMPT)).isEqualTo(new Settlement.Finished(PaymentStatus.SUCCEEDED));

        Payment refunded = ledger.payments().find(original).orElseThrow();
        assertThat(refunded.refundableMinor()).isEqualTo(60);
        assertThat(refunded.holds()).isEmpty();
        assertThat(ledger.fund(bucket).availableMinor()).isEqualTo(500);
        assertThat(ledger.fund(bucket).holds()).isEmpty();
        assertThat(ledger.fund(BALANCE).availableMinor()).isEqualTo(47);
        assertThat(ledger.fund(BALANCE).incoming()).isEmpty();
        assertThat(ledger.payment().refundableMinor()).isNull();
    }

    @Test
    void aTransferTakesThePayersHoldAndAddsTheAnnouncedCreditInThreeWritesWithoutAnyEntry() {
        AccountKey payee = AccountKey.balanceOf("12748");
        arrangeTransfer(PaymentStatus.COMMITTED, payee);
        AtomicInteger writes = new AtomicInteger();

        assertThat(counting(writes).settle(task(ATTEMPT))).isEqualTo(new Settlement.Finished(PaymentStatus.SUCCEEDED));

        assertThat(writes).hasValue(3);
        assertThat(ledger.fund(BALANCE).availableMinor()).isEqualTo(900);
        assertThat(ledger.fund(BALANCE).holds()).isEmpty();
        assertThat(ledger.fund(payee).availableMinor()).isEqualTo(107);
        assertThat(ledger.fund(payee).incoming()).isEmpty();
        assertThat(ledger.fund(payee).finished()).containsKey(ATTEMPT);
        assertThat(ledger.payment().refundableMinor()).isNull();
        assertThat(postings).isEmpty();
    }

    @Test
    void anAbortedTransferGivesTheMoneyBackAndAddsNothing() {
        AccountKey payee = AccountKey.balanceOf("12748");
        arrangeTransfer(PaymentStatus.ABORTED, payee);

        assertThat(settle(ATTEMPT)).isEqualTo(new Settlement.Finished(PaymentStatus.CLOSED));

        assertThat(ledger.fund(BALANCE).availableMinor()).isEqualTo(1000);
        assertThat(ledger.fund(payee).availableMinor()).isEqualTo(7);
        assertThat(ledger.fund(payee).incoming()).isEmpty();
        assertThat(ledger.fund(payee).finished()).containsKey(ATTEMPT);
    }

    private void arrangeTransfer(PaymentStatus decided, AccountKey payee) {
        ledger.openWithHold(BALANCE, 900, ATTEMPT, 100);
        ledger.put(Fund.open(payee, GBP, 7).with(7, Map.of(), Map.of(ATTEMPT, new Hold(100, ORDER, NOW)), Map.of()));
        ledger.put(Ledger.payment(
                decided,
                ATTEMPT,
                Ledger.command(
                        PaymentKind.TRANSFER,
                        100,
                        List.of(
                                new Branch(BranchKind.DEBIT, BALANCE, 100),
                                new Branch(BranchKind.CREDIT, payee, 100)))));
    }

    /** Counts the writes of items, whether they take effect or not. */
    private PhaseTwo counting(AtomicInteger writes) {
        DynamoDbClient counted = Ledger.counting(tables.client(), writes);
        return new PhaseTwo(
                ledger.payments(counted),
                new DynamoDbAccountWrites(counted, Ledger.TABLES),
                (payee, from, trace) -> postings.add(payee),
                setbacks,
                Ledger.at(NOW));
    }

    @Test
    void aCancelledRefundGivesBackTheRefundableRestAndCreditsNobody() {
        AccountKey bucket = AccountKey.bucketOf(MERCHANT, 0);
        ledger.openWithHold(bucket, 500, ATTEMPT, 40);
        ledger.put(Fund.open(BALANCE, GBP, 7).with(7, Map.of(), Map.of(ATTEMPT, new Hold(40, ORDER, NOW)), Map.of()));
        ledger.put(Ledger.payment(
                PaymentStatus.ABORTED,
                ATTEMPT,
                Ledger.command(
                        PaymentKind.REFUND,
                        40,
                        List.of(
                                new Branch(BranchKind.DEBIT, bucket, 40),
                                new Branch(BranchKind.CREDIT, BALANCE, 40)))));

        settle(ATTEMPT);

        assertThat(ledger.fund(bucket).availableMinor()).isEqualTo(540);
        assertThat(ledger.fund(BALANCE).availableMinor()).isEqualTo(7);
        assertThat(ledger.fund(BALANCE).incoming()).isEmpty();
    }

    @Test
    void oldTombstonesGoOnlyWhenTheirPaymentsHaveLongBeenTerminal() {
        Instant longAgo = NOW.minus(Duration.ofMinutes(16));
        Map<AttemptId, Tombstone> tombstones = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            OrderHash order = OrderHash.ofOrder(MERCHANT, "old-" + i);
            AttemptId attempt = AttemptId.of(order, "k", "f");
            tombstones.put(attempt, new Tombstone(longAgo, order));
            boolean open = i == 0;
            ledger.put(new Payment(
                    order,
                    open ? PaymentStatus.COMMITTED : PaymentStatus.SUCCEEDED,
                    attempt,
                    "RZ01",
                    "a",
                    open ? "RZ01#0" : null,
                    open ? NOW : null,
                    longAgo,
                    longAgo,
                    open ? null : longAgo,
                    Map.of(),
                    null,
                    List.of(),
                    null,
                    List.of(),
                    List.of(),
                    null,
                    Map.of(),
                    Map.of()));
        }
        AttemptId stillOpen = AttemptId.of(OrderHash.ofOrder(MERCHANT, "old-0"), "k", "f");
        ledger.put(Fund.open(BALANCE, GBP, 1000)
                .with(900, Map.of(ATTEMPT, new Hold(100, ORDER, NOW)), Map.of(), tombstones));
        ledger.put(Ledger.payment(PaymentStatus.COMMITTED, ATTEMPT, Ledger.purchase(100)));

        settle(ATTEMPT);

        assertThat(ledger.fund(BALANCE).finished()).containsOnlyKeys(ATTEMPT, stillOpen);
    }

    @Test
    void hundredsOfTombstonesGoOldestFirstAFewAtATimeAndNeverStopASettlement() {
        ledger.put(Fund.open(BALANCE, GBP, 1000)
                .with(900, Map.of(ATTEMPT, new Hold(100, ORDER, NOW)), Map.of(), pastPayments(400)));
        ledger.put(Ledger.payment(PaymentStatus.COMMITTED, ATTEMPT, Ledger.purchase(100)));

        assertThat(settle(ATTEMPT)).isEqualTo(new Settlement.Finished(PaymentStatus.SUCCEEDED));

        assertThat(ledger.fund(BALANCE).finished())
                .hasSize(400 - 50 + 1)
                .doesNotContainKeys(past(0), past(49))
                .containsKeys(past(50), past(399), ATTEMPT);
    }

    @Test
    void aTombstoneWhosePaymentCannotBeReadIsReportedAndStopsNoSettlement() {
        ledger.put(Fund.open(BALANCE, GBP, 1000)
                .with(900, Map.of(ATTEMPT, new Hold(100, ORDER, NOW)), Map.of(), pastPayments(20)));
        ledger.poison(pastOrder(7).value());
        ledger.put(Ledger.payment(PaymentStatus.COMMITTED, ATTEMPT, Ledger.purchase(100)));

        assertThat(settle(ATTEMPT)).isEqualTo(new Settlement.Finished(PaymentStatus.SUCCEEDED));

        assertThat(ledger.fund(BALANCE).holds()).isEmpty();
        assertThat(ledger.fund(BALANCE).finished()).hasSize(21);
        assertThat(setbacks.prunings()).containsExactly(BALANCE.toString());
    }

    @Test
    void aLateHoldBetweenTheTwoWritesOfACancelIsGivenBackToo() {
        ledger.put(Fund.open(BALANCE, GBP, 1000));
        ledger.put(Ledger.payment(PaymentStatus.ABORTED, ATTEMPT, Ledger.purchase(100)));

        cancelMeeting(List.of(() -> ledger.openWithHold(BALANCE, 900, ATTEMPT, 100)));

        assertThat(ledger.payment().status()).isEqualTo(PaymentStatus.CLOSED);
        assertThat(ledger.fund(BALANCE).holds()).isEmpty();
        assertThat(ledger.fund(BALANCE).availableMinor()).isEqualTo(1000);
        assertThat(ledger.fund(BALANCE).finished()).containsKey(ATTEMPT);
    }

    @Test
    void aPaymentIsNotClosedWhileItsAccountCanNeitherBeSettledNorFenced() {
        tables.client()
                .putItem(request -> request.tableName(LocalTables.ACCOUNT)
                        .item(Map.of("pk", Values.s(BALANCE.pk()), "sk", Values.s(AccountKey.BALANCE))));
        ledger.put(Ledger.payment(PaymentStatus.ABORTED, ATTEMPT, Ledger.purchase(100)));

        assertThatThrownBy(() -> settle(ATTEMPT)).hasMessageContaining(BALANCE.toString());

        assertThat(ledger.payment().status()).isEqualTo(PaymentStatus.ABORTED);
    }

    /** Settles while something happens after each write that an account refuses. */
    private void cancelMeeting(List<Runnable> happenings) {
        Iterator<Runnable> next = happenings.iterator();
        DynamoDbClient meeting = Ledger.afterRefusal(tables.client(), () -> {
            if (next.hasNext()) {
                next.next().run();
            }
        });
        new PhaseTwo(
                        ledger.payments(),
                        new DynamoDbAccountWrites(meeting, Ledger.TABLES),
                        (payee, from, trace) -> postings.add(payee),
                        setbacks,
                        Ledger.at(NOW))
                .settle(task(ATTEMPT));
    }

    /** Tombstones of payments that succeeded long ago, and those payments. */
    private Map<AttemptId, Tombstone> pastPayments(int count) {
        Map<AttemptId, Tombstone> tombstones = new HashMap<>();
        for (int i = 0; i < count; i++) {
            Instant then = NOW.minus(Duration.ofHours(1)).plusMillis(i);
            OrderHash order = pastOrder(i);
            tombstones.put(past(i), new Tombstone(then, order));
            ledger.put(new Payment(
                    order,
                    PaymentStatus.SUCCEEDED,
                    past(i),
                    "RZ01",
                    "a",
                    null,
                    null,
                    then,
                    then,
                    then,
                    Map.of(),
                    null,
                    List.of(),
                    null,
                    List.of(),
                    List.of(),
                    null,
                    Map.of(),
                    Map.of()));
        }
        return tombstones;
    }

    private static OrderHash pastOrder(int number) {
        return OrderHash.ofOrder(MERCHANT, "past-" + number);
    }

    private static AttemptId past(int number) {
        return AttemptId.of(pastOrder(number), "k", "f");
    }

    private Settlement settle(AttemptId attempt, Branch... branches) {
        return phaseTwo(NOW).settle(task(attempt, branches));
    }

    private PhaseTwo phaseTwo(Instant now) {
        return new PhaseTwo(
                ledger.payments(),
                ledger.accounts(),
                (payee, from, trace) -> postings.add(payee),
                setbacks,
                Ledger.at(now));
    }

    private static SettlementTask task(AttemptId attempt, Branch... branches) {
        return new SettlementTask(ORDER, attempt, List.of(branches), null);
    }

    private static Entry expectedEntry() {
        return Entry.of(MERCHANT, 3, ATTEMPT, NOW, 100, GBP, ORDER);
    }
}
