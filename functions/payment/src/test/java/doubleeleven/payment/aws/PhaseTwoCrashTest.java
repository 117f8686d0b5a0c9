package doubleeleven.payment.aws;

import static doubleeleven.payment.aws.Ledger.ATTEMPT;
import static doubleeleven.payment.aws.Ledger.BALANCE;
import static doubleeleven.payment.aws.Ledger.GBP;
import static doubleeleven.payment.aws.Ledger.MERCHANT;
import static doubleeleven.payment.aws.Ledger.NOW;
import static doubleeleven.payment.aws.Ledger.ORDER;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import doubleeleven.account.Hold;
import doubleeleven.credit.Loan;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.Payee;
import doubleeleven.payment.PaymentKind;
import doubleeleven.payment.PaymentStatus;
import doubleeleven.payment.phasetwo.Accounts;
import doubleeleven.payment.phasetwo.Payments;
import doubleeleven.payment.phasetwo.PhaseTwo;
import doubleeleven.payment.phasetwo.Postings;
import doubleeleven.payment.phasetwo.SettlementTask;
import doubleeleven.testkit.LocalTables;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A worker dies before and after every call it makes; the next one finishes its work exactly once. */
class PhaseTwoCrashTest {
    private static final AccountKey COUPON = AccountKey.couponOf(Ledger.CUSTOMER, "WELCOME");
    private static final AccountKey LINE = AccountKey.creditLineOf(Ledger.CUSTOMER);
    private static final AccountKey LOAN = Loan.keyOf(Ledger.CUSTOMER, NOW, ATTEMPT);
    private static final List<Entry> ENTRIES = List.of(
            Entry.of(MERCHANT, 3, ATTEMPT, NOW, 30, GBP, ORDER).asShare(),
            Entry.of("toys", 0, ATTEMPT, NOW, 70, GBP, ORDER).asShare());
    private static final List<Payee> PAYEES = List.of(new Payee(MERCHANT, 3, 30), new Payee("toys", 0, 70));
    /** More than any run makes, so that the last rounds run without a crash. */
    private static final int CALLS_MAX = 20;

    private static LocalTables tables;
    private static Ledger ledger;
    private static final Set<Payee> asked = new HashSet<>();

    @BeforeAll
    static void start() {
        tables = LocalTables.start();
        ledger = new Ledger(tables);
    }

    @AfterAll
    static void stop() {
        tables.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = PaymentStatus.class,
            names = {"COMMITTED", "ABORTED"})
    void aCrashAroundAnyCallLosesNothingAndDoublesNothing(PaymentStatus decided) {
        boolean reachedEnd = false;
        for (int crashAt = 0; crashAt < 2 * CALLS_MAX; crashAt++) {
            arrange(decided);
            asked.clear();
            AtomicInteger calls = new AtomicInteger();

            reachedEnd = !dies(crashAt, calls);
            phaseTwo(Integer.MAX_VALUE, new AtomicInteger()).settle(task());

            assertSettledOnce(decided, "crash " + crashAt);
        }
        assertThat(reachedEnd).as("every call was covered").isTrue();
    }

    @Test
    void theEntryIsAskedToBePostedBeforeThePaymentIsFinished() {
        arrange(PaymentStatus.COMMITTED);
        AtomicInteger requests = new AtomicInteger();
        PhaseTwo dying = new PhaseTwo(
                ledger.payments(),
                ledger.accounts(),
                (payee, from, trace) -> {
                    requests.incrementAndGet();
                    throw new Crash();
                },
                new NotedSetbacks(),
                Ledger.at(NOW));

        try {
            dying.settle(task());
        } catch (Crash expected) {
            assertThat(ledger.payment().status()).isEqualTo(PaymentStatus.COMMITTED);
        }

        assertThat(requests).hasValue(1);
    }

    private static void arrange(PaymentStatus decided) {
        tables.clear();
        ledger.openWithHold(BALANCE, 900, ATTEMPT, 45);
        ledger.openWithHold(LINE, 85, ATTEMPT, 15);
        ledger.put(Fund.coupon(COUPON, GBP, 40, NOW.plusSeconds(60))
                .with(0, Map.of(ATTEMPT, new Hold(40, ORDER, NOW)), Map.of(), Map.of()));
        ledger.put(Ledger.payment(
                decided,
                ATTEMPT,
                Ledger.command(
                        PaymentKind.PAYMENT,
                        100,
                        List.of(
                                new Branch(BranchKind.DEBIT, COUPON, 40),
                                new Branch(BranchKind.DEBIT, BALANCE, 45),
                                new Branch(BranchKind.DEBIT, LINE, 15)),
                        PAYEES.toArray(Payee[]::new))));
    }

    private static boolean dies(int crashAt, AtomicInteger calls) {
        try {
            phaseTwo(crashAt, calls).settle(task());
            return false;
        } catch (Crash crash) {
            return true;
        }
    }

    private static void assertSettledOnce(PaymentStatus decided, String when) {
        boolean paid = decided == PaymentStatus.COMMITTED;
        assertThat(ledger.fund(BALANCE).availableMinor()).as(when).isEqualTo(paid ? 900 : 945);
        assertThat(ledger.fund(LINE).availableMinor()).as(when).isEqualTo(paid ? 85 : 100);
        assertThat(ledger.owed(LOAN)).as(when).hasSize(paid ? 13 : 0);
        assertThat(ledger.fund(COUPON).availableMinor()).as(when).isEqualTo(paid ? 0 : 40);
        assertThat(ledger.fund(BALANCE).holds()).as(when).isEmpty();
        assertThat(ledger.fund(COUPON).holds()).as(when).isEmpty();
        for (Entry entry : ENTRIES) {
            assertThat(ledger.entry(entry)).as(when).isEqualTo(paid ? Optional.of(entry) : Optional.empty());
        }
        // Whoever died, each entry that is there was asked to be posted before the payment was finished.
        assertThat(asked).as(when).containsAll(paid ? PAYEES : List.of());
        assertThat(ledger.payment().status()).as(when).isEqualTo(paid ? PaymentStatus.SUCCEEDED : PaymentStatus.CLOSED);
    }

    private static PhaseTwo phaseTwo(int crashAt, AtomicInteger calls) {
        return new PhaseTwo(
                dying(Payments.class, ledger.payments(), crashAt, calls),
                dying(Accounts.class, ledger.accounts(), crashAt, calls),
                dying(Postings.class, (payee, from, trace) -> asked.add(payee), crashAt, calls),
                new NotedSetbacks(),
                Ledger.at(NOW));
    }

    /** The port, but its caller dies at the given point: even before, odd after a call. */
    private static <P> P dying(Class<P> port, P target, int crashAt, AtomicInteger points) {
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, (proxy, method, args) -> {
            if (points.getAndIncrement() == crashAt) {
                throw new Crash();
            }
            Object result;
            try {
                method.setAccessible(true);
                result = method.invoke(target, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            if (points.getAndIncrement() == crashAt) {
                throw new Crash();
            }
            return result;
        }));
    }

    private static SettlementTask task() {
        return new SettlementTask(ORDER, ATTEMPT, List.of(), null);
    }

    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
