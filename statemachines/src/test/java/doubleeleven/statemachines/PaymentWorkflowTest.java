package doubleeleven.statemachines;

import static doubleeleven.payment.BranchKind.CREDIT;
import static doubleeleven.payment.BranchKind.DEBIT;
import static doubleeleven.payment.BranchKind.REFUNDABLE;
import static doubleeleven.payment.BranchKind.SHARE;
import static doubleeleven.statemachines.Orders.BALANCE;
import static doubleeleven.statemachines.Orders.BUCKET;
import static doubleeleven.statemachines.Orders.COUPON;
import static doubleeleven.statemachines.Orders.MINE;
import static doubleeleven.statemachines.Orders.ORDER;
import static doubleeleven.statemachines.Orders.OTHER;
import static doubleeleven.statemachines.Orders.REFUND;
import static doubleeleven.statemachines.Orders.REST;
import static doubleeleven.statemachines.Orders.TRANSFER;
import static doubleeleven.statemachines.Orders.announced;
import static doubleeleven.statemachines.Orders.fund;
import static doubleeleven.statemachines.Orders.hold;
import static doubleeleven.statemachines.Orders.input;
import static doubleeleven.statemachines.Orders.payment;
import static doubleeleven.statemachines.Orders.refund;
import static doubleeleven.statemachines.Orders.shared;
import static doubleeleven.statemachines.Orders.transfer;
import static doubleeleven.statemachines.StepFunctions.always;
import static doubleeleven.statemachines.StepFunctions.times;
import static doubleeleven.testkit.asl.StateFailed.CONFLICT;
import static doubleeleven.testkit.asl.StateFailed.TIMEOUT;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Fund;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.payment.Command;
import doubleeleven.payment.PaymentStatus;
import doubleeleven.statemachines.Orders.Asked;
import doubleeleven.testkit.LocalTables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.joda.money.CurrencyUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs of the payment workflow: its answer, its calls and what it leaves in the tables. */
class PaymentWorkflowTest {
    private static final Asked COUPON_PAYS = Asked.of(DEBIT, COUPON, 10);
    private static final Asked BALANCE_PAYS = Asked.of(DEBIT, BALANCE, 30);

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
    void openAccounts() {
        tables.clear();
        orders.put(fund(BALANCE, 100, Map.of(), Map.of()));
        orders.put(fund(COUPON, 10, Map.of(), Map.of()));
        workflow = new StepFunctions(tables);
    }

    @Test
    void aPaymentFromOneSourceIsThreeWritesInTwoRounds() {
        Map<String, Object> answer = workflow.run(input(BALANCE_PAYS));

        assertThat(answer).containsEntry("outcome", "PAID").containsEntry("unsettled", false);
        assertThat(workflow.calls()).containsExactly("Claim", "Hold", "ScoreRisk", "Commit");
        assertThat(orders.payment(ORDER).status()).isEqualTo(PaymentStatus.COMMITTED);
        assertThat(orders.fund(BALANCE).holds()).containsOnlyKeys(MINE);
    }

    @Test
    void aPaymentFromTwoSourcesHoldsBoth() {
        Map<String, Object> answer = workflow.run(input(COUPON_PAYS, BALANCE_PAYS));

        assertThat(answer).containsEntry("outcome", "PAID").containsEntry("overdue", List.of());
        assertThat(orders.payment(ORDER).tried())
                .extracting(step -> step.account() + " " + step.outcome())
                .containsExactly(COUPON + " HELD", BALANCE + " HELD");
    }

    @Test
    void oneSourceThatRefusesAbortsThePayment() {
        Map<String, Object> answer = workflow.run(input(COUPON_PAYS, Asked.of(DEBIT, BALANCE, 101)));

        assertThat(answer)
                .containsEntry("outcome", "DECLINED")
                .containsEntry("reasons", List.of("INSUFFICIENT_FUNDS"))
                .containsEntry("unsettled", false);
        assertThat(orders.payment(ORDER).status()).isEqualTo(PaymentStatus.ABORTED);
    }

    @Test
    void aRiskyPaymentIsAborted() {
        Map<String, Object> answer =
                workflow.risk("DECLINE", "RISK_AMOUNT_LIMIT").run(input(BALANCE_PAYS));

        assertThat(answer).containsEntry("outcome", "DECLINED").containsEntry("reasons", List.of("RISK_AMOUNT_LIMIT"));
    }

    @Test
    void withoutARiskDecisionNothingIsPaid() {
        Map<String, Object> answer =
                workflow.before("ScoreRisk", always(TIMEOUT)).run(input(BALANCE_PAYS));

        assertThat(answer).containsEntry("outcome", "DECLINED").containsEntry("reasons", List.of("RISK_UNAVAILABLE"));
    }

    @Test
    void aRefundHoldsTheRestAndTheBucketAndAnnouncesTheCredit() {
        orders.settledWith(30, Map.of());
        orders.put(fund(BUCKET, 500, Map.of(), Map.of()));
        Asked[] asked = {Asked.of(REFUNDABLE, REST, 30), Asked.of(DEBIT, BUCKET, 30), Asked.of(CREDIT, BALANCE, 30)};

        Map<String, Object> answer = workflow.run(input(MINE, refund(30, asked), asked));

        assertThat(answer).containsEntry("outcome", "PAID");
        assertThat(orders.payment(REFUND).status()).isEqualTo(PaymentStatus.COMMITTED);
        assertThat(orders.payment(ORDER).refundableMinor()).isZero();
        assertThat(orders.fund(BUCKET).availableMinor()).isEqualTo(470);
        assertThat(orders.fund(BALANCE).incoming()).containsOnlyKeys(MINE);
    }

    @Test
    void aPaymentToSeveralPayeesIsNoWriteMoreBeforeTheAnswerAndKeepsWhoGetsWhat() {
        Command shared = shared(BALANCE_PAYS);

        Map<String, Object> answer = workflow.run(input(MINE, shared, BALANCE_PAYS));

        assertThat(answer).containsEntry("outcome", "PAID");
        assertThat(workflow.calls()).containsExactly("Claim", "Hold", "ScoreRisk", "Commit");
        assertThat(orders.payment(ORDER).command()).isEqualTo(shared);
    }

    @ParameterizedTest
    @CsvSource({"100, 100, PAID", "30, 100, PAID", "29, 100, NOT_REFUNDABLE", "100, 29, NOT_REFUNDABLE"})
    void aRefundOfAShareTakesNeitherMoreThanTheShareNorMoreThanThePayment(long share, long rest, String outcome) {
        orders.settledWith(rest, Map.of());
        orders.putShare(share, Map.of());
        orders.put(fund(BUCKET, 500, Map.of(), Map.of()));
        Asked[] asked = {
            Asked.of(REFUNDABLE, REST, 30),
            Asked.of(SHARE, Orders.SHARE.key(), 30),
            Asked.of(DEBIT, BUCKET, 30),
            Asked.of(CREDIT, BALANCE, 30)
        };

        Map<String, Object> answer = workflow.run(input(MINE, refund(30, asked), asked));

        if (outcome.equals("PAID")) {
            assertThat(answer).containsEntry("outcome", "PAID");
            assertThat(orders.share().refundableMinor()).isEqualTo(share - 30);
            assertThat(orders.payment(ORDER).refundableMinor()).isEqualTo(rest - 30);
        } else {
            assertThat(answer).containsEntry("outcome", "DECLINED").containsEntry("reasons", List.of(outcome));
        }
    }

    @Test
    void racingRefundsOfAShareNeverTakeMoreThanTheShareThoughThePaymentHasMore() throws Exception {
        orders.settledWith(1000, Map.of());
        orders.putShare(100, Map.of());
        orders.put(fund(BUCKET, 500, Map.of(), Map.of()));
        List<Callable<Object>> racers = IntStream.range(0, 8)
                .<Callable<Object>>mapToObj(racer -> () -> {
                    Asked[] asked = {
                        Asked.of(REFUNDABLE, REST, 30),
                        Asked.of(SHARE, Orders.SHARE.key(), 30),
                        Asked.of(DEBIT, BUCKET, 30),
                        Asked.of(CREDIT, BALANCE, 30)
                    };
                    OrderHash number = ORDER.refund("gifts", "race-" + racer);
                    AttemptId attempt = AttemptId.of(number, "key", "fingerprint");
                    return new StepFunctions(tables)
                            .run(input(attempt, refund(number, 30, asked), asked))
                            .get("outcome");
                })
                .toList();
        List<Object> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Object> outcome : threads.invokeAll(racers)) {
                outcomes.add(outcome.get());
            }
        }

        assertThat(Collections.frequency(outcomes, "PAID"))
                .as(outcomes.toString())
                .isEqualTo(3);
        assertThat(orders.share().refundableMinor()).isEqualTo(10);
        assertThat(orders.share().holds()).hasSize(3);
    }

    @Test
    void aLosingRefundGivesItsShareBack() {
        orders.settledWith(100, Map.of());
        orders.putShare(100, Map.of());
        orders.put(fund(BUCKET, 500, Map.of(), Map.of()));
        Asked[] asked = {
            Asked.of(REFUNDABLE, REST, 30),
            Asked.of(SHARE, Orders.SHARE.key(), 30),
            Asked.of(DEBIT, BUCKET, 30),
            Asked.of(CREDIT, BALANCE, 30)
        };
        loseTheRefund();

        assertThat(workflow.run(input(MINE, refund(30, asked), asked)))
                .containsEntry("outcome", "CONFLICT")
                .containsEntry("unsettled", false);
        assertThat(orders.share().refundableMinor()).isEqualTo(100);
        assertThat(orders.share().holds()).isEmpty();
    }

    @Test
    void aTransferIsFourWritesInTwoRounds() {
        AccountKey payee = AccountKey.balanceOf("12748");
        orders.put(fund(payee, 5, Map.of(), Map.of()));
        Asked[] asked = {BALANCE_PAYS, Asked.of(CREDIT, payee, 30)};

        Map<String, Object> answer = workflow.run(input(MINE, transfer(30, asked), asked));

        assertThat(answer).containsEntry("outcome", "PAID");
        assertThat(workflow.calls()).containsExactly("Claim", "Hold", "Announce", "ScoreRisk", "Commit");
        assertThat(orders.fund(BALANCE).availableMinor()).isEqualTo(70);
        assertThat(orders.fund(payee).availableMinor()).isEqualTo(5);
        assertThat(orders.fund(payee).incoming()).containsOnlyKeys(MINE);
    }

    @ParameterizedTest
    @CsvSource({"CURRENCY_MISMATCH", "NO_SUCH_ACCOUNT", "TOO_MANY_HOLDS"})
    void aTransferThatThePayeeCannotReceiveIsDeclinedWithItsReason(String reason) {
        AccountKey payee = AccountKey.balanceOf("12748");
        Asked credit = Asked.of(CREDIT, payee, 30);
        switch (reason) {
            case "CURRENCY_MISMATCH" -> orders.put(Fund.open(payee, CurrencyUnit.EUR, 5));
            case "TOO_MANY_HOLDS" -> {
                orders.put(announced(payee, 5, Map.of(OTHER, hold(9))));
                credit = credit.cap(1);
            }
            default -> {}
        }
        Asked[] asked = {BALANCE_PAYS, credit};

        Map<String, Object> answer = workflow.run(input(MINE, transfer(30, asked), asked));

        assertThat(answer).containsEntry("outcome", "DECLINED").containsEntry("reasons", List.of(reason));
        assertThat(orders.payment(TRANSFER).status()).isEqualTo(PaymentStatus.ABORTED);
    }

    /** Planned when 100 were left, it gives the last source its share; with 70 left that share was given back already. */
    @Test
    void aRefundPlannedOnMoreThanIsLeftGivesNoSourceMoreThanItGave() {
        orders.settledWith(70, Map.of());
        orders.put(fund(BUCKET, 500, Map.of(), Map.of()));
        Asked[] asked = {
            Asked.alone(REFUNDABLE, REST, 30, 100), Asked.of(DEBIT, BUCKET, 30), Asked.of(CREDIT, BALANCE, 30)
        };

        Map<String, Object> answer = workflow.run(input(MINE, refund(30, asked), asked));

        assertThat(answer).containsEntry("outcome", "DECLINED").containsEntry("reasons", List.of("CONTENDED"));
        assertThat(orders.payment(ORDER).refundableMinor()).isEqualTo(70);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Claim", "Hold", "Announce", "Commit"})
    void aConflictBetweenRegionsIsRepeatedAndNeverADecline(String write) {
        orders.settledWith(30, Map.of());
        orders.put(fund(BUCKET, 500, Map.of(), Map.of()));
        Asked[] asked = {Asked.of(REFUNDABLE, REST, 30), Asked.of(DEBIT, BUCKET, 30), Asked.of(CREDIT, BALANCE, 30)};
        workflow.before(write, times(5, CONFLICT));

        Map<String, Object> answer = workflow.run(input(MINE, refund(30, asked), asked));

        assertThat(answer).containsEntry("outcome", "PAID");
        assertThat(Collections.frequency(workflow.calls(), write)).isGreaterThan(5);
        assertThat(workflow.entered()).doesNotContain("ReadClaim", "ReadBranch", "ReadDecision");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Claim", "Hold", "Commit"})
    void aWriteWhoseAnswerWasLostCountsOnce(String write) {
        workflow.after(write, times(1, TIMEOUT));

        assertThat(workflow.run(input(BALANCE_PAYS))).containsEntry("outcome", "PAID");
        assertThat(orders.fund(BALANCE).availableMinor()).isEqualTo(70);
    }

    @Test
    void anOrderThatCannotBeReadIsOpen() {
        workflow.before("Claim", always(TIMEOUT)).before("ReadClaim", always(TIMEOUT));

        assertThat(workflow.run(input(BALANCE_PAYS)))
                .containsEntry("outcome", "OPEN")
                .containsEntry("unsettled", true);
    }

    @Test
    void aLosingAttemptIsAbortedBeforeItGivesItsHoldsBack() {
        orders.put(payment(PaymentStatus.TRYING, OTHER, Map.of()));

        Map<String, Object> answer = workflow.run(input(COUPON_PAYS, BALANCE_PAYS));

        assertThat(answer)
                .containsEntry("outcome", "CONFLICT")
                .containsEntry("reasons", List.of("ORDER_IN_FLIGHT"))
                .containsEntry("unsettled", false);
        assertThat(workflow.calls()).containsSubsequence("AbortAttempt", "Release", "Release");
        assertThat(orders.payment(ORDER).aborted()).containsEntry(MINE, "SUPERSEDED");
        assertReleased(orders.fund(BALANCE), 100);
        assertReleased(orders.fund(COUPON), 10);
    }

    @Test
    void aLoserThatIsNotAbortedKeepsItsHoldsAndSaysSo() {
        orders.put(payment(PaymentStatus.TRYING, OTHER, Map.of()));
        workflow.before("AbortAttempt", always(TIMEOUT));

        assertThat(workflow.run(input(BALANCE_PAYS))).containsEntry("unsettled", true);
        assertThat(orders.fund(BALANCE).holds()).containsOnlyKeys(MINE);
    }

    @Test
    void aCancelThatFailsStopsNoOtherAndIsReported() {
        orders.put(payment(PaymentStatus.TRYING, OTHER, Map.of()));
        workflow.before("Release", branch -> {
            if (COUPON.sk().equals(branch.get("sk"))) {
                always("DynamoDB.InternalServerError").accept(branch);
            }
        });

        Map<String, Object> answer = workflow.run(input(COUPON_PAYS, BALANCE_PAYS));

        assertThat(answer).containsEntry("outcome", "CONFLICT").containsEntry("unsettled", true);
        assertThat(orders.fund(COUPON).holds()).containsOnlyKeys(MINE);
        assertReleased(orders.fund(BALANCE), 100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Withdraw", "Fence"})
    void aCreditOrAFenceThatFailsStopsNoOtherAndIsReported(String failing) {
        orders.settledWith(30, Map.of());
        orders.put(fund(BUCKET, 500, Map.of(), Map.of()));
        Asked[] asked = {Asked.of(CREDIT, BALANCE, 30), Asked.of(REFUNDABLE, REST, 30), Asked.of(DEBIT, BUCKET, 30)};
        // Its announcement never arrives, so that there is something to fence.
        if (failing.equals("Fence")) {
            workflow.before("Announce", always(TIMEOUT));
        }
        workflow.before(failing, always("DynamoDB.InternalServerError"));
        loseTheRefund();

        Map<String, Object> answer = workflow.run(input(MINE, refund(30, asked), asked));

        assertThat(answer).containsEntry("unsettled", true);
        assertThat(orders.payment(ORDER).refundableMinor()).isEqualTo(30);
        assertReleased(orders.fund(BUCKET), 500);
    }

    @Test
    void aHoldThatArrivesWhileItIsBeingCancelledIsReported() {
        orders.put(payment(PaymentStatus.TRYING, OTHER, Map.of()));
        workflow.before("Hold", always(TIMEOUT))
                .before("Fence", _ -> orders.put(fund(BALANCE, 70, Map.of(MINE, hold(30)), Map.of())));

        assertThat(workflow.run(input(BALANCE_PAYS))).containsEntry("unsettled", true);
    }

    @ParameterizedTest
    @CsvSource({"Release, 5", "Fence, 5"})
    void aConflictDoesNotStopACancel(String write, int conflicts) {
        orders.put(payment(PaymentStatus.TRYING, OTHER, Map.of()));
        if (write.equals("Fence")) {
            workflow.before("Hold", always(TIMEOUT));
        }
        workflow.before(write, times(conflicts, CONFLICT));

        assertThat(workflow.run(input(BALANCE_PAYS))).containsEntry("unsettled", false);
        assertReleased(orders.fund(BALANCE), 100);
    }

    @Test
    void aRequestThatComesAfterItsAttemptWasAbortedReportsWhatItHolds() {
        orders.put(payment(PaymentStatus.ABORTED, MINE, Map.of(MINE, "EXPIRED")), List.of("EXPIRED"));

        Map<String, Object> answer = workflow.run(input(BALANCE_PAYS));

        assertThat(answer)
                .containsEntry("outcome", "DECLINED")
                .containsEntry("reasons", List.of("EXPIRED"))
                .containsEntry("unsettled", true);
    }

    @Test
    void aRequestThatComesAfterItsAttemptWasAbortedAndHoldsNothingHasNothingToReport() {
        orders.put(payment(PaymentStatus.ABORTED, MINE, Map.of(MINE, "EXPIRED")), List.of("EXPIRED"));

        assertThat(workflow.run(input(Asked.of(DEBIT, BALANCE, 101)))).containsEntry("unsettled", false);
    }

    @Test
    void aRequestThatLosesTheDecisionToAnAbortReportsWhatItHolds() {
        workflow.before(
                "Commit",
                _ -> orders.put(payment(PaymentStatus.ABORTED, MINE, Map.of(MINE, "EXPIRED")), List.of("EXPIRED")));

        assertThat(workflow.run(input(BALANCE_PAYS)))
                .containsEntry("outcome", "DECLINED")
                .containsEntry("unsettled", true);
    }

    @Test
    void aRequestThatComesAfterItsAttemptWasPaidHasNothingToReport() {
        orders.put(payment(PaymentStatus.COMMITTED, MINE, Map.of()));

        assertThat(workflow.run(input(BALANCE_PAYS)))
                .containsEntry("outcome", "PAID")
                .containsEntry("unsettled", false);
    }

    @Test
    void aRequestThatComesAfterItsPaymentIsOverGivesBackWhatItHeld() {
        orders.put(payment(PaymentStatus.SUCCEEDED, MINE, Map.of()));

        assertThat(workflow.run(input(BALANCE_PAYS)))
                .containsEntry("outcome", "PAID")
                .containsEntry("unsettled", false);
        assertReleased(orders.fund(BALANCE), 100);
    }

    /** Another attempt owns the refund. */
    private static void loseTheRefund() {
        StepFunctions other = new StepFunctions(tables);
        Asked[] asked = {Asked.of(DEBIT, BUCKET, 30), Asked.of(CREDIT, BALANCE, 30)};
        other.only("Receive", input(OTHER, refund(30, asked), asked));
        other.only("Claim", Map.of());
    }

    private static void assertReleased(Fund fund, long available) {
        assertThat(fund.availableMinor()).isEqualTo(available);
        assertThat(fund.holds()).isEmpty();
        assertThat(fund.finished()).containsOnlyKeys(MINE);
    }
}
