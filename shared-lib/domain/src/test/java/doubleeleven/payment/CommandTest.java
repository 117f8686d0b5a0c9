package doubleeleven.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.account.AccountKey;
import doubleeleven.ids.OrderHash;
import doubleeleven.ids.PaymentId;
import doubleeleven.ids.Shard;
import java.util.Arrays;
import java.util.List;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CommandTest {
    private static final AccountKey BALANCE = AccountKey.balanceOf("14911");
    private static final AccountKey COUPON = AccountKey.couponOf("14911", "WELCOME");

    @Test
    void sourcesSumToTheAmount() {
        assertThat(command(PaymentKind.PAYMENT, 100, debit(COUPON, 40), debit(BALANCE, 60))
                        .branches())
                .hasSize(2);
        assertThatThrownBy(() -> command(PaymentKind.PAYMENT, 100, debit(COUPON, 40), debit(BALANCE, 61)))
                .hasMessageContaining("DEBIT branches sum to 101, not to 100");
    }

    @Test
    void anAccountTakesPartOnce() {
        assertThatThrownBy(() -> command(PaymentKind.PAYMENT, 100, debit(BALANCE, 40), debit(BALANCE, 60)))
                .hasMessageContaining("once");
    }

    @Test
    void aRefundIsBalancedOnBothSides() {
        AccountKey bucket = AccountKey.bucketOf("gifts", 0);
        assertThat(command(PaymentKind.REFUND, 40, debit(bucket, 40), new Branch(BranchKind.CREDIT, BALANCE, 40))
                        .branches())
                .hasSize(2);
        assertThatThrownBy(() -> command(PaymentKind.REFUND, 40, debit(bucket, 40)))
                .hasMessageContaining("CREDIT branches sum to 0, not to 40");
    }

    @Test
    void aTransferTakesAsMuchAsItGives() {
        AccountKey payee = AccountKey.balanceOf("12748");
        assertThat(command(PaymentKind.TRANSFER, 40, debit(BALANCE, 40), new Branch(BranchKind.CREDIT, payee, 40))
                        .branches())
                .hasSize(2);
        assertThatThrownBy(() ->
                        command(PaymentKind.TRANSFER, 40, debit(BALANCE, 40), new Branch(BranchKind.CREDIT, payee, 39)))
                .hasMessageContaining("CREDIT branches sum to 39, not to 40");
        assertThatThrownBy(() -> command(PaymentKind.TRANSFER, 40, debit(BALANCE, 40), debit(COUPON, 40)))
                .hasMessageContaining("DEBIT branches sum to 80, not to 40");
    }

    @Test
    void aDepositDebitsNobody() {
        assertThatThrownBy(() ->
                        command(PaymentKind.DEPOSIT, 40, debit(COUPON, 40), new Branch(BranchKind.CREDIT, BALANCE, 40)))
                .hasMessageContaining("DEBIT branches sum to 40, not to 0");
    }

    @Test
    void payeesSumToTheAmountAndEachIsOneOnce() {
        List<Payee> both = List.of(payee("gifts", 40), payee("toys", 60));
        Command shared = command(PaymentKind.PAYMENT, 100, both, debit(BALANCE, 100));
        assertThat(shared.isShared()).isTrue();
        assertThat(shared.payee("toys")).contains(payee("toys", 60));
        assertThat(shared.payee("books")).isEmpty();
        assertThat(command(PaymentKind.PAYMENT, 100, debit(BALANCE, 100)).isShared())
                .isFalse();

        assertThatThrownBy(() -> command(
                        PaymentKind.PAYMENT, 100, List.of(payee("gifts", 40), payee("toys", 61)), debit(BALANCE, 100)))
                .hasMessageContaining("payees sum to 101, not to 100");
        assertThatThrownBy(() -> command(
                        PaymentKind.PAYMENT, 100, List.of(payee("gifts", 40), payee("gifts", 60)), debit(BALANCE, 100)))
                .hasMessageContaining("once: gifts");
        assertThatThrownBy(() -> command(PaymentKind.PAYMENT, 100, List.of(), debit(BALANCE, 100)))
                .hasMessageContaining("payees sum to 0, not to 100");
        assertThatThrownBy(() -> payee("gifts", 0)).hasMessageContaining("positive");
    }

    @Test
    void onlyAPaymentHasPayees() {
        Branch credit = new Branch(BranchKind.CREDIT, COUPON, 40);
        assertThatThrownBy(() ->
                        command(PaymentKind.TRANSFER, 40, List.of(payee("gifts", 40)), debit(BALANCE, 40), credit))
                .hasMessageContaining("payees sum to 40, not to 0");
    }

    @Test
    void aBranchMovesAPositiveAmount() {
        assertThatThrownBy(() -> debit(BALANCE, 0)).hasMessageContaining("positive");
    }

    @Test
    void sumsThatOverflowAreRefused() {
        assertThatThrownBy(() -> command(
                        PaymentKind.PAYMENT, 100, debit(BALANCE, Long.MAX_VALUE), debit(COUPON, Long.MAX_VALUE)))
                .isInstanceOf(ArithmeticException.class);
    }

    @ParameterizedTest
    @EnumSource(PaymentStatus.class)
    void everyStatusIsReachedByATransitionAndOnlyTerminalOnesAreFinal(PaymentStatus status) {
        assertThat(Arrays.stream(Lifecycle.values()).map(Lifecycle::to)).contains(status);
        boolean leaves = Arrays.stream(Lifecycle.values())
                .anyMatch(transition -> transition.from().filter(status::equals).isPresent());
        assertThat(leaves).isEqualTo(status != PaymentStatus.SUCCEEDED);
    }

    @Test
    void onlyADecidedPaymentCanBeFinished() {
        assertThat(Lifecycle.finishOf(PaymentStatus.COMMITTED).to()).isEqualTo(PaymentStatus.SUCCEEDED);
        assertThat(Lifecycle.finishOf(PaymentStatus.ABORTED).to()).isEqualTo(PaymentStatus.CLOSED);
        assertThatThrownBy(() -> Lifecycle.finishOf(PaymentStatus.TRYING)).hasMessageContaining("TRYING");
    }

    private static Branch debit(AccountKey account, long amount) {
        return new Branch(BranchKind.DEBIT, account, amount);
    }

    private static Command command(PaymentKind kind, long amount, Branch... branches) {
        return command(
                kind, amount, kind == PaymentKind.PAYMENT ? List.of(payee("gifts", amount)) : List.of(), branches);
    }

    private static Payee payee(String merchant, long amount) {
        return new Payee(merchant, 0, amount);
    }

    private static Command command(PaymentKind kind, long amount, List<Payee> payees, Branch... branches) {
        return new Command(
                kind,
                new PaymentId(Shard.of("14911"), OrderHash.ofOrder("gifts", "1")),
                "fingerprint",
                "key",
                "14911",
                "gifts",
                "1",
                Money.ofMinor(CurrencyUnit.GBP, amount),
                List.of(branches),
                payees,
                null,
                null,
                null,
                1,
                "trace");
    }
}
