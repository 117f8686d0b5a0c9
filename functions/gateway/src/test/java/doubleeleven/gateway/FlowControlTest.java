package doubleeleven.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.account.AccountKey;
import doubleeleven.gateway.Attempt.Try;
import doubleeleven.ids.OrderHash;
import doubleeleven.ids.PaymentId;
import doubleeleven.ids.Shard;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.Command;
import doubleeleven.payment.Payee;
import doubleeleven.payment.PaymentKind;
import doubleeleven.routing.Flow;
import doubleeleven.routing.Flows;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import doubleeleven.testkit.ManualClock;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FlowControlTest {
    private static final Clock CLOCK = new ManualClock();
    private static final Caller OPERATOR = new Caller("op", Role.OPERATOR, null);
    private static final Flow ONE = new Flow(1, 1);

    private final List<String> counted = new ArrayList<>();
    private final FlowControl flow = flow(new Flow(70, 1_000_000), ONE);

    private FlowControl flow(Flow unit, @Nullable Flow account) {
        Unit one = new Unit("RZ01", "us-east-1", "RZ02", 70, new TreeMap<>(Map.of("a", 100)));
        Unit two = new Unit("RZ02", "us-east-2", "RZ01", 70, new TreeMap<>(Map.of("a", 100)));
        RoutingRule rule = new RoutingRule(
                1,
                100,
                Collections.nCopies(Shard.COUNT, "RZ01"),
                Map.of("RZ01", one, "RZ02", two),
                new Flows(1, null, null, new TreeMap<>(), unit, new TreeMap<>(), account, null),
                Set.of());
        return new FlowControl(new Rules(rule, Optional::empty, e -> {}, CLOCK), journal(), CLOCK);
    }

    private Journal journal() {
        return new Journal() {
            @Override
            public void info(String message, Map<String, ?> fields) {}

            @Override
            public void warn(String message, Map<String, ?> fields) {}

            @Override
            public void error(String message, Map<String, ?> fields, @Nullable Throwable cause) {}

            @Override
            public void count(String name, String dimension, String value) {
                counted.add(name + " " + dimension + " " + value);
            }

            @Override
            public void milliseconds(String name, double value) {}
        };
    }

    private static Command transfer(String payer, String payee) {
        return command(PaymentKind.TRANSFER, payer, payee);
    }

    private static Command command(PaymentKind kind, String payer, String payee) {
        OrderHash order = OrderHash.ofTransfer(payer, "t");
        boolean credits = kind != PaymentKind.PAYMENT;
        List<Try> tries = new ArrayList<>(List.of(Try.of(BranchKind.DEBIT, AccountKey.balanceOf(payer), 1)));
        if (credits) {
            tries.add(Try.of(BranchKind.CREDIT, AccountKey.balanceOf(payee), 1));
        }
        return new Command(
                kind,
                new PaymentId(Shard.of(payer), order),
                "f",
                "k",
                payer,
                TopUps.NO_MERCHANT,
                "t",
                Money.ofMinor(CurrencyUnit.GBP, 1),
                Attempt.branches(tries),
                credits ? List.of() : List.of(new Payee("m1", 0, 1)),
                null,
                null,
                null,
                1,
                "trace");
    }

    private Optional<Problem> refusal(Command command) {
        return flow.pass(OPERATOR, command).refusal("RZ01");
    }

    @Test
    void aTransferCountsForBothAccounts() {
        assertThat(refusal(transfer("alice", "bob"))).isEmpty();

        assertThat(refusal(transfer("carol", "bob"))).isPresent();
        assertThat(refusal(transfer("alice", "dave"))).isPresent();
        assertThat(refusal(transfer("carol", "dave"))).isEmpty();
        assertThat(counted).containsExactly("FlowRefused scope HOT_ACCOUNT", "FlowRefused scope HOT_ACCOUNT");
    }

    /** A flood of accounts costs a bounded memory and takes no bucket of another scope with it. */
    @Test
    void bucketsOfAccountsAreBoundedAndLeaveThoseOfUnitsAlone() {
        for (int i = 0; i < 3 * FlowControl.MOST; i++) {
            refusal(transfer("p" + i, "q" + i));
        }

        assertThat(flow.size()).isEqualTo(FlowControl.MOST + 1);
        assertThat(refusal(transfer("p" + (3 * FlowControl.MOST - 1), "other"))).isPresent();
    }

    /** A customer who pays back may still be refused a new payment, never the other way round. */
    @Test
    void refundsAndRepaymentsGoOnWhilePaymentsAreRefused() {
        FlowControl flow = flow(new Flow(1, 20), ONE);
        for (int i = 0; i < 18; i++) {
            assertThat(flow.pass(OPERATOR, transfer("p" + i, "q" + i)).refusal("RZ01"))
                    .isEmpty();
        }
        for (PaymentKind kind : List.of(PaymentKind.PAYMENT, PaymentKind.TRANSFER)) {
            assertThat(flow.pass(OPERATOR, command(kind, "new", "newer")).refusal("RZ01"))
                    .isPresent();
        }

        for (PaymentKind kind : List.of(PaymentKind.REFUND, PaymentKind.REPAYMENT)) {
            assertThat(flow.pass(OPERATOR, command(kind, "p0", "q0")).refusal("RZ01"))
                    .isEmpty();
        }
    }

    @Test
    void whatAUnitMayHaveBegunStaysCountedThereWhenTheNextOneBeginsNothing() {
        FlowControl flow = flow(new Flow(1, 2), null);
        FlowControl.Pass pass = flow.pass(OPERATOR, transfer("alice", "bob"));
        assertThat(pass.refusal("RZ01")).isEmpty();
        assertThat(pass.refusal("RZ02")).isEmpty();
        pass.notBegun("RZ02");

        assertThat(flow.pass(OPERATOR, transfer("carol", "dave")).refusal("RZ02"))
                .isEmpty();
        assertThat(flow.pass(OPERATOR, transfer("carol", "dave")).refusal("RZ01"))
                .isPresent();
    }
}
