package doubleeleven.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.audit.Journal;
import doubleeleven.it.audit.Snapshot;
import doubleeleven.it.audit.Snapshot.Entry;
import doubleeleven.it.audit.Snapshot.Fund;
import doubleeleven.it.audit.Snapshot.Leg;
import doubleeleven.it.audit.Snapshot.Payment;
import doubleeleven.it.audit.Snapshot.Share;
import doubleeleven.it.audit.Write;
import doubleeleven.it.audit.Write.Kind;
import doubleeleven.it.replay.Outcome;
import doubleeleven.it.replay.Outcome.Result;
import doubleeleven.it.replay.Plan.Means;
import doubleeleven.it.replay.Plan.Purchase;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ann had 1000 and paid 300 of it to a shop; her second order was declined. Then somebody tampers with the books. */
final class VerdictTest {
    private static final String PAID = "order1";
    private static final String DECLINED = "order2";
    private static final Leg DEBIT = new Leg("DEBIT", "17#C#ann", "BALANCE", 300);
    private static final Entry ENTRY =
            new Entry("M#shop#0", "E#0000000000001#try1", "GBP", 300, PAID, false, null, Map.of());

    private final List<Fund> funds =
            new ArrayList<>(List.of(fund("17#C#ann", true, 700, 1000), fund("M#shop#0", false, 0, 0)));
    private final List<Entry> entries = new ArrayList<>(List.of(ENTRY));
    private final List<Payment> payments =
            new ArrayList<>(List.of(payment(PAID, "try1", "SUCCEEDED"), payment(DECLINED, "try2", "CLOSED")));
    private final List<Write> writes = new ArrayList<>(List.of(
            new Write(Kind.CLAIM, "try1"),
            new Write(Kind.HOLD, "try1"),
            new Write(Kind.DECIDE, "try1"),
            new Write(Kind.CONFIRM, "try1"),
            new Write(Kind.ENTRY, "try1"),
            new Write(Kind.FINISH, "try1"),
            new Write(Kind.POST, ""),
            new Write(Kind.CANCEL, "try2")));

    private Verdict judge(Outcome... outcomes) {
        return Verdict.of(List.of(outcomes), tables(), new Journal(writes));
    }

    private Snapshot tables() {
        return new Snapshot(funds, entries, payments, List.of(), List.of(), List.of());
    }

    @Test
    void whatWasAnsweredAsTheTablesSayIsNeitherLostNorDoubled() {
        Verdict verdict = judge(answered(PAID, Result.PAID), answered(DECLINED, Result.DECLINED));

        assertThat(verdict.lost()).isEmpty();
        assertThat(verdict.doubled()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"FAILED", "SKIPPED"})
    void whoeverGotNoAnswerWasToldNothingWrong(Result result) {
        assertThat(judge(answered(PAID, result), answered(DECLINED, result), answered("order3", result))
                        .lost())
                .isEmpty();
    }

    @Test
    void aPaymentAnsweredPaidThatIsNowhereIsLost() {
        assertThat(judge(answered("order3", Result.PAID)).lost())
                .singleElement()
                .asString()
                .contains("absent");
    }

    @Test
    void aPaymentAnsweredPaidThatIsClosedIsLost() {
        assertThat(judge(answered(DECLINED, Result.PAID)).lost())
                .singleElement()
                .asString()
                .contains("CLOSED");
    }

    @Test
    void aPaymentAnsweredDeclinedThatWasTakenIsLost() {
        assertThat(judge(answered(PAID, Result.DECLINED)).lost())
                .singleElement()
                .asString()
                .contains("SUCCEEDED");
    }

    @Test
    void anotherAmountThanWasAskedForIsLost() {
        Outcome more = new Outcome(purchase(301), "", PAID, "", Result.PAID, List.of(), 0, false);

        assertThat(judge(more).lost()).singleElement().asString().contains("301");
    }

    @Test
    void aPaymentWithoutItsEntryIsLost() {
        entries.clear();

        assertThat(judge().lost()).anyMatch(finding -> finding.contains("succeeded without an entry"));
    }

    @Test
    void aPaymentWithoutItsDebitIsLost() {
        writes.removeIf(write -> write.kind() == Kind.CONFIRM);

        assertThat(judge().lost()).singleElement().asString().contains("0 of 1 debits");
    }

    /** A loan lies in a table that has no stream; what is owed is summed up with the money. */
    @Test
    void whatALoanIsLessByIsNotMissedInTheStreams() {
        Leg owed = new Leg("OWED", "17#C#ann", "LOAN#1#order0", 300);
        payments.set(0, payment(PAID, "try1", "SUCCEEDED", List.of(DEBIT, owed)));

        assertThat(judge().lost()).noneMatch(finding -> finding.contains("debits"));
        writes.removeIf(write -> write.kind() == Kind.CONFIRM);
        assertThat(judge().lost()).anyMatch(finding -> finding.contains("0 of 1 debits"));
    }

    @ParameterizedTest
    @ValueSource(longs = {699, 701})
    void aCentThatIsNotWhereThePaymentsSayIsLost(long available) {
        funds.set(0, fund("17#C#ann", true, available, 1000));

        assertThat(judge().lost()).anyMatch(finding -> finding.contains("came from nowhere"));
    }

    @Test
    void aSecondEntryInTheTablesIsDoubled() {
        entries.add(new Entry("M#shop#0", "E#0000000000009#try9", "GBP", 300, PAID, false, null, Map.of()));

        assertThat(judge().doubled()).containsExactly("payment order1 in M#shop#0 has 2 entries");
    }

    @ParameterizedTest
    @EnumSource(names = {"CONFIRM", "ENTRY"})
    void aSecondDebitOrEntryInTheStreamsIsDoubledThoughTheTablesHideIt(Kind kind) {
        writes.add(new Write(kind, "try1"));

        assertThat(judge().doubled()).singleElement().asString().contains("payment order1");
        assertThat(judge().lost()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"CONFIRM", "ENTRY"})
    void aDebitOrEntryForAnAttemptThatWasDeclinedIsDoubled(Kind kind) {
        writes.add(new Write(kind, "try2"));

        assertThat(judge().doubled()).singleElement().asString().contains("try2");
    }

    @ParameterizedTest
    @EnumSource(names = {"CONFIRM", "ENTRY"})
    void aDebitOrEntryForAnAttemptThatNoPaymentKnowsIsDoubled(Kind kind) {
        writes.add(new Write(kind, "try0"));

        assertThat(judge().doubled()).singleElement().asString().contains("try0");
    }

    @Test
    void aPaymentOnTheWayIsNeither() {
        payments.add(payment("order3", "try3", "COMMITTED"));
        funds.set(
                0,
                new Fund(
                        "17#C#ann", "BALANCE", true, "GBP", 400, Map.of("try3", 300L), Map.of(), 1000, null, Set.of()));
        writes.add(new Write(Kind.HOLD, "try3"));

        assertThat(judge(answered("order3", Result.PAID)).doubled()).isEmpty();
        assertThat(judge(answered("order3", Result.PAID)).lost()).isEmpty();
    }

    @Test
    void aCentThatIsNowhereIsLostAlsoWhileAPaymentIsOnTheWay() {
        payments.add(payment("order3", "try3", "COMMITTED"));
        funds.set(
                0,
                new Fund(
                        "17#C#ann", "BALANCE", true, "GBP", 399, Map.of("try3", 300L), Map.of(), 1000, null, Set.of()));

        assertThat(judge().lost()).containsExactly("-1 minor units of GBP came from nowhere");
    }

    @Test
    void whatWasFoundBeforeIsNotCountedAgain() {
        entries.add(new Entry("M#shop#0", "E#0000000000009#try9", "GBP", 300, PAID, false, null, Map.of()));
        Verdict before = judge();
        payments.add(payment("order3", "try3", "SUCCEEDED"));

        Verdict fresh = judge().without(before);

        assertThat(before.doubled()).isNotEmpty();
        assertThat(fresh.doubled()).isEmpty();
        assertThat(fresh.lost()).anyMatch(finding -> finding.contains("order3"));
    }

    private static Outcome answered(String order, Result result) {
        return new Outcome(purchase(300), "us-east-1", order, "", result, List.of(), 0, false);
    }

    private static Purchase purchase(long amount) {
        return new Purchase(LocalDateTime.MIN, "1", "shop", "ann", "", amount, Means.BALANCE, 0);
    }

    static Fund fund(String pk, boolean ofCustomer, long available, long opened) {
        return new Fund(pk, "BALANCE", ofCustomer, "GBP", available, Map.of(), Map.of(), opened, null, Set.of());
    }

    static Payment payment(String order, String attempt, String status) {
        return payment(order, attempt, status, List.of(DEBIT));
    }

    private static Payment payment(String order, String attempt, String status, List<Leg> legs) {
        return new Payment(
                order,
                status,
                attempt,
                "RZ01",
                "a",
                "PAYMENT",
                "GBP",
                300,
                legs,
                List.of(new Share("M#shop#0", 300)),
                null,
                status.equals("SUCCEEDED") ? 300L : null,
                Map.of(),
                List.of());
    }
}
