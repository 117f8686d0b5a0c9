package doubleeleven.gateway.aws;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.account.AccountKey;
import doubleeleven.aws.Host;
import doubleeleven.gateway.Attempt;
import doubleeleven.gateway.Attempt.Try;
import doubleeleven.gateway.Destination;
import doubleeleven.gateway.Units.Deadline;
import doubleeleven.gateway.Units.Run;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.ids.PaymentId;
import doubleeleven.ids.Shard;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.Command;
import doubleeleven.payment.PaymentKind;
import doubleeleven.routing.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a call of a unit's workflow tells about the run. */
class AwsUnitsTest {
    private static final Destination UNIT = new Destination("RZ01", "us-east-1", "a", null, 1);

    private final CountDownLatch answered = new CountDownLatch(1);
    private Deployment gateway;
    private AwsUnits units;

    @BeforeEach
    void deploy() {
        gateway = new Deployment();
        units = new AwsUnits(
                new RegionalClients(Host.with(Deployment.environment())),
                new ResourceNames("000000000000", Traffic.LIVE));
    }

    @AfterEach
    void remove() {
        answered.countDown();
        gateway.close();
    }

    private static Attempt attempt() {
        OrderHash order = OrderHash.ofDeposit("C#14911", "B1");
        Branch branch = new Branch(BranchKind.CREDIT, AccountKey.balanceOf("14911"), 5);
        Command command = new Command(
                PaymentKind.DEPOSIT,
                new PaymentId(Shard.of("14911"), order),
                "fingerprint",
                "key",
                "14911",
                "-",
                "B1",
                Money.ofMinor(CurrencyUnit.GBP, 5),
                List.of(branch),
                List.of(),
                null,
                null,
                null,
                1,
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        return new Attempt(
                AttemptId.of(order, "key", "fingerprint"), command, List.of(new Try(branch, 32, 5, Long.MAX_VALUE)));
    }

    private Run run(Duration patience) {
        Instant now = Instant.now();
        return units.run(UNIT, attempt(), new Deadline(now, now.plusSeconds(20)), patience);
    }

    @Test
    void runThatIsNotWaitedForAnyLongerIsInDoubt() {
        gateway.aws.workflow((arn, input) -> {
            try {
                answered.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Workflow.answer(input, "PAID");
        });

        // The caller's time runs out, not the connection's.
        assertThat(run(Duration.ofMillis(300))).isInstanceOf(Run.InDoubt.class);
        assertThat(answered.getCount()).isEqualTo(1);
    }

    @Test
    void runThatIsThrottledNeverBeganAndIsNotTriedAgainThere() {
        gateway.aws.workflow((arn, input) -> AwsStandIn.Reply.error(400, "ThrottlingException"));

        assertThat(run(Duration.ofSeconds(5))).isInstanceOf(Run.NotStarted.class);
        assertThat(gateway.aws.executions()).hasSize(1);
    }
}
