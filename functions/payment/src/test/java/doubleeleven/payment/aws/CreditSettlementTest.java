package doubleeleven.payment.aws;

import static doubleeleven.payment.aws.Ledger.ATTEMPT;
import static doubleeleven.payment.aws.Ledger.BALANCE;
import static doubleeleven.payment.aws.Ledger.CUSTOMER;
import static doubleeleven.payment.aws.Ledger.GBP;
import static doubleeleven.payment.aws.Ledger.MERCHANT;
import static doubleeleven.payment.aws.Ledger.NOW;
import static doubleeleven.payment.aws.Ledger.ORDER;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Fund;
import doubleeleven.account.Hold;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.credit.Loan;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.Payee;
import doubleeleven.payment.PaymentKind;
import doubleeleven.payment.PaymentStatus;
import doubleeleven.payment.phasetwo.PhaseTwo;
import doubleeleven.payment.phasetwo.Settlement;
import doubleeleven.payment.phasetwo.SettlementTask;
import doubleeleven.testkit.LocalTables;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What phase two does with a credit line: what is taken from it becomes a loan, what is paid back makes room on it. */
class CreditSettlementTest {
    private static final AccountKey LINE = AccountKey.creditLineOf(CUSTOMER);
    private static final AccountKey LOAN = Loan.keyOf(CUSTOMER, NOW, ATTEMPT);
    private static final AccountKey FEE = new AccountKey(BALANCE.pk(), "BILL#2026-10#FEE");
    private static final AccountKey PRINCIPAL = new AccountKey(BALANCE.pk(), "BILL#2026-10#PRINCIPAL");
    private static final AccountKey LENDER = AccountKey.bucketOf("lender", 0);

    private static LocalTables tables;
    private static Ledger ledger;

    @BeforeAll
    static void start() {
        tables = LocalTables.start();
        ledger = new Ledger(tables);
    }

    @AfterAll
    static void stop() {
        tables.close();
    }

    @BeforeEach
    void emptyLedger() {
        tables.clear();
    }

    @Test
    void whatAPaymentTakesFromTheLineBecomesALoanThatSaysHowItIsToBePaidBack() {
        arrangePayment(PaymentStatus.COMMITTED);

        assertThat(settle()).isEqualTo(new Settlement.Finished(PaymentStatus.SUCCEEDED));

        assertThat(ledger.fund(LINE).availableMinor()).isEqualTo(900);
        assertThat(ledger.fund(LINE).holds()).isEmpty();
        Map<String, AttributeValue> loan = ledger.owed(LOAN);
        assertThat(loan).containsEntry("opened", Values.n(60)).containsEntry("available", Values.n(60));
        assertThat(loan).containsEntry("instalments", Values.n(3)).containsEntry("feePpm", Values.n(25_000));
        assertThat(loan).containsEntry("order", Values.s(ORDER.value())).containsEntry("billed", Values.n(0));
        assertThat(ledger.payment().settled())
                .extracting("outcome")
                .containsExactly("CONFIRMED", "CONFIRMED", "LENT", "CREDITED");
    }

    @Test
    void aDeclinedPaymentLendsNothing() {
        arrangePayment(PaymentStatus.ABORTED);

        settle();

        assertThat(ledger.fund(LINE).availableMinor()).isEqualTo(960);
        assertThat(ledger.owed(LOAN)).isEmpty();
    }

    @Test
    void aSecondDeliveryLeavesTheLoanAsBillingMadeIt() {
        arrangePayment(PaymentStatus.COMMITTED);
        settle();
        tables.client()
                .updateItem(request -> request.tableName(LocalTables.CREDIT)
                        .key(Values.key(LOAN))
                        .updateExpression("SET available = :rest, billed = :one")
                        .expressionAttributeValues(Map.of(":rest", Values.n(40), ":one", Values.n(1))));
        Map<String, AttributeValue> billed = ledger.owed(LOAN);

        // A worker that was slow: it read the payment before it was finished.
        ledger.accounts().lend(ledger.payment().loan().orElseThrow());

        assertThat(ledger.owed(LOAN)).isEqualTo(billed);
    }

    @Test
    void aRepaymentTakesWhatIsOwedAndGivesTheLineItsPrincipalAndTheLenderTheRest() {
        arrangeRepayment(PaymentStatus.COMMITTED);

        assertThat(settle()).isEqualTo(new Settlement.Finished(PaymentStatus.SUCCEEDED));

        assertThat(ledger.fund(BALANCE).availableMinor()).isEqualTo(900);
        assertThat(ledger.owed(FEE)).containsEntry("available", Values.n(0)).containsEntry("holds", Values.m(Map.of()));
        assertThat(ledger.owed(PRINCIPAL)).containsEntry("available", Values.n(40));
        assertThat(ledger.fund(LINE).availableMinor()).isEqualTo(990);
        assertThat(ledger.fund(LENDER).availableMinor()).isEqualTo(510);
        assertThat(settle()).isEqualTo(new Settlement.AlreadyOver());
        assertThat(ledger.fund(LINE).availableMinor()).isEqualTo(990);
    }

    @Test
    void whatARepaymentThatIsDeclinedHeldIsOwedAgain() {
        arrangeRepayment(PaymentStatus.ABORTED);

        settle();

        assertThat(ledger.fund(BALANCE).availableMinor()).isEqualTo(1000);
        assertThat(ledger.owed(FEE)).containsEntry("available", Values.n(10));
        assertThat(ledger.owed(PRINCIPAL)).containsEntry("available", Values.n(130));
        assertThat(ledger.fund(LINE).availableMinor()).isEqualTo(900);
        assertThat(ledger.fund(LENDER).availableMinor()).isEqualTo(500);
    }

    private static void arrangePayment(PaymentStatus decided) {
        ledger.openWithHold(BALANCE, 900, ATTEMPT, 40);
        ledger.openWithHold(LINE, 900, ATTEMPT, 60);
        ledger.put(Ledger.payment(
                decided,
                ATTEMPT,
                Ledger.command(
                        PaymentKind.PAYMENT,
                        100,
                        List.of(new Branch(BranchKind.DEBIT, BALANCE, 40), new Branch(BranchKind.DEBIT, LINE, 60)),
                        new Payee(MERCHANT, 3, 100))));
    }

    private static void arrangeRepayment(PaymentStatus decided) {
        ledger.openWithHold(BALANCE, 900, ATTEMPT, 100);
        ledger.oweWithHold(FEE, 0, ATTEMPT, 10);
        ledger.oweWithHold(PRINCIPAL, 40, ATTEMPT, 90);
        ledger.put(announced(LINE, 900, 90));
        ledger.put(announced(LENDER, 500, 10));
        ledger.put(Ledger.payment(
                decided,
                ATTEMPT,
                Ledger.command(
                        PaymentKind.REPAYMENT,
                        100,
                        List.of(
                                new Branch(BranchKind.DEBIT, BALANCE, 100),
                                new Branch(BranchKind.OWED, FEE, 10),
                                new Branch(BranchKind.OWED, PRINCIPAL, 90),
                                new Branch(BranchKind.CREDIT, LINE, 90),
                                new Branch(BranchKind.CREDIT, LENDER, 10)))));
    }

    private static Fund announced(AccountKey key, long available, long incoming) {
        return Fund.open(key, GBP, available)
                .with(available, Map.of(), Map.of(ATTEMPT, new Hold(incoming, ORDER, NOW)), Map.of());
    }

    private static Settlement settle() {
        return new PhaseTwo(
                        ledger.payments(),
                        ledger.accounts(),
                        (payee, from, trace) -> {},
                        new NotedSetbacks(),
                        Ledger.at(NOW))
                .settle(new SettlementTask(ORDER, ATTEMPT, List.of(), null));
    }
}
