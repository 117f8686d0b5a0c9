package doubleeleven.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.account.AccountKey;
import doubleeleven.credit.Application;
import doubleeleven.gateway.Attempt.Try;
import doubleeleven.gateway.Racing.Race;
import doubleeleven.gateway.Runs.Answered;
import doubleeleven.gateway.Runs.End;
import doubleeleven.gateway.Units.Outcome;
import doubleeleven.gateway.Units.Result;
import doubleeleven.gateway.Units.Run;
import doubleeleven.gateway.release.Ending;
import doubleeleven.gateway.release.TallySheet;
import doubleeleven.gateway.watch.TrafficReports;
import doubleeleven.gateway.watch.TrafficSheet;
import doubleeleven.health.Heard;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.ids.PaymentId;
import doubleeleven.ids.Shard;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.Command;
import doubleeleven.payment.PaymentKind;
import doubleeleven.routing.Feature;
import doubleeleven.routing.Flow;
import doubleeleven.routing.Flows;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import doubleeleven.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two runs of one attempt beside each other, in virtual time. */
class RunsTest {
    private static final Caller CALLER = new Caller("op", Role.OPERATOR, null);
    private static final String PAYER = "payer";
    private static final int HEDGE = 500;
    private static final int HANGS = 16_000;

    private final ManualClock clock = new ManualClock();
    private final Map<String, List<Answer>> script = new HashMap<>();
    private final List<String> begun = new ArrayList<>();
    private final List<String> counted = new ArrayList<>();
    private final List<String> tallied = new ArrayList<>();
    private final Breaker breaker = new Breaker(clock);
    private final HedgeBudget budget = new HedgeBudget();
    private Flows flows = Flows.NONE;
    private Set<Feature> switchedOff = Set.of();

    private record Answer(int millis, Run run) {}

    private void at(String unit, int millis, Run run) {
        script.computeIfAbsent(unit, _ -> new ArrayList<>()).add(new Answer(millis, run));
    }

    private static Run ended(Outcome outcome, boolean unsettled, String... reasons) {
        return new Run.Ended(new Result(outcome, List.of(reasons), unsettled, List.of()));
    }

    private static Run paid() {
        return ended(Outcome.PAID, false);
    }

    private static Run hung() {
        return new Run.InDoubt("no answer in time");
    }

    private End run() {
        TallySheet tallies =
                new TallySheet((unit, colour, tally) -> tallied.add(unit + colour + " " + tally), e -> {}, clock);
        RoutingRule rule = rule();
        Rules rules = new Rules(rule, Optional::empty, e -> {}, clock);
        Journal journal = new Counting();
        FlowControl.Pass pass =
                new FlowControl(rules, journal, clock).pass(CALLER, attempt().command());
        Runs.Means means = new Runs.Means(
                rules,
                new Scripted(),
                breaker,
                budget,
                Duration.ofMillis(HEDGE),
                tallies,
                traffic(),
                new ShadowSeen(clock),
                journal,
                clock);
        return new Runs(means, new InTime(), pass, attempt(), Destination.of(rule, Shard.of(PAYER), PAYER)).toTheEnd();
    }

    /** Handed in after the answer, by whoever dispatches. */
    private TrafficSheet traffic() {
        return new TrafficSheet(
                new TrafficReports() {
                    @Override
                    public void missed(String unit, String colour, Instant at) {
                        throw new AssertionError(unit);
                    }

                    @Override
                    public void reached(String unit, String colour, Instant at) {
                        throw new AssertionError(unit);
                    }

                    @Override
                    public Heard of(String unit, String colour) {
                        return Heard.NONE;
                    }
                },
                e -> {},
                clock);
    }

    private RoutingRule rule() {
        Unit one = new Unit("RZ01", "us-east-1", "RZ02", 70, new TreeMap<>(Map.of("a", 50, "b", 50)));
        Unit two = new Unit("RZ02", "us-east-2", "RZ01", 70, new TreeMap<>(Map.of("a", 100)));
        Unit three = new Unit("RZ03", "us-west-2", "RZ01", 70, new TreeMap<>(Map.of("a", 100)));
        return new RoutingRule(
                1,
                100,
                Collections.nCopies(Shard.COUNT, "RZ01"),
                Map.of("RZ01", one, "RZ02", two, "RZ03", three),
                flows,
                switchedOff);
    }

    private static Attempt attempt() {
        OrderHash order = OrderHash.ofTransfer(PAYER, "t");
        List<Try> tries = List.of(
                Try.of(BranchKind.DEBIT, AccountKey.balanceOf(PAYER), 1),
                Try.of(BranchKind.CREDIT, AccountKey.balanceOf("payee"), 1));
        @Nullable OrderHash none = null;
        Command command = new Command(
                PaymentKind.TRANSFER,
                new PaymentId(Shard.of(PAYER), order),
                "f",
                "k",
                PAYER,
                TopUps.NO_MERCHANT,
                "t",
                Money.ofMinor(CurrencyUnit.GBP, 1),
                Attempt.branches(tries),
                List.of(),
                null,
                none,
                null,
                1,
                "00-0-0-00");
        return Attempt.of(AttemptId.of(order, "k", "f"), command, tries);
    }

    private long elapsed(Instant since) {
        return Duration.between(since, clock.instant()).toMillis();
    }

    @Test
    void whoIsServedInTimeIsRunOnce() {
        at("RZ01", HEDGE - 1, paid());

        assertThat(run()).isInstanceOf(End.Known.class);
        assertThat(begun).containsExactly("RZ01 at 0");
        assertThat(counted).isEmpty();
    }

    @Test
    void whereTheRuleHasItSwitchedOffTheNextRunWaitsForTheEndOfTheOneBefore() {
        switchedOff = Set.of(Feature.HEDGING);
        at("RZ01", 3_000, hung());
        at("RZ02", 100, paid());

        assertThat(run()).isInstanceOf(End.Known.class);
        assertThat(begun).containsExactly("RZ01 at 0", "RZ02 at 3000");
        assertThat(counted).doesNotContain("Hedged RZ01");
    }

    @Test
    void aUnitThatHangsIsOvertakenByItsStandby() {
        at("RZ01", HANGS, hung());
        at("RZ02", 100, paid());
        Instant since = clock.instant();

        End.Known known = (End.Known) run();

        assertThat(elapsed(since)).isEqualTo(HEDGE + 100);
        assertThat(known.at().unit()).isEqualTo("RZ02");
        assertThat(known.at().insteadOf()).isEqualTo("RZ01");
        assertThat(known.overtook()).isTrue();
        assertThat(known.leftovers()).as("what is paid is settled by phase two").isFalse();
        assertThat(begun).containsExactly("RZ01 at 0", "RZ02 at 500");
        assertThat(counted).containsExactly("Hedged RZ01", "UnitMissed RZ01");
        assertThat(tallied).singleElement().asString().startsWith("RZ01").contains(Ending.OPEN + "=1");
    }

    @Test
    void threeThatWereOvertakenAreEnoughToGiveUpOnAUnit() {
        for (int payment = 0; payment < 3; payment++) {
            at("RZ01", HANGS, hung());
            at("RZ02", 100, paid());
            run();
        }
        begun.clear();
        at("RZ02", 100, paid());
        Instant since = clock.instant();

        run();

        assertThat(elapsed(since)).isEqualTo(100);
        assertThat(begun).hasSize(1);
    }

    /** One caller in five seconds finds out whether a unit is back; that one must not wait for it, with whatever budget. */
    @Test
    void whoFindsOutWhetherAUnitIsBackIsHedgedWhateverTheBudget() {
        for (int miss = 0; miss < 3; miss++) {
            breaker.missed(Destination.of(rule(), Shard.of(PAYER), PAYER).getFirst());
        }
        while (budget.take()) {
            // Until there is none.
        }
        clock.pass(Duration.ofSeconds(6));
        at("RZ01", HANGS, hung());
        at("RZ02", 100, paid());
        Instant since = clock.instant();

        run();

        assertThat(begun).hasSize(2);
        assertThat(elapsed(since)).isEqualTo(HEDGE + 100);
    }

    @Test
    void withoutABudgetTheUnitIsWaitedFor() {
        while (budget.take()) {
            // Until there is none.
        }
        at("RZ01", 3_000, paid());

        End.Known known = (End.Known) run();

        assertThat(known.at().unit()).isEqualTo("RZ01");
        assertThat(begun).containsExactly("RZ01 at 0");
    }

    @Test
    void aStandbyOverItsLimitIsNoHedgeAndCostsNoBudget() {
        flows = new Flows(
                1, null, null, new TreeMap<>(), null, new TreeMap<>(Map.of("RZ02", new Flow(1, 1))), null, null);
        FlowControl flow = new FlowControl(new Rules(rule(), Optional::empty, e -> {}, clock), new Counting(), clock);
        at("RZ01", 3_000, paid());
        RoutingRule rule = rule();
        assertThat(flow.pass(CALLER, attempt().command()).refusal("RZ02")).isEmpty();
        Runs.Means means = new Runs.Means(
                new Rules(rule, Optional::empty, e -> {}, clock),
                new Scripted(),
                breaker,
                budget,
                Duration.ofMillis(HEDGE),
                new TallySheet((_, _, _) -> {}, e -> {}, clock),
                traffic(),
                new ShadowSeen(clock),
                new Counting(),
                clock);

        new Runs(
                        means,
                        new InTime(),
                        flow.pass(CALLER, attempt().command()),
                        attempt(),
                        Destination.of(rule, Shard.of(PAYER), PAYER))
                .toTheEnd();

        assertThat(begun).containsExactly("RZ01 at 0");
        for (int left = 0; left < HedgeBudget.BURST; left++) {
            assertThat(budget.take()).isTrue();
        }
    }

    @Test
    void whatFailsAtOnceIsRunElsewhereAtOnce() {
        at("RZ01", 3, new Run.NotStarted("no connection"));
        at("RZ02", 100, paid());

        run();

        assertThat(begun).containsExactly("RZ01 at 0", "RZ02 at 3");
        assertThat(counted).containsExactly("UnitMissed RZ01");
    }

    @Test
    void whoeverIsFirstIsToldAndOfTheSecondRunNothingIsKnown() {
        at("RZ01", 800, ended(Outcome.DECLINED, false, "INSUFFICIENT_FUNDS"));
        at("RZ02", HANGS, hung());

        End.Known known = (End.Known) run();

        assertThat(known.at().unit()).isEqualTo("RZ01");
        assertThat(known.overtook()).isFalse();
        assertThat(known.leftovers()).as("the second run may hold").isTrue();
        assertThat(counted).containsExactly("Hedged RZ01");
    }

    /** The table of {@link Runs}: the answer of the unit after 600 ms, that of the standby so much later, what is told and after how long. */
    @ParameterizedTest
    @CsvSource({
        "PAID, , , DECLINED, , , PAID, 600, false",
        "OPEN, unsettled, , PAID, , , PAID, 700, false",
        "OPEN, unsettled, , DECLINED, , INSUFFICIENT_FUNDS, DECLINED, 700, true",
        "OPEN, unsettled, , OPEN, unsettled, , OPEN, 700, true",
        "OPEN, unsettled, , CONFLICT, , ORDER_IN_FLIGHT, CONFLICT, 700, true",
        "DECLINED, unsettled, INSUFFICIENT_FUNDS, OPEN, unsettled, , DECLINED, 600, true",
        "DECLINED, unsettled, TOO_MANY_ATTEMPTS, PAID, , , PAID, 700, false",
        "DECLINED, , TOO_MANY_ATTEMPTS, PAID, , , DECLINED, 600, true",
        "CONFLICT, unsettled, ORDER_IN_FLIGHT, PAID, , , PAID, 700, false",
        "CONFLICT, unsettled, ORDER_IN_FLIGHT, OPEN, unsettled, , CONFLICT, 700, true",
        "CONFLICT, unsettled, ORDER_IN_FLIGHT, DECLINED, , INSUFFICIENT_FUNDS, DECLINED, 700, true",
        "CONFLICT, , ORDER_IN_FLIGHT, DECLINED, , INSUFFICIENT_FUNDS, CONFLICT, 600, true",
    })
    void ofTwoAnswersTheFirstThatNoOtherCanChangeIsTold(
            Outcome first,
            @Nullable String firstSettled,
            @Nullable String firstReason,
            Outcome second,
            @Nullable String secondSettled,
            @Nullable String secondReason,
            Outcome told,
            long after,
            boolean leftovers) {
        at("RZ01", 600, answer(first, firstSettled, firstReason));
        at("RZ02", 200, answer(second, secondSettled, secondReason));
        Instant since = clock.instant();

        End.Known known = (End.Known) run();

        assertThat(known.result().outcome()).isEqualTo(told);
        assertThat(elapsed(since)).isEqualTo(after);
        assertThat(known.leftovers()).isEqualTo(leftovers);
        assertThat(begun).hasSize(2);
    }

    private static Run answer(Outcome outcome, @Nullable String unsettled, @Nullable String reason) {
        return ended(outcome, unsettled != null, reason == null ? new String[0] : new String[] {reason});
    }

    @Test
    void whereBothHangItIsOpenWhenBothHadTheirTime() {
        at("RZ01", HANGS, hung());
        at("RZ02", HANGS, hung());
        Instant since = clock.instant();

        assertThat(run()).isInstanceOf(End.InDoubt.class);
        assertThat(elapsed(since)).isEqualTo(HEDGE + HANGS);
    }

    @Test
    void aUnitThatSendsTheCallElsewhereWhileItsStandbyRunsItIsObeyedOnlyAfterTheStandby() {
        at("RZ01", 600, new Run.Misrouted(2, "RZ02", "RZ01", false));
        at("RZ02", 200, paid());

        End.Known known = (End.Known) run();

        assertThat(known.at().unit()).isEqualTo("RZ02");
        assertThat(begun).containsExactly("RZ01 at 0", "RZ02 at 500");
    }

    /** The new owner is at work already, and hangs: who stands by for it now is next. */
    @Test
    void whoeverRunsItAlreadyIsNotAskedAgain() {
        at("RZ01", 600, new Run.Misrouted(2, "RZ02", "RZ01", false));
        at("RZ02", HANGS, hung());
        at("RZ01", 100, paid());

        End.Known known = (End.Known) run();

        assertThat(begun).containsExactly("RZ01 at 0", "RZ02 at 500", "RZ01 at 1000");
        assertThat(known.at().insteadOf()).isEqualTo("RZ02");
    }

    /** A third run is not begun beside two, nor is there anything to do but to wait for one of them. */
    @Test
    @Timeout(60)
    void noMoreThanTwoAreUnderWayAtATime() {
        at("RZ01", 600, new Run.Misrouted(2, "RZ03", "RZ01", false));
        at("RZ02", HANGS, hung());
        at("RZ03", 2_000, paid());

        End.Known known = (End.Known) run();

        assertThat(begun).containsExactly("RZ01 at 0", "RZ02 at 500", "RZ03 at 1000");
        assertThat(known.at().unit()).isEqualTo("RZ03");
    }

    @Test
    void whateverIsSlowSecondRunsStayAFewOfAHundred() {
        int payments = 1_000;
        for (int payment = 0; payment < payments; payment++) {
            at("RZ01", 2_000, paid());
            at("RZ02", 2_000, paid());
            run();
            script.clear();
        }

        assertThat(begun.size()).isBetween(payments + payments * HedgeBudget.PERCENT / 100, limit(payments));
        assertThat(breaker.hasGivenUpOn(
                        Destination.of(rule(), Shard.of(PAYER), PAYER).getFirst()))
                .as("who answers is not given up on because others are no faster")
                .isFalse();
    }

    private static int limit(int payments) {
        return payments + payments * HedgeBudget.PERCENT / 100 + HedgeBudget.BURST;
    }

    private final class Scripted implements Units {
        @Override
        public Run run(Destination destination, Attempt attempt, Deadline deadline, Duration patience) {
            begun.add(destination.unit() + " at " + elapsed(deadline.claimedAt()));
            Answer answer = script.get(destination.unit()).removeFirst();
            clock.pass(Duration.ofMillis(answer.millis()));
            return answer.run();
        }

        @Override
        public void check(Destination destination, Attempt attempt, Duration delay) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean decide(Destination destination, Application application) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void reclaim(Destination destination, List<Orphan> orphans, String trace) {
            throw new UnsupportedOperationException();
        }
    }

    /** Work is done when it is begun, and heard of when its time is over. */
    private final class InTime implements Race<Answered> {
        private record Over(Instant at, Answered answered) {}

        private final Queue<Over> over = new PriorityQueue<>(Comparator.comparing(Over::at));

        @Override
        public void begin(Supplier<Answered> work) {
            Instant began = clock.instant();
            Answered answered = work.get();
            over.add(new Over(clock.instant(), answered));
            clock.set(began);
        }

        @Override
        public Optional<Answered> next(Duration atMost) {
            Instant until = clock.instant().plus(atMost);
            Over first = over.peek();
            clock.set(first == null || first.at().isAfter(until) ? until : first.at());
            return first == null || first.at().isAfter(until)
                    ? Optional.empty()
                    : Optional.of(over.remove().answered());
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    private final class Counting implements Journal {
        @Override
        public void info(String message, Map<String, ?> fields) {}

        @Override
        public void warn(String message, Map<String, ?> fields) {}

        @Override
        public void error(String message, Map<String, ?> fields, @Nullable Throwable cause) {}

        @Override
        public void count(String name, String dimension, String value) {
            counted.add(name + " " + value);
        }

        @Override
        public void milliseconds(String name, double value) {}
    }
}
