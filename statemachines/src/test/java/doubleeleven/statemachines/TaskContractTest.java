package doubleeleven.statemachines;

import static doubleeleven.payment.BranchKind.ALLOWANCE;
import static doubleeleven.payment.BranchKind.CREDIT;
import static doubleeleven.payment.BranchKind.DEBIT;
import static doubleeleven.payment.BranchKind.OWED;
import static doubleeleven.payment.BranchKind.REFUNDABLE;
import static doubleeleven.payment.BranchKind.SHARE;
import static doubleeleven.statemachines.Orders.BALANCE;
import static doubleeleven.statemachines.Orders.COUPON;
import static doubleeleven.statemachines.Orders.GBP;
import static doubleeleven.statemachines.Orders.MERCHANT;
import static doubleeleven.statemachines.Orders.MINE;
import static doubleeleven.statemachines.Orders.NOW;
import static doubleeleven.statemachines.Orders.ORDER;
import static doubleeleven.statemachines.Orders.OTHER;
import static doubleeleven.statemachines.Orders.REST;
import static doubleeleven.statemachines.Orders.announced;
import static doubleeleven.statemachines.Orders.branch;
import static doubleeleven.statemachines.Orders.fund;
import static doubleeleven.statemachines.Orders.hold;
import static doubleeleven.statemachines.Orders.input;
import static doubleeleven.statemachines.Orders.payment;
import static doubleeleven.statemachines.Orders.purchase;
import static doubleeleven.statemachines.Orders.tombstone;
import static doubleeleven.statemachines.StepFunctions.object;
import static doubleeleven.testkit.asl.StateFailed.REFUSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import doubleeleven.account.Hold;
import doubleeleven.ids.AttemptId;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentStatus;
import doubleeleven.payment.Step;
import doubleeleven.statemachines.Orders.Asked;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.asl.StateFailed;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.joda.money.CurrencyUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** Each DynamoDB call of the workflow against a database: what it is granted, what refuses it, and the item afterwards. */
class TaskContractTest {
    private static final Asked PAYS = Asked.of(DEBIT, BALANCE, 30);
    private static final Asked GETS = Asked.of(CREDIT, BALANCE, 30);

    private static LocalTables tables;
    private static Orders orders;
    private StepFunctions workflow;

    @BeforeAll
    static void start() {
        tables = LocalTables.start();
        orders = new Orders(tables);
    }

    @AfterAll
    static void stop() {
        tables.close();
    }

    @BeforeEach
    void receiveAnAttempt() {
        tables.clear();
        workflow = received(input(PAYS));
    }

    private static StepFunctions received(Map<String, Object> input) {
        StepFunctions received = new StepFunctions(tables);
        received.only("Receive", input);
        return received;
    }

    private Map<String, Object> run(String state, Asked asked) {
        return object(workflow.only(state, branch(asked)));
    }

    private void refused(String state, Object input) {
        assertThatExceptionOfType(StateFailed.class)
                .isThrownBy(() -> workflow.only(state, input))
                .extracting(StateFailed::error)
                .isEqualTo(REFUSED);
    }

    @Nested
    class Claim {
        @Test
        void anUnknownOrderIsClaimed() {
            assertThat(object(workflow.only("Claim", Map.of()))).containsExactly(entry("state", "MINE"));

            Payment claimed = orders.payment(ORDER);
            assertThat(claimed.status()).isEqualTo(PaymentStatus.TRYING);
            assertThat(claimed.attempt()).isEqualTo(MINE);
            assertThat(claimed.command()).isEqualTo(purchase(PAYS));
            assertThat(claimed.unit() + claimed.colour()).isEqualTo("RZ02b");
            assertThat(claimed.due()).isEqualTo("RZ02#1");
            assertThat(claimed.dueAt()).isEqualTo(Orders.DUE);
            assertThat(claimed.claimedAt()).isEqualTo(NOW);
            assertThat(claimed.aborted()).isEmpty();
        }

        @Test
        void aClosedOrderIsClaimedByAnotherAttemptAndForgetsWhatTheEarlierOneMet() {
            Payment closed = payment(PaymentStatus.CLOSED, OTHER, Map.of(OTHER, "INSUFFICIENT_FUNDS"));
            orders.put(closed);

            workflow.only("Claim", Map.of());

            Payment claimed = orders.payment(ORDER);
            assertThat(claimed.status()).isEqualTo(PaymentStatus.TRYING);
            assertThat(claimed.attempt()).isEqualTo(MINE);
            assertThat(claimed.aborted()).containsExactly(entry(OTHER, "INSUFFICIENT_FUNDS"));
            assertThat(claimed.decidedAt()).isNull();
            assertThat(orders.item(ORDER))
                    .doesNotContainKeys("reasons", "risk", "tried", "settled", "decidedAt", "finishedAt");
        }

        @ParameterizedTest
        @EnumSource(value = PaymentStatus.class, names = "CLOSED", mode = Mode.EXCLUDE)
        void anOrderThatIsNotClosedIsNotClaimed(PaymentStatus status) {
            orders.put(payment(status, OTHER, Map.of()));

            refused("Claim", Map.of());

            assertThat(orders.payment(ORDER).attempt()).isEqualTo(OTHER);
        }

        @Test
        void anAttemptThatWasAbortedNeverClaimsAgain() {
            orders.put(payment(PaymentStatus.CLOSED, OTHER, Map.of(OTHER, "EXPIRED", MINE, "SUPERSEDED")));

            refused("Claim", Map.of());
        }

        @ParameterizedTest
        @CsvSource({"19, true", "20, false"})
        void anOrderIsTriedTwentyTimesAtMost(int aborted, boolean claimed) {
            Map<AttemptId, String> attempts = new HashMap<>();
            for (int i = 0; i < aborted; i++) {
                attempts.put(AttemptId.of(ORDER, "earlier-" + i, "fingerprint"), "EXPIRED");
            }
            orders.put(payment(PaymentStatus.CLOSED, OTHER, attempts));

            if (claimed) {
                assertThat(object(workflow.only("Claim", Map.of()))).containsEntry("state", "MINE");
            } else {
                refused("Claim", Map.of());
            }
        }

        @ParameterizedTest
        @CsvSource({
            "TRYING, true, MINE",
            "COMMITTED, true, DECIDED",
            "ABORTED, true, DECIDED",
            "SUCCEEDED, true, OVER",
            "CLOSED, true, OVER",
            "TRYING, false, LOST",
            "SUCCEEDED, false, LOST",
            "CLOSED, false, LOST"
        })
        void aRefusedClaimLearnsWhoseTheOrderIs(PaymentStatus status, boolean own, String state) {
            orders.put(payment(status, own ? MINE : OTHER, Map.of()));

            assertThat(object(workflow.only("ReadClaim", Map.of()))).containsEntry("state", state);
        }

        @Test
        void anOrderThatIsNowhereIsUnknown() {
            assertThat(object(workflow.only("ReadClaim", Map.of()))).containsExactly(entry("state", "UNKNOWN"));
        }
    }

    @Nested
    class HoldOnAnAccount {
        @ParameterizedTest
        @CsvSource({"30", "31"})
        void whatIsAvailableIsHeld(long available) {
            orders.put(fund(BALANCE, available, Map.of(), Map.of()));

            assertThat(run("Hold", PAYS))
                    .containsEntry("outcome", "HELD")
                    .containsEntry("account", BALANCE.toString())
                    .containsEntry("overdue", List.of());

            Fund held = orders.fund(BALANCE);
            assertThat(held.availableMinor()).isEqualTo(available - 30);
            assertThat(held.holds()).containsExactly(entry(MINE, hold(30)));
            assertThat(held.finished()).isEmpty();
        }

        @Test
        void aPennyTooLittleRefuses() {
            refusedOn(fund(BALANCE, 29, Map.of(), Map.of()), "INSUFFICIENT_FUNDS");
        }

        @Test
        void anAttemptHoldsOnce() {
            refusedOn(fund(BALANCE, 100, Map.of(MINE, hold(30)), Map.of()), "HELD");
        }

        @Test
        void aTombstoneRefusesALateTry() {
            refusedOn(fund(BALANCE, 100, Map.of(), Map.of(MINE, tombstone())), "ATTEMPT_OVER");
        }

        @Test
        void othersHoldsRefuseOnlyAtTheCap() {
            orders.put(fund(BALANCE, 100, Map.of(OTHER, hold(5)), Map.of()));
            refused("Hold", branch(PAYS.cap(1)));
            assertThat(outcome(PAYS.cap(1))).isEqualTo("TOO_MANY_HOLDS");

            assertThat(run("Hold", PAYS.cap(2))).containsEntry("outcome", "HELD");
        }

        @Test
        void anotherCurrencyRefuses() {
            refusedOn(Fund.open(BALANCE, CurrencyUnit.EUR, 100), "CURRENCY_MISMATCH");
        }

        @Test
        void anExpiredSourceRefusesAndAnUnexpiredOneDoesNot() {
            Asked coupon = Asked.of(DEBIT, COUPON, 30);
            orders.put(Fund.coupon(COUPON, GBP, 100, Instant.now().minusSeconds(1)));
            refused("Hold", branch(coupon));
            assertThat(outcome(coupon)).isEqualTo("EXPIRED_SOURCE");

            orders.put(Fund.coupon(COUPON, GBP, 100, Instant.now().plusSeconds(60)));
            assertThat(run("Hold", coupon)).containsEntry("outcome", "HELD");
        }

        @Test
        void aMandatesAllowanceIsHeldLikeMoney() {
            AccountKey mandate = AccountKey.mandateOf("14911", "m1");
            orders.put(
                    Fund.mandate(mandate, GBP, 30, 30, MERCHANT, Instant.now().plusSeconds(60)));

            run("Hold", Asked.of(ALLOWANCE, mandate, 30));

            assertThat(orders.fund(mandate).availableMinor()).isZero();
        }

        @Test
        void anAccountThatIsNotThereIsNotCreated() {
            refused("Hold", branch(PAYS));

            assertThat(orders.exists(BALANCE)).isFalse();
            assertThat(outcome(PAYS)).isEqualTo("NO_SUCH_ACCOUNT");
        }

        @Test
        void moreThanThePlanSawRefuses() {
            Asked planned = Asked.alone(DEBIT, BALANCE, 30, 99);
            orders.put(fund(BALANCE, 100, Map.of(), Map.of()));

            refused("Hold", branch(planned));
            assertThat(outcome(planned)).isEqualTo("CONTENDED");
        }

        @Test
        void noFloorLetsAnAttemptTakeMoreThanThereIs() {
            orders.put(fund(BALANCE, 29, Map.of(), Map.of()));

            refused("Hold", branch(new Asked(DEBIT, BALANCE, 30, 32, 0, Orders.NO_CEILING)));
        }

        @Test
        void whatBecameOfAFaultIsUnknownUnlessTheItemShowsIt() {
            orders.put(fund(BALANCE, 100, Map.of(), Map.of()));
            assertThat(look(PAYS, false)).containsEntry("outcome", "UNAVAILABLE");

            run("Hold", PAYS);
            assertThat(look(PAYS, false)).containsEntry("outcome", "HELD");
        }

        @Test
        void aRefusedTryReportsOthersHoldsLongPastTheirDeadline() {
            Hold overdue = new Hold(80, ORDER, Instant.now().minusSeconds(61));
            orders.put(fund(BALANCE, 20, Map.of(OTHER, overdue), Map.of()));

            assertThat(look(PAYS, true).get("overdue"))
                    .asInstanceOf(LIST)
                    .singleElement()
                    .isEqualTo(Map.of(
                            "kind",
                            "DEBIT",
                            "pk",
                            BALANCE.pk(),
                            "sk",
                            "BALANCE",
                            "amount",
                            80,
                            "attempt",
                            OTHER.value(),
                            "order",
                            ORDER.value()));
        }

        private void refusedOn(Fund fund, String outcome) {
            orders.put(fund);
            refused("Hold", branch(PAYS));
            assertThat(orders.fund(BALANCE)).isEqualTo(fund);
            assertThat(outcome(PAYS)).isEqualTo(outcome);
        }
    }

    @Nested
    class HoldOnAPaymentsRest {
        private final Asked some = Asked.of(REFUNDABLE, REST, 30);
        private final Asked planned = Asked.alone(REFUNDABLE, REST, 30, 100);

        @Test
        void aRefundHoldsOnThePaymentItem() {
            orders.settledWith(100, Map.of());

            assertThat(run("Hold", planned)).containsEntry("outcome", "HELD").containsEntry("account", REST.pk());

            Payment held = orders.payment(ORDER);
            assertThat(held.refundableMinor()).isEqualTo(70);
            assertThat(held.holds()).containsExactly(entry(MINE, hold(30)));
            assertThat(held.status()).isEqualTo(PaymentStatus.SUCCEEDED);
        }

        @ParameterizedTest
        @CsvSource({"99", "70", "30", "101"})
        void aRefundPlannedOnAnotherRestIsRefusedAsContended(long left) {
            orders.settledWith(left, Map.of());

            refused("Hold", branch(planned));
            assertThat(orders.payment(ORDER).refundableMinor()).isEqualTo(left);
            assertThat(outcome(planned)).isEqualTo("CONTENDED");
        }

        @Test
        void anUnplannedRefundIsGrantedWhateverIsLeft() {
            orders.settledWith(70, Map.of(OTHER, hold(5)));

            assertThat(run("Hold", some)).containsEntry("outcome", "HELD");
        }

        @Test
        void anotherRefundUnderWayIsContention() {
            orders.settledWith(100, Map.of(OTHER, hold(5)));

            refused("Hold", branch(planned));
            assertThat(outcome(planned)).isEqualTo("CONTENDED");
        }

        @Test
        void aRefundPlannedForMoreThanIsLeftIsNotRefundable() {
            Asked tooMuch = Asked.alone(REFUNDABLE, REST, 101, 100);
            orders.settledWith(100, Map.of());

            refused("Hold", branch(tooMuch));
            assertThat(outcome(tooMuch)).isEqualTo("NOT_REFUNDABLE");
        }

        @Test
        void aPaymentThatIsNotSettledTakesNoHold() {
            orders.put(payment(PaymentStatus.COMMITTED, OTHER, Map.of()));

            refused("Hold", branch(some));
            assertThat(outcome(some)).isEqualTo("NOT_REFUNDABLE");
        }

        @Test
        void aRefundOfMoreThanIsLeftIsNotRefundable() {
            orders.settledWith(29, Map.of());

            refused("Hold", branch(some));
            assertThat(outcome(some)).isEqualTo("NOT_REFUNDABLE");
        }
    }

    @Nested
    class HoldOnAShare {
        private final Asked some = Asked.of(SHARE, Orders.SHARE.key(), 30);

        @Test
        void aRefundHoldsOnTheEntryOfItsPayee() {
            orders.putShare(100, Map.of());

            assertThat(run("Hold", some))
                    .containsEntry("outcome", "HELD")
                    .containsEntry("account", some.account().toString());

            Entry held = orders.share();
            assertThat(held.refundableMinor()).isEqualTo(70);
            assertThat(held.amountMinor()).isEqualTo(100);
            assertThat(held.holds()).containsExactly(entry(MINE, hold(30)));
        }

        @ParameterizedTest
        @CsvSource({"30, true", "29, false", "0, false"})
        void aRefundOfMoreThanIsLeftOfTheShareIsNotRefundable(long left, boolean held) {
            orders.putShare(left, Map.of());

            if (held) {
                assertThat(run("Hold", some)).containsEntry("outcome", "HELD");
            } else {
                refused("Hold", branch(some));
                assertThat(outcome(some)).isEqualTo("NOT_REFUNDABLE");
                assertThat(orders.share().refundableMinor()).isEqualTo(left);
            }
        }

        @Test
        void anEntryThatIsNoShareTakesNoHold() {
            orders.putEntry(Orders.SHARE);

            refused("Hold", branch(some));
            assertThat(outcome(some)).isEqualTo("NOT_REFUNDABLE");
        }

        @Test
        void aShareThatIsNotThereIsNotCreated() {
            refused("Hold", branch(some));

            assertThat(orders.exists(some.account())).isFalse();
            assertThat(outcome(some)).isEqualTo("NOT_REFUNDABLE");
        }

        @Test
        void otherRefundsOfTheShareRefuseOnlyAtTheCapAndThatIsContention() {
            orders.putShare(100, Map.of(OTHER, hold(5)));
            refused("Hold", branch(some.cap(1)));
            assertThat(outcome(some.cap(1))).isEqualTo("CONTENDED");

            assertThat(run("Hold", some.cap(2))).containsEntry("outcome", "HELD");
        }

        @Test
        void anAttemptHoldsOnce() {
            orders.putShare(70, Map.of(MINE, hold(30)));

            refused("Hold", branch(some));
            assertThat(outcome(some)).isEqualTo("HELD");
            assertThat(orders.share().refundableMinor()).isEqualTo(70);
        }

        @Test
        void aReleasedShareIsBackAndRefusesALateTry() {
            orders.putShare(100, Map.of());
            run("Hold", some);

            workflow.only("Release", branch(some));

            assertThat(orders.share().refundableMinor()).isEqualTo(100);
            assertThat(orders.share().holds()).isEmpty();
            refused("Hold", branch(some));
            assertThat(outcome(some)).isEqualTo("ATTEMPT_OVER");
        }

        @Test
        void aFencedShareRefusesALateTry() {
            orders.putShare(100, Map.of());

            workflow.only("Fence", branch(some));

            refused("Hold", branch(some));
            assertThat(outcome(some)).isEqualTo("ATTEMPT_OVER");
        }

        @Test
        void aRefusedTryReportsOthersHoldsLongPastTheirDeadlineAsSharesHolds() {
            orders.putShare(20, Map.of(OTHER, new Hold(80, ORDER, Instant.now().minusSeconds(61))));

            assertThat(look(some, true).get("overdue"))
                    .asInstanceOf(LIST)
                    .singleElement()
                    .isEqualTo(Map.of(
                            "kind",
                            "SHARE",
                            "pk",
                            some.account().pk(),
                            "sk",
                            String.valueOf(some.account().sk()),
                            "amount",
                            80,
                            "attempt",
                            OTHER.value(),
                            "order",
                            ORDER.value()));
        }
    }

    @Nested
    class HoldOnACreditLine {
        private final AccountKey line = AccountKey.creditLineOf(Orders.CUSTOMER);
        private final Asked some = Asked.of(DEBIT, line, 30);

        @Test
        void whatIsLeftOfTheLimitIsHeldAndNotOwedYet() {
            orders.put(Fund.creditLine(line, GBP, 100));

            assertThat(run("Hold", some)).containsEntry("outcome", "HELD");

            assertThat(orders.fund(line).availableMinor()).isEqualTo(70);
            assertThat(orders.fund(line).heldMinor()).isEqualTo(30);
            assertThat(orders.fund(line).outstandingMinor()).isZero();
        }

        @Test
        void aPennyBeyondTheLimitRefuses() {
            orders.put(Fund.creditLine(line, GBP, 29));

            refused("Hold", branch(some));
            assertThat(outcome(some)).isEqualTo("CREDIT_LIMIT_EXCEEDED");
        }

        @Test
        void aFrozenLineLendsNothingAndTakesWhatIsPaidBack() {
            orders.put(new Fund(
                    line,
                    GBP,
                    60,
                    Map.of(),
                    Map.of(),
                    Map.of(),
                    0,
                    Instant.now().minusSeconds(1),
                    null,
                    null,
                    100L,
                    "OVERDUE",
                    null,
                    null));

            refused("Hold", branch(some));
            assertThat(outcome(some)).isEqualTo("CREDIT_LINE_FROZEN");
            assertThat(run("Announce", Asked.of(CREDIT, line, 30))).containsEntry("outcome", "HELD");
        }
    }

    @Nested
    class HoldOnWhatIsOwed {
        private final AccountKey bill = new AccountKey(BALANCE.pk(), "BILL#2026-11#PRINCIPAL");
        private final Asked some = Asked.of(OWED, bill, 30);

        @Test
        void aRepaymentHoldsInTheCreditTable() {
            orders.putOwed(fund(bill, 100, Map.of(), Map.of()));

            assertThat(run("Hold", some)).containsEntry("outcome", "HELD").containsEntry("account", bill.toString());

            assertThat(orders.owed(bill).availableMinor()).isEqualTo(70);
            assertThat(orders.exists(bill)).isFalse();
        }

        @ParameterizedTest
        @ValueSource(longs = {29, 0})
        void moreThanIsOwedRefuses(long owed) {
            orders.putOwed(fund(bill, owed, Map.of(OTHER, hold(80)), Map.of()));

            refused("Hold", branch(some));
            assertThat(outcome(some)).isEqualTo("NOT_OWED");
        }

        @Test
        void aBillThatIsNotThereIsNotCreated() {
            refused("Hold", branch(some));
            assertThat(outcome(some)).isEqualTo("NOT_OWED");
        }

        @Test
        void othersHoldsRefuseOnlyAtTheCapAndThatIsContention() {
            orders.putOwed(fund(bill, 100, Map.of(OTHER, hold(5)), Map.of()));

            refused("Hold", branch(some.cap(1)));
            assertThat(outcome(some.cap(1))).isEqualTo("CONTENDED");
            assertThat(run("Hold", some.cap(2))).containsEntry("outcome", "HELD");
        }

        @Test
        void whatIsReleasedIsOwedAgainAndRefusesALateTry() {
            orders.putOwed(fund(bill, 100, Map.of(), Map.of()));
            run("Hold", some);

            workflow.only("Release", branch(some));

            assertThat(orders.owed(bill).availableMinor()).isEqualTo(100);
            refused("Hold", branch(some));
            assertThat(outcome(some)).isEqualTo("ATTEMPT_OVER");
        }

        @Test
        void aFenceRefusesALateTry() {
            orders.putOwed(fund(bill, 100, Map.of(), Map.of()));

            workflow.only("Fence", branch(some));

            refused("Hold", branch(some));
        }
    }

    @Nested
    class Announce {
        @Test
        void anIncomingCreditIsAnnouncedAndNotYetAvailable() {
            orders.put(fund(BALANCE, 5, Map.of(), Map.of()));

            assertThat(run("Announce", GETS))
                    .containsEntry("outcome", "HELD")
                    .containsEntry("account", BALANCE.toString());

            Fund account = orders.fund(BALANCE);
            assertThat(account.availableMinor()).isEqualTo(5);
            assertThat(account.incoming()).containsExactly(entry(MINE, hold(30)));
            assertThat(account.holds()).isEmpty();
        }

        @Test
        void anAttemptAnnouncesOnce() {
            refusedOn(announced(BALANCE, 5, Map.of(MINE, hold(30))), "HELD");
        }

        @Test
        void aTombstoneRefusesALateAnnouncement() {
            refusedOn(fund(BALANCE, 5, Map.of(), Map.of(MINE, tombstone())), "ATTEMPT_OVER");
        }

        @Test
        void anotherCurrencyRefuses() {
            refusedOn(Fund.open(BALANCE, CurrencyUnit.EUR, 5), "CURRENCY_MISMATCH");
        }

        @Test
        void othersAnnouncementsRefuseOnlyAtTheCap() {
            orders.put(announced(BALANCE, 5, Map.of(OTHER, hold(30))));
            refused("Announce", branch(GETS.cap(1)));
            assertThat(outcome(GETS.cap(1))).isEqualTo("TOO_MANY_HOLDS");

            run("Announce", GETS.cap(2));
            assertThat(orders.fund(BALANCE).incoming()).containsOnlyKeys(MINE, OTHER);
        }

        @Test
        void anAccountThatIsNotThereIsNotCreated() {
            refused("Announce", branch(GETS));

            assertThat(orders.exists(BALANCE)).isFalse();
            assertThat(outcome(GETS)).isEqualTo("NO_SUCH_ACCOUNT");
        }

        private void refusedOn(Fund fund, String outcome) {
            orders.put(fund);
            refused("Announce", branch(GETS));
            assertThat(orders.fund(BALANCE)).isEqualTo(fund);
            assertThat(outcome(GETS)).isEqualTo(outcome);
        }
    }

    @Nested
    class Decide {
        @BeforeEach
        void tried() {
            workflow.with(Map.of(
                    "risk",
                    Map.of(
                            "decision",
                            "REVIEW",
                            "reasons",
                            List.of("RISK_AMOUNT_LIMIT"),
                            "policy",
                            "rules-1",
                            "degraded",
                            false,
                            "elapsedMicros",
                            900),
                    "tried",
                    List.of(Map.of("account", BALANCE.toString(), "outcome", "HELD", "at", NOW.toEpochMilli())),
                    "reasons",
                    List.of("RISK_AMOUNT_LIMIT"),
                    "overdue",
                    List.of()));
        }

        @ParameterizedTest
        @CsvSource({"Commit, PAID, COMMITTED", "Abort, DECLINED, ABORTED"})
        void anOpenPaymentIsDecidedByItsAttempt(String state, String outcome, PaymentStatus status) {
            orders.put(payment(PaymentStatus.TRYING, MINE, Map.of()));

            assertThat(object(workflow.only(state, Map.of())))
                    .containsEntry("outcome", outcome)
                    .containsEntry("status", status.name())
                    .containsEntry("unsettled", false);

            Payment decided = orders.payment(ORDER);
            assertThat(decided.status()).isEqualTo(status);
            // The fixture's claim is of RZ01 and colour a: whoever decides must be able to hear of it.
            assertThat(decided.unit() + decided.colour()).isEqualTo("RZ02b");
            assertThat(decided.due()).isEqualTo("RZ02#1");
            assertThat(decided.dueAt())
                    .isBetween(Instant.now().plusSeconds(3), Instant.now().plusSeconds(6));
            assertThat(decided.decidedAt())
                    .isBetween(Instant.now().minusSeconds(3), Instant.now().plusSeconds(1));
            assertThat(decided.tried()).containsExactly(new Step(BALANCE.toString(), "HELD", NOW));
            assertThat(decided.risk()).isNotNull();
            assertThat(decided.risk().reasons()).containsExactly("RISK_AMOUNT_LIMIT");
        }

        @Test
        void anAbortedAttemptIsListedWithItsReason() {
            orders.put(payment(PaymentStatus.TRYING, MINE, Map.of(OTHER, "EXPIRED")));

            workflow.only("Abort", Map.of());

            Payment aborted = orders.payment(ORDER);
            assertThat(aborted.aborted())
                    .containsExactlyInAnyOrderEntriesOf(Map.of(OTHER, "EXPIRED", MINE, "RISK_AMOUNT_LIMIT"));
            assertThat(aborted.reasons()).containsExactly("RISK_AMOUNT_LIMIT");
        }

        @ParameterizedTest
        @EnumSource(value = PaymentStatus.class, names = "TRYING", mode = Mode.EXCLUDE)
        void aDecisionIsNeverReversed(PaymentStatus status) {
            orders.put(payment(status, MINE, Map.of()));

            refused("Commit", Map.of());
            refused("Abort", Map.of());

            assertThat(orders.payment(ORDER).status()).isEqualTo(status);
        }

        @Test
        void anotherAttemptsPaymentIsNotDecided() {
            orders.put(payment(PaymentStatus.TRYING, OTHER, Map.of()));

            refused("Commit", Map.of());
            refused("Abort", Map.of());
        }

        @Test
        void anOrderThatWasNeverClaimedIsNotDecided() {
            refused("Commit", Map.of());
            refused("Abort", Map.of());

            assertThat(orders.item(ORDER)).isEmpty();
        }

        @Test
        void theDecisionIsReadBack() {
            orders.put(payment(PaymentStatus.COMMITTED, MINE, Map.of()));

            workflow.with(Map.of("claim", "MINE", "settled", false)).only("ReadDecision", Map.of());

            assertThat(object(workflow.only("Answer", Map.of())))
                    .containsEntry("outcome", "PAID")
                    .containsEntry("status", "COMMITTED");
        }
    }

    @Nested
    class AbortAttempt {
        @ParameterizedTest
        @EnumSource(PaymentStatus.class)
        void aLoserIsListedAsSupersededWhateverTheOwnerDoes(PaymentStatus status) {
            orders.put(payment(status, OTHER, Map.of()));

            workflow.only("AbortAttempt", Map.of());

            assertThat(orders.payment(ORDER)).isEqualTo(payment(status, OTHER, Map.of(MINE, "SUPERSEDED")));
        }

        @Test
        void theFirstReasonStays() {
            orders.put(payment(PaymentStatus.TRYING, OTHER, Map.of(MINE, "EXPIRED")));

            workflow.only("AbortAttempt", Map.of());

            assertThat(orders.payment(ORDER).aborted()).containsExactly(entry(MINE, "EXPIRED"));
        }

        @Test
        void theOwnerIsNotItsOwnLoser() {
            orders.put(payment(PaymentStatus.TRYING, MINE, Map.of()));

            refused("AbortAttempt", Map.of());

            assertThat(orders.payment(ORDER).aborted()).isEmpty();
        }

        @Test
        void anOrderThatIsNowhereIsNotCreated() {
            assertThatExceptionOfType(StateFailed.class)
                    .isThrownBy(() -> workflow.only("AbortAttempt", Map.of()))
                    .extracting(StateFailed::error)
                    .isEqualTo("DynamoDB.ValidationException");

            assertThat(orders.item(ORDER)).isEmpty();
        }
    }

    @Nested
    class Cancel {
        @Test
        void aReleasedHoldIsAvailableAgainAndLeavesATombstone() {
            orders.put(fund(BALANCE, 70, Map.of(MINE, hold(30), OTHER, hold(5)), Map.of()));

            run("Release", PAYS);

            Fund released = orders.fund(BALANCE);
            assertThat(released.availableMinor()).isEqualTo(100);
            assertThat(released.holds()).containsOnlyKeys(OTHER);
            assertThat(released.finished()).containsOnlyKeys(MINE);
            assertThat(released.finished().get(MINE).order()).isEqualTo(ORDER);
        }

        @Test
        void aRefundsHoldIsReleasedOnThePaymentItem() {
            orders.settledWith(70, Map.of(MINE, hold(30)));

            run("Release", Asked.of(REFUNDABLE, REST, 30));

            Payment released = orders.payment(ORDER);
            assertThat(released.refundableMinor()).isEqualTo(100);
            assertThat(released.holds()).isEmpty();
            assertThat(released.finished()).containsOnlyKeys(MINE);
        }

        @Test
        void nothingHeldIsNothingReleased() {
            Fund untouched = fund(BALANCE, 70, Map.of(OTHER, hold(30)), Map.of());
            orders.put(untouched);

            refused("Release", branch(PAYS));

            assertThat(orders.fund(BALANCE)).isEqualTo(untouched);
        }

        @Test
        void aWithdrawnCreditIsNeverAvailableAndLeavesATombstone() {
            orders.put(announced(BALANCE, 70, Map.of(MINE, hold(30), OTHER, hold(5))));

            run("Withdraw", GETS);

            Fund withdrawn = orders.fund(BALANCE);
            assertThat(withdrawn.availableMinor()).isEqualTo(70);
            assertThat(withdrawn.incoming()).containsOnlyKeys(OTHER);
            assertThat(withdrawn.finished()).containsOnlyKeys(MINE);
        }

        @Test
        void nothingAnnouncedIsNothingWithdrawn() {
            orders.put(announced(BALANCE, 70, Map.of(OTHER, hold(30))));

            refused("Withdraw", branch(GETS));

            assertThat(orders.fund(BALANCE).finished()).isEmpty();
        }

        @Test
        void aFenceRefusesATryThatComesLate() {
            orders.put(fund(BALANCE, 100, Map.of(), Map.of()));

            run("Fence", PAYS);

            assertThat(orders.fund(BALANCE).availableMinor()).isEqualTo(100);
            assertThat(orders.fund(BALANCE).finished()).containsOnlyKeys(MINE);
            refused("Hold", branch(PAYS));
            refused("Announce", branch(GETS));
        }

        @Test
        void whatIsHeldOrAnnouncedIsNotFenced() {
            orders.put(fund(BALANCE, 70, Map.of(MINE, hold(30)), Map.of()));
            refused("Fence", branch(PAYS));

            orders.put(announced(BALANCE, 70, Map.of(MINE, hold(30))));
            refused("Fence", branch(GETS));

            assertThat(orders.fund(BALANCE).finished()).isEmpty();
        }

        @Test
        void anAccountThatIsNotThereIsNotCreated() {
            refused("Release", branch(PAYS));
            refused("Withdraw", branch(GETS));
            refused("Fence", branch(PAYS));

            assertThat(orders.exists(BALANCE)).isFalse();
        }
    }

    @Nested
    class Answer {
        @ParameterizedTest
        @CsvSource({
            "TRYING, OPEN, ",
            "COMMITTED, PAID, ",
            "SUCCEEDED, PAID, ",
            "ABORTED, DECLINED, INSUFFICIENT_FUNDS",
            "CLOSED, DECLINED, INSUFFICIENT_FUNDS"
        })
        void theOwnerIsToldWhatItsPaymentCameTo(PaymentStatus status, String outcome, String reason) {
            orders.put(payment(status, MINE, Map.of(MINE, "INSUFFICIENT_FUNDS")), List.of("INSUFFICIENT_FUNDS"));

            assertThat(answer("OVER"))
                    .containsEntry("outcome", outcome)
                    .containsEntry("status", status.name())
                    .containsEntry("reasons", reason == null ? List.of() : List.of(reason));
        }

        @ParameterizedTest
        @CsvSource({
            "TRYING, , CONFLICT, ORDER_IN_FLIGHT",
            "COMMITTED, , CONFLICT, ORDER_PAID",
            "SUCCEEDED, SUPERSEDED, CONFLICT, ORDER_PAID",
            "TRYING, INSUFFICIENT_FUNDS, DECLINED, INSUFFICIENT_FUNDS",
            "CLOSED, SUPERSEDED, DECLINED, SUPERSEDED",
            "CLOSED, , DECLINED, TOO_MANY_ATTEMPTS"
        })
        void aLoserIsToldItsOwnPastOrWhoOwnsTheOrder(PaymentStatus status, String past, String outcome, String reason) {
            orders.put(payment(status, OTHER, past == null ? Map.of() : Map.of(MINE, past)));

            assertThat(answer("LOST")).containsEntry("outcome", outcome).containsEntry("reasons", List.of(reason));
        }

        private Map<String, Object> answer(String claim) {
            workflow.with(Map.of("claim", claim, "settled", false, "overdue", List.of(), "tried", List.of()));
            workflow.only("ReadDecision", Map.of());
            return object(workflow.only("Answer", Map.of()));
        }
    }

    private Map<String, Object> look(Asked asked, boolean refused) {
        Map<String, Object> input = new LinkedHashMap<>(branch(asked));
        input.put("refused", refused);
        return object(workflow.only("ReadBranch", input));
    }

    /** What a try that was refused is found to have met. */
    private Object outcome(Asked asked) {
        return look(asked, true).get("outcome");
    }
}
