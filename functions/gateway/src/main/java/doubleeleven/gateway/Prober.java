package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.gateway.Units.Deadline;
import doubleeleven.gateway.Units.Outcome;
import doubleeleven.gateway.Units.Result;
import doubleeleven.gateway.Units.Run;
import doubleeleven.gateway.failover.Probes;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.Fingerprint;
import doubleeleven.ids.OrderHash;
import doubleeleven.ids.PaymentId;
import doubleeleven.ids.Shard;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.Command;
import doubleeleven.payment.DeclineReason;
import doubleeleven.payment.Payee;
import doubleeleven.payment.PaymentKind;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/** Synthetic payments by the units' own workflows. */
public final class Prober implements Probes {
    /** Neither a customer nor a merchant can be named so: the API takes no such character. */
    private static final String NOBODY = "~probe-";

    private static final long AMOUNT = 1;
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final Units units;
    private final Duration patience;
    private final RandomGenerator random;
    private final Clock clock;

    /** @param patience how long a unit may take */
    public Prober(Units units, Duration patience, RandomGenerator random, Clock clock) {
        this.units = units;
        this.patience = patience;
        this.random = random;
        this.clock = clock;
    }

    @Override
    public Sight at(Unit unit, String colour, RoutingRule rule, Shard shard, String name) {
        return probe(new Destination(unit.name(), unit.region(), colour, null, rule.version()), shard, name);
    }

    @Override
    public Sight routed(RoutingRule rule, Shard shard, String name) {
        return probe(Destination.of(rule, shard, nobodyIn(shard)).getFirst(), shard, name);
    }

    /** A customer of that shard whom nobody can open. */
    private static String nobodyIn(Shard shard) {
        return IntStream.iterate(0, number -> number + 1)
                .mapToObj(number -> NOBODY + number)
                .filter(name -> Shard.of(name).equals(shard))
                .findFirst()
                .orElseThrow();
    }

    private Sight probe(Destination destination, Shard shard, String name) {
        Instant now = clock.instant();
        Run run = units.run(
                destination, attempt(shard, name, destination.rule()), new Deadline(now, now.plus(DEADLINE)), patience);
        return switch (run) {
            case Run.Ended(Result result) -> served(result);
            case Run.Misrouted misrouted -> new Sight.Refuses(misrouted.version());
            case Run.InDoubt(String why) -> new Sight.Fails(why);
            case Run.NotStarted(String why) -> new Sight.Fails(why);
        };
    }

    /** The account's absence must have been seen, and nothing besides have failed. */
    private static Sight served(Result result) {
        List<String> expected = List.of(DeclineReason.NO_SUCH_ACCOUNT.name());
        return result.outcome() == Outcome.DECLINED && result.reasons().equals(expected)
                ? new Sight.Serves()
                : new Sight.Fails("answered " + result.outcome() + " " + result.reasons());
    }

    private Attempt attempt(Shard shard, String name, long rule) {
        String payer = nobodyIn(shard);
        OrderHash order = OrderHash.ofOrder(NOBODY, name);
        String fingerprint = Fingerprint.of("PROBE", payer, name);
        Branch debit = new Branch(BranchKind.DEBIT, AccountKey.balanceOf(payer), AMOUNT);
        @Nullable OrderHash none = null;
        Command command = new Command(
                PaymentKind.PAYMENT,
                new PaymentId(shard, order),
                fingerprint,
                Fingerprint.of("IDEMPOTENCY-KEY", name),
                payer,
                NOBODY,
                name,
                Money.ofMinor(CurrencyUnit.USD, AMOUNT),
                List.of(debit),
                List.of(new Payee(NOBODY, 0, AMOUNT)),
                null,
                none,
                null,
                rule,
                TraceParent.continuing(Optional.empty(), random).toString());
        return new Attempt(
                AttemptId.of(order, name, fingerprint), command, List.of(new Attempt.Try(debit, 1, AMOUNT, AMOUNT)));
    }
}
