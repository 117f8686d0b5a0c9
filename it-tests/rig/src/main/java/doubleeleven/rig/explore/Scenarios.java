package doubleeleven.rig.explore;

import static doubleeleven.payment.BranchKind.DEBIT;

import doubleeleven.account.AccountKey;
import doubleeleven.ids.OrderHash;
import doubleeleven.rig.explore.Fixture.Asked;
import doubleeleven.rig.explore.Scenario.Attempt;
import doubleeleven.rig.explore.Scenario.Bounds;
import doubleeleven.rig.explore.Scenario.Execution;
import doubleeleven.rig.explore.Scenario.Start;
import doubleeleven.rig.explore.Slots.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The races that are explored. */
final class Scenarios {
    static final OrderHash ORDER = OrderHash.ofOrder(Fixture.MERCHANT, "1");
    private static final String ALICE = "alice";
    private static final String BOB = "bob";
    /** Enough for every attempt twice: a debit too many shows. */
    private static final long FUNDS = 100;

    private Scenarios() {}

    /** Two runs of the same attempt, as of a client that repeats its call. */
    static Scenario equal(int sources, Bounds bounds) {
        Attempt attempt = paying(ALICE, "key", 1, sources);
        return scenario(
                "equal attempts, " + sources + " source(s)",
                List.of(attempt),
                List.of(new Execution(0, Start.AT_ONCE), new Execution(0, Start.AT_ONCE)),
                bounds);
    }

    /** Another amount from the same accounts. */
    static Scenario otherAmount(int sources, Bounds bounds) {
        return racing(
                "another amount", paying(ALICE, "key", 1, sources), paying(ALICE, "key", 5, sources), sources, bounds);
    }

    static Scenario otherPayer(int sources, Bounds bounds) {
        return racing(
                "another payer", paying(ALICE, "key", 1, sources), paying(BOB, "key", 1, sources), sources, bounds);
    }

    /** The same amount from another account of the same payer. */
    static Scenario otherSource(int sources, Bounds bounds) {
        return racing(
                "another source",
                paying(ALICE, "key", 1, sources),
                Fixture.payment(ORDER, "key", ALICE, Asked.of(DEBIT, source(ALICE, 3), 1)),
                sources,
                bounds);
    }

    static Scenario afterADecline(int sources, Bounds bounds) {
        return scenario(
                "a second attempt after a decline, " + sources + " source(s)",
                List.of(paying(ALICE, "first", 1, sources), paying(ALICE, "second", 1, sources)),
                List.of(new Execution(0, Start.AT_ONCE), new Execution(1, Start.AFTER_A_DECLINE)),
                bounds);
    }

    static Scenario daysLater(int sources, Bounds bounds) {
        return scenario(
                "the same call days later, " + sources + " source(s)",
                List.of(paying(ALICE, "key", 1, sources)),
                List.of(new Execution(0, Start.AT_ONCE), new Execution(0, Start.DAYS_LATER)),
                bounds);
    }

    private static Scenario racing(String name, Attempt one, Attempt other, int sources, Bounds bounds) {
        return scenario(
                name + ", " + sources + " source(s)",
                List.of(one, other),
                List.of(new Execution(0, Start.AT_ONCE), new Execution(1, Start.AT_ONCE)),
                bounds);
    }

    private static Attempt paying(String payer, String key, long amount, int sources) {
        return Fixture.payment(
                ORDER,
                key,
                payer,
                IntStream.range(0, sources)
                        .mapToObj(i -> Asked.of(DEBIT, source(payer, i), amount + i))
                        .toArray(Asked[]::new));
    }

    private static AccountKey source(String payer, int number) {
        return number == 0 ? AccountKey.balanceOf(payer) : AccountKey.couponOf(payer, Integer.toString(number));
    }

    static Scenario scenario(String name, List<Attempt> attempts, List<Execution> executions, Bounds bounds) {
        LinkedHashMap<Place, Map<String, AttributeValue>> items = new LinkedHashMap<>();
        for (Attempt attempt : attempts) {
            items.put(Fixture.place(attempt.order()), Map.of());
            attempt.command()
                    .branches()
                    .forEach(branch ->
                            items.put(Fixture.place(branch.account()), Fixture.fund(branch.account(), FUNDS)));
            attempt.command().payees().forEach(payee -> items.put(Fixture.entryOf(attempt, payee), Map.of()));
        }
        if (bounds.posting()) {
            AccountKey bucket = AccountKey.bucketOf(Fixture.MERCHANT, 0);
            items.put(Fixture.place(bucket), Fixture.bucket(bucket, 0));
        }
        return new Scenario(name, items, Set.of(), attempts, executions, bounds);
    }
}
