package doubleeleven.credit.aws;

import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;
import static doubleeleven.credit.aws.Book.IN_NOVEMBER;
import static doubleeleven.credit.aws.Book.NOVEMBER;
import static doubleeleven.credit.aws.Book.owedKey;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.credit.InstalmentPlan;
import doubleeleven.credit.Interest;
import doubleeleven.credit.Owed;
import doubleeleven.credit.billing.Overdue;
import doubleeleven.testkit.Calls;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OverdueTest {
    private static final LocalDate DUE = LocalDate.of(2026, 12, 10);
    private static final int POINTS = 60;

    private static Book book;

    @BeforeAll
    static void start() {
        book = new Book();
    }

    @AfterAll
    static void stop() {
        book.close();
    }

    @Test
    void nothingIsChargedOnTheDayItIsDueAndTheLineStaysOpen() {
        String customer = billed();

        assertThat(book.overdue(customer, DUE)).isEqualTo(Overdue.Outcome.CLEAR);

        assertThat(interest(customer).openedMinor()).isZero();
        assertThat(book.line(customer)).doesNotContainKeys("frozen", "expiresAt");
    }

    @Test
    void theDayAfterInterestIsChargedAndTheLineIsFrozenAndStaysSo() {
        String customer = billed();

        assertThat(book.overdue(customer, DUE.plusDays(1))).isEqualTo(Overdue.Outcome.FROZEN);
        assertThat(interest(customer).availableMinor()).isEqualTo(49);
        assertThat(interest(customer).interest()).isEqualTo(new Interest(DUE.plusDays(1), 950_000, 500));
        assertThat(book.line(customer))
                .containsEntry("frozen", s("OVERDUE"))
                .containsEntry("expiresAt", n(Instant.parse("2026-12-11T00:00:00Z")));

        assertThat(book.overdue(customer, DUE.plusDays(2))).isEqualTo(Overdue.Outcome.OVERDUE);
        assertThat(interest(customer).availableMinor()).isEqualTo(99);
    }

    @Test
    void aSecondRunOfADayOrALateOneOfAnEarlierDayChangesNothing() {
        String customer = billed();
        book.overdue(customer, DUE.plusDays(3));
        Map<String, String> before = book.everything(customer);

        book.overdue(customer, DUE.plusDays(3));
        book.overdue(customer, DUE.plusDays(2));
        book.overdue(customer, DUE);

        assertThat(book.everything(customer)).isEqualTo(before);
    }

    @Test
    void daysThatNoRunSawAreChargedByTheNextToTheUnit() {
        String daily = billed();
        String late = billed();
        for (int day = 1; day <= 9; day++) {
            book.overdue(daily, DUE.plusDays(day));
        }
        book.overdue(late, DUE.plusDays(9));

        assertThat(interest(late).openedMinor())
                .isEqualTo(interest(daily).openedMinor())
                .isEqualTo(449);
        assertThat(interest(late).interest()).isEqualTo(interest(daily).interest());
    }

    @Test
    void whatIsHeldIsStillOwedAndBearsInterestAndWhatIsRepaidDoesNot() {
        String customer = billed();
        book.repay(owedKey(customer, NOVEMBER, Owed.Kind.PRINCIPAL), "part", 49_900);
        book.hold(owedKey(customer, NOVEMBER, Owed.Kind.PRINCIPAL), "pending", 10_000);

        book.overdue(customer, DUE.plusDays(1));

        assertThat(interest(customer).availableMinor()).isEqualTo(25);
    }

    @Test
    void oncePrincipalFeesAndInterestAreRepaidTheLineThawsAndNoMoreIsCharged() {
        String customer = billed();
        book.overdue(customer, DUE.plusDays(1));
        book.repay(owedKey(customer, NOVEMBER, Owed.Kind.PRINCIPAL), "principal", 99_900);
        assertThat(book.overdue(customer, DUE.plusDays(2)))
                .as("interest is owed still")
                .isEqualTo(Overdue.Outcome.OVERDUE);
        book.repay(owedKey(customer, NOVEMBER, Owed.Kind.INTEREST), "interest", 49);

        assertThat(book.overdue(customer, DUE.plusDays(3))).isEqualTo(Overdue.Outcome.THAWED);

        assertThat(book.line(customer)).doesNotContainKeys("frozen", "expiresAt");
        assertThat(interest(customer).openedMinor()).isEqualTo(49);
        assertThat(interest(customer).interest())
                .as("no write for a day that charges nothing")
                .isEqualTo(new Interest(DUE.plusDays(1), 950_000, 500));
        assertThat(book.overdue(customer, DUE.plusDays(4))).isEqualTo(Overdue.Outcome.CLEAR);
    }

    @Test
    void aLineFrozenForAnotherReasonIsNeverTouched() {
        for (String reason : List.of("OPERATOR", "CLOSED")) {
            String customer = billed();
            book.setLine(customer, Map.of("frozen", s(reason), "expiresAt", n(7)));
            Map<String, ?> line = book.line(customer);

            assertThat(book.overdue(customer, DUE.plusDays(1))).isEqualTo(Overdue.Outcome.OVERDUE);
            assertThat(book.line(customer)).isEqualTo(line);
            assertThat(interest(customer).availableMinor()).isEqualTo(49);

            String clear = book.customer();
            book.setLine(clear, Map.of("frozen", s(reason), "expiresAt", n(7)));
            assertThat(book.overdue(clear, DUE.plusDays(1))).isEqualTo(Overdue.Outcome.CLEAR);
            assertThat(book.line(clear)).containsEntry("frozen", s(reason));
        }
    }

    @Test
    void aLineThatAnOperatorFreezesAroundAnyCallOfARunIsTheOperatorsFromThenOn() {
        for (boolean repaid : List.of(true, false)) {
            boolean met = true;
            for (int point = 0; met && point < POINTS; point++) {
                String customer = billed();
                if (repaid) {
                    book.overdue(customer, DUE.plusDays(1));
                    repayAll(customer);
                }
                met = Calls.meets(
                        book.client(),
                        point,
                        () -> book.setLine(customer, Map.of("frozen", s("OPERATOR"), "expiresAt", n(7))),
                        client -> Book.overdue(client, customer, DUE.plusDays(1)));
                if (met) {
                    assertThat(book.line(customer))
                            .as("at %s", point)
                            .containsEntry("frozen", s("OPERATOR"))
                            .containsEntry("expiresAt", n(7));
                }
            }
            assertThat(met).as("every call was covered").isFalse();
        }
    }

    @Test
    void aLateRunOfADayBeforeItWasOverdueDoesNotThawTheLine() {
        String customer = billed();
        book.overdue(customer, DUE.plusDays(1));

        assertThat(book.overdue(customer, DUE)).isEqualTo(Overdue.Outcome.CLEAR);

        assertThat(book.line(customer)).containsEntry("frozen", s("OVERDUE"));
    }

    @Test
    void aLineThatIsRepaidBeforeTheRunsLastLookIsNotLeftFrozen() {
        // Reads the bills, charges, reads them again, reads the line, freezes it, reads the bills a last time.
        int lastLook = 10;
        boolean met = true;
        int spared = 0;
        for (int point = 0; met && point < POINTS; point++) {
            String customer = billed();
            met = Calls.meets(
                    book.client(),
                    point,
                    () -> repayAll(customer),
                    client -> Book.overdue(client, customer, DUE.plusDays(1)));

            // Repaid between reading and charging, the day's interest is owed still.
            boolean owed = interest(customer).owedMinor() > 0;
            boolean frozen = book.line(customer).containsKey("frozen");
            assertThat(frozen).as("repaid at %s", point).isEqualTo(owed || point > lastLook);
            spared += frozen ? 0 : 1;
        }
        assertThat(met).as("every call was covered").isFalse();
        assertThat(spared).isGreaterThan(5);
    }

    @Test
    void aCustomerInOrderCostsTwoReadsAndNoWriteWhoeverFrozeTheLine() {
        String customer = billed();
        String operators = billed();
        book.setLine(operators, Map.of("frozen", s("OPERATOR"), "expiresAt", n(7)));
        for (String each : List.of(customer, operators)) {
            repayAll(each);
            int[] calls = {0};
            Book.overdue(Calls.between(book.client(), point -> calls[0] += (point + 1) % 2), each, DUE.plusDays(1));
            assertThat(calls[0]).isEqualTo(2);
        }
    }

    @Test
    void aRunThatDiesAroundAnyCallIsFinishedByTheNext() {
        String undisturbed = billed();
        book.overdue(undisturbed, DUE.plusDays(3));
        boolean died = true;
        int point = 0;
        for (; died && point < POINTS; point++) {
            String customer = billed();
            died = Calls.dies(book.client(), point, client -> Book.overdue(client, customer, DUE.plusDays(3)));

            book.overdue(customer, DUE.plusDays(3));

            assertThat(book.everything(customer)).as("died at %s", point).isEqualTo(book.everything(undisturbed));
        }
        assertThat(died).as("every call was covered").isFalse();
        assertThat(point).isGreaterThan(10);
    }

    @Test
    void twoRunsOfTwoDaysInAnyOrderOfTheirCallsChargeEachDayOnce() {
        String undisturbed = billed();
        book.overdue(undisturbed, DUE.plusDays(3));
        Owed expected = interest(undisturbed);
        List<List<Integer>> orders = Calls.everyOrder(6, 6);
        assertThat(orders).hasSize(924);
        for (List<Integer> order : orders) {
            String customer = billed();
            Calls.interleave(
                    book.client(),
                    order,
                    List.of(
                            client -> Book.overdue(client, customer, DUE.plusDays(3)),
                            client -> Book.overdue(client, customer, DUE.plusDays(2))));

            Owed interest = interest(customer);
            assertThat(interest.openedMinor()).as("in order %s", order).isEqualTo(expected.openedMinor());
            assertThat(interest.interest()).isEqualTo(expected.interest());
            assertThat(book.line(customer)).containsEntry("frozen", s("OVERDUE"));
        }
    }

    @Test
    void aBillWhoseRunDiedBeforeItsItemsWerePutIsAFaultThatSaysWhatToRun() {
        String customer = book.customer();
        book.lend(customer, "1", IN_NOVEMBER, 99_900, InstalmentPlan.NONE);
        // The bill is the fifth call: reads of bill and loans, one part, the loans again, the bill.
        assertThat(Calls.dies(book.client(), 9, client -> Book.bill(client, customer, NOVEMBER)))
                .isTrue();
        assertThat(book.findStatement(customer, NOVEMBER)).isPresent();

        assertThatThrownBy(() -> book.overdue(customer, DUE.plusDays(1)))
                .hasMessageContaining("BILL#2026-11")
                .hasMessageContaining("billing again");

        book.bill(customer, NOVEMBER);
        assertThat(book.overdue(customer, DUE.plusDays(1))).isEqualTo(Overdue.Outcome.FROZEN);
    }

    private static void repayAll(String customer) {
        for (Owed.Kind kind : Owed.Kind.values()) {
            long owed = book.owed(customer, NOVEMBER, kind).availableMinor();
            if (owed > 0) {
                book.repay(owedKey(customer, NOVEMBER, kind), "all-" + kind, owed);
            }
        }
    }

    private static Owed interest(String customer) {
        return book.owed(customer, NOVEMBER, Owed.Kind.INTEREST);
    }

    /** Owes 99,900 on November's bill: 49.95 a day. */
    private static String billed() {
        String customer = book.customer();
        book.lend(customer, "1", IN_NOVEMBER, 99_900, InstalmentPlan.NONE);
        book.bill(customer, NOVEMBER);
        return customer;
    }
}
