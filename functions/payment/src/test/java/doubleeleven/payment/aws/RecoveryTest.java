package doubleeleven.payment.aws;

import static doubleeleven.payment.aws.Ledger.ATTEMPT;
import static doubleeleven.payment.aws.Ledger.NOW;
import static doubleeleven.payment.aws.Ledger.ORDER;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.RoutingDocument;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentStatus;
import doubleeleven.payment.phasetwo.Recovery;
import doubleeleven.payment.phasetwo.SettlementTask;
import doubleeleven.testkit.LocalTables;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecoveryTest {
    private static final Instant DUE = NOW.plusSeconds(20);

    private static LocalTables tables;

    private final List<SettlementTask> sent = new ArrayList<>();
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
    void anUndecidedPaymentPastItsDeadlineIsAbortedAndSentToPhaseTwo() {
        ledger.put(Ledger.payment(PaymentStatus.TRYING, ATTEMPT, Ledger.purchase(100)));

        Recovery.Sweep sweep = recovery(DUE).sweep("RZ01", Duration.ZERO);

        assertThat(sweep.aborted()).isEqualTo(1);
        assertThat(sent).containsExactly(new SettlementTask(ORDER, ATTEMPT, List.of()));
        Payment payment = ledger.payment();
        assertThat(payment.status()).isEqualTo(PaymentStatus.ABORTED);
        assertThat(payment.reasons()).containsExactly("EXPIRED");
        assertThat(payment.dueAt()).isEqualTo(DUE.plus(DynamoDbPaymentWrites.PHASE_TWO_DUE));
    }

    @Test
    void aPaymentIsLeftAloneBeforeItsTimeAndByThoseWhoAreNotNearestToIt() {
        ledger.put(Ledger.payment(PaymentStatus.TRYING, ATTEMPT, Ledger.purchase(100)));

        recovery(DUE.minusMillis(1)).sweep("RZ01", Duration.ZERO);
        recovery(DUE.plusSeconds(9)).sweep("RZ01", Duration.ofSeconds(10));
        recovery(DUE.plusSeconds(60)).sweep("RZ02", Duration.ZERO);

        assertThat(sent).isEmpty();
        assertThat(ledger.payment().status()).isEqualTo(PaymentStatus.TRYING);
    }

    @Test
    void aDecidedPaymentIsDrivenAgainAndThenLeftAWhile() {
        ledger.put(Ledger.payment(PaymentStatus.COMMITTED, ATTEMPT, Ledger.purchase(100)));

        recovery(DUE).sweep("RZ01", Duration.ZERO);
        recovery(DUE.plusSeconds(1)).sweep("RZ01", Duration.ZERO);

        assertThat(sent).hasSize(1);
        assertThat(ledger.payment().dueAt()).isEqualTo(DUE.plusSeconds(10));
    }

    @Test
    void twoSweepersDriveOnePaymentOnce() {
        ledger.put(Ledger.payment(PaymentStatus.COMMITTED, ATTEMPT, Ledger.purchase(100)));
        Payment seenByBoth = ledger.payment();

        assertThat(ledger.payments().postpone(seenByBoth, DUE.plusSeconds(5))).isTrue();
        assertThat(ledger.payments().postpone(seenByBoth, DUE.plusSeconds(6))).isFalse();
    }

    @Test
    void aTerminalPaymentIsInNobodysIndex() {
        ledger.put(Ledger.payment(PaymentStatus.SUCCEEDED, ATTEMPT, Ledger.purchase(100)));

        assertThat(ledger.payments().due("RZ01", NOW.plus(Duration.ofDays(365))))
                .isEmpty();
    }

    @Test
    void aUnitSweepsItsOwnFirstThenItsWardsThenEveryone() {
        String topology = """
                {"version": 1, "units": [
                  {"name": "RZ01", "region": "us-east-1", "standby": "RZ02", "colours": {"a": 100}, "shards": ["00-33"]},
                  {"name": "RZ02", "region": "us-east-2", "standby": "RZ03", "colours": {"a": 100}, "shards": ["34-66"]},
                  {"name": "RZ03", "region": "us-west-2", "standby": "RZ01", "colours": {"a": 100}, "shards": ["67-99"]}]}
                """;

        SweepPlan plan = SweepPlan.of("RZ02", RoutingDocument.read(topology));

        assertThat(plan.looks())
                .containsExactlyInAnyOrder(
                        new SweepPlan.Look("RZ02", Duration.ZERO),
                        new SweepPlan.Look("RZ01", SweepPlan.WARDS),
                        new SweepPlan.Look("RZ03", SweepPlan.OTHERS));
    }

    private Recovery recovery(Instant now) {
        return new Recovery(ledger.payments(), sent::add, Ledger.at(now));
    }
}
