package doubleeleven.credit.aws;

import static doubleeleven.aws.dynamodb.Values.key;
import static doubleeleven.credit.aws.Book.DECEMBER;
import static doubleeleven.credit.aws.Book.IN_NOVEMBER;
import static doubleeleven.credit.aws.Book.NOVEMBER;
import static doubleeleven.credit.aws.Book.THREE;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.credit.Bill;
import doubleeleven.credit.InstalmentPlan;
import doubleeleven.credit.Loan;
import doubleeleven.credit.Owed;
import doubleeleven.credit.Part;
import doubleeleven.credit.billing.Billing;
import doubleeleven.testkit.Calls;
import doubleeleven.testkit.LocalTables;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

class BillingTest {
    /** More than any run here makes calls. */
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
    void aBillListsTheNextInstalmentOfEachLoanAndItsItemsSayWhatIsOwed() {
        String customer = customerWithTwoLoans();

        assertThat(book.bill(customer, NOVEMBER)).isEqualTo(Billing.Outcome.BILLED);

        Bill bill = book.statement(customer, NOVEMBER);
        assertThat(bill.lines()).extracting(Bill.Line::principalMinor).containsExactly(33L, 50L);
        assertThat(bill.dueOn()).isEqualTo(LocalDate.of(2026, 12, 10));
        assertThat(book.owed(customer, NOVEMBER, Owed.Kind.PRINCIPAL).availableMinor())
                .isEqualTo(83);
        assertThat(book.owed(customer, NOVEMBER, Owed.Kind.FEE).availableMinor())
                .isEqualTo(3);
        assertThat(book.owed(customer, NOVEMBER, Owed.Kind.INTEREST).availableMinor())
                .isZero();
        book.assertSound(customer, 0);
    }

    @Test
    void monthByMonthAllOfItIsBilledAndThenThereIsNoBill() {
        String customer = customerWithTwoLoans();

        for (int month = 0; month < 3; month++) {
            assertThat(book.bill(customer, NOVEMBER.plusMonths(month))).isEqualTo(Billing.Outcome.BILLED);
        }

        assertThat(book.bill(customer, NOVEMBER.plusMonths(3))).isEqualTo(Billing.Outcome.NOTHING);
        assertThat(book.findStatement(customer, NOVEMBER.plusMonths(3))).isEmpty();
        assertThat(book.loans(customer)).allMatch(loan -> loan.unbilledMinor() == 0);
        book.assertSound(customer, 0);
    }

    @Test
    void aSecondRunChangesNothingNorDoesALateOneOfAnEarlierMonth() {
        String customer = customerWithTwoLoans();
        book.bill(customer, NOVEMBER);
        book.bill(customer, DECEMBER);
        Map<String, String> before = book.everything(customer);

        assertThat(book.bill(customer, NOVEMBER)).isEqualTo(Billing.Outcome.BILLED);
        assertThat(book.bill(customer, DECEMBER)).isEqualTo(Billing.Outcome.BILLED);
        assertThat(book.bill(customer, NOVEMBER.minusMonths(1))).isEqualTo(Billing.Outcome.NOTHING);

        assertThat(book.everything(customer)).isEqualTo(before);
    }

    @Test
    void aRunThatDiesAroundAnyCallIsFinishedByTheNext() {
        String undisturbed = customerWithTwoLoans();
        book.bill(undisturbed, NOVEMBER);
        boolean died = true;
        int point = 0;
        for (; died && point < POINTS; point++) {
            String customer = customerWithTwoLoans();
            died = Calls.dies(book.client(), point, client -> Book.bill(client, customer, NOVEMBER));

            book.bill(customer, NOVEMBER);

            assertThat(book.everything(customer)).as("died at %s", point).isEqualTo(book.everything(undisturbed));
            book.assertSound(customer, 0);
        }
        assertThat(died).as("every call was covered").isFalse();
        assertThat(point).isGreaterThan(18);
    }

    @Test
    void twoRunsThatTakeTurnsUpToThreeTimesMakeWhatOneMakes() {
        takeTurns(Calls.threeTurns(12));
    }

    /** Takes minutes: -Dcredit.everySchedule=true. */
    @Test
    @EnabledIfSystemProperty(named = "credit.everySchedule", matches = "true")
    void twoRunsInEveryOrderMakeWhatOneMakes() {
        takeTurns(Calls.everyOrder(9, 9));
    }

    @Test
    void runsOfTwoMonthsARefundAndALateLoanInRandomOrdersBillEachPartOnce() {
        Random random = new Random(11);
        Set<Map<String, String>> ends = new HashSet<>();
        for (int attempt = 0; attempt < 600; attempt++) {
            String customer = book.customer();
            Loan loan = book.lend(customer, "1", IN_NOVEMBER, 100, THREE);
            List<Integer> order = new ArrayList<>();
            for (int step = 0; step < 50; step++) {
                order.add(random.nextInt(5));
            }
            boolean given = random.nextBoolean();
            AtomicLong taken = new AtomicLong();

            Calls.interleave(
                    book.client(),
                    order,
                    List.of(
                            client -> Book.bill(client, customer, NOVEMBER),
                            client -> Book.bill(client, customer, DECEMBER),
                            client -> Book.bill(client, customer, NOVEMBER),
                            client -> {
                                pause(client, 2);
                                book.lend(customer, "late", IN_NOVEMBER.plusSeconds(1), 70, InstalmentPlan.NONE);
                            },
                            client -> {
                                pause(client, 1);
                                if (!book.holds(loan.key(), "refund", 20)) {
                                    return;
                                }
                                pause(client, 2);
                                if (given) {
                                    book.confirm(loan.key(), "refund");
                                    taken.set(20);
                                } else {
                                    book.cancel(loan.key(), "refund", 20);
                                }
                            }));
            for (int month = 0; month < 5; month++) {
                book.bill(customer, NOVEMBER.plusMonths(month));
            }

            book.assertSound(customer, taken.get());
            assertThat(book.loans(customer))
                    .as("all is billed in the end")
                    .allMatch(each -> each.unbilledMinor() == 0)
                    .allMatch(each -> each.parts().stream().allMatch(Part::sealed));
            ends.add(book.everything(customer));
        }
        assertThat(ends).as("the orders differ in what they lead to").hasSizeGreaterThan(10);
    }

    @Test
    void aLoanThatLandsAtAnyPointIsOnThisBillOrWhollyOnTheNext() {
        boolean met = true;
        Set<Boolean> seen = new HashSet<>();
        for (int point = 0; met && point < POINTS; point++) {
            String customer = customerWithTwoLoans();
            met = Calls.meets(
                    book.client(),
                    point,
                    () -> book.lend(customer, "late", IN_NOVEMBER.plusSeconds(9), 70, InstalmentPlan.NONE),
                    client -> Book.bill(client, customer, NOVEMBER));
            book.assertSound(customer, 0);
            boolean onThis = book.statement(customer, NOVEMBER).principalMinor() == 153;
            assertThat(book.statement(customer, NOVEMBER).principalMinor()).isIn(83L, 153L);

            book.bill(customer, DECEMBER);

            assertThat(book.statement(customer, DECEMBER).principalMinor()).isEqualTo(onThis || !met ? 34 : 104);
            book.assertSound(customer, 0);
            seen.add(onThis);
        }
        assertThat(met).as("every call was covered").isFalse();
        assertThat(seen).hasSize(2);
    }

    @Test
    void aLoanThatLandsWhenTheBillIsThereStaysUnbilledHoweverOftenThatMonthIsRun() {
        String customer = customerWithTwoLoans();
        book.bill(customer, NOVEMBER);
        Loan late = book.lend(customer, "late", IN_NOVEMBER.plusSeconds(9), 70, InstalmentPlan.NONE);

        book.bill(customer, NOVEMBER);
        book.bill(customer, NOVEMBER);

        assertThat(book.loans(customer)).contains(late);
        book.bill(customer, DECEMBER);
        assertThat(book.statement(customer, DECEMBER).principalMinor()).isEqualTo(104);
    }

    @Test
    void whatARefundHoldsAtTheCloseIsNotBilledAndIsBilledLaterOnlyWhereItComesBack() {
        for (boolean back : List.of(true, false)) {
            String customer = book.customer();
            Loan loan = book.lend(customer, "1", IN_NOVEMBER, 100, InstalmentPlan.NONE);
            book.hold(loan.key(), "refund", 40);

            book.bill(customer, NOVEMBER);
            assertThat(book.statement(customer, NOVEMBER).principalMinor()).isEqualTo(60);

            if (back) {
                book.cancel(loan.key(), "refund", 40);
            } else {
                book.confirm(loan.key(), "refund");
            }
            book.bill(customer, DECEMBER);
            assertThat(book.findStatement(customer, DECEMBER).map(Bill::principalMinor))
                    .isEqualTo(back ? Optional.of(40L) : Optional.empty());
            book.assertSound(customer, back ? 0 : 40);
        }
    }

    @Test
    void aHoldTakenBetweenTheReadingAndTheTakingMakesTheRunLookAgain() {
        String customer = book.customer();
        Loan loan = book.lend(customer, "1", IN_NOVEMBER, 100, InstalmentPlan.NONE);
        boolean[] held = {false};
        Book.bill(
                Calls.between(book.client(), point -> {
                    if (!held[0] && point == 4) {
                        held[0] = true;
                        book.hold(loan.key(), "refund", 40);
                    }
                }),
                customer,
                NOVEMBER);

        assertThat(book.statement(customer, NOVEMBER).principalMinor()).isEqualTo(60);
        book.assertSound(customer, 0);
    }

    @Test
    void aMonthThatWasLeftHalfDoneIsClosedByTheNextMonthsRunAndIsNotDueInThePast() {
        String customer = customerWithTwoLoans();
        // Reads the bill and the loans, takes both parts, reads the loans again: dies before the bill is put.
        assertThat(Calls.dies(book.client(), 10, client -> Book.bill(client, customer, NOVEMBER)))
                .isTrue();
        assertThat(book.findStatement(customer, NOVEMBER)).isEmpty();
        assertThat(book.loans(customer)).allMatch(loan -> loan.billed() == 1);

        book.bill(customer, DECEMBER);

        assertThat(book.statement(customer, NOVEMBER).principalMinor()).isEqualTo(83);
        assertThat(book.statement(customer, NOVEMBER).dueOn()).isEqualTo(LocalDate.of(2027, 1, 10));
        assertThat(book.statement(customer, DECEMBER).principalMinor()).isEqualTo(34);
        book.assertSound(customer, 0);
    }

    @Test
    void aLoanOpenedWhenTheMonthHadClosedIsOnTheNextBill() {
        String customer = book.customer();
        book.lend(customer, "1", Bill.closing(NOVEMBER), 100, InstalmentPlan.NONE);

        assertThat(book.bill(customer, NOVEMBER)).isEqualTo(Billing.Outcome.NOTHING);
        assertThat(book.bill(customer, DECEMBER)).isEqualTo(Billing.Outcome.BILLED);
    }

    @Test
    void instalmentsOfNothingMakeNoBill() {
        String customer = book.customer();
        book.lend(customer, "1", IN_NOVEMBER, 1, new InstalmentPlan(3, 0));

        assertThat(book.bill(customer, NOVEMBER)).isEqualTo(Billing.Outcome.NOTHING);
        assertThat(book.bill(customer, DECEMBER)).isEqualTo(Billing.Outcome.BILLED);
        assertThat(book.statement(customer, DECEMBER).principalMinor()).isEqualTo(1);
    }

    private static void takeTurns(Iterable<List<Integer>> orders) {
        String undisturbed = customerWithALoan();
        book.bill(undisturbed, NOVEMBER);
        Map<String, String> expected = book.everything(undisturbed);
        for (List<Integer> order : orders) {
            String customer = customerWithALoan();
            Calls.interleave(
                    book.client(),
                    order,
                    List.of(
                            client -> Book.bill(client, customer, NOVEMBER),
                            client -> Book.bill(client, customer, NOVEMBER)));

            assertThat(book.everything(customer)).as("in order %s", order).isEqualTo(expected);
        }
    }

    private static void pause(DynamoDbClient client, int calls) {
        for (int call = 0; call < calls; call++) {
            client.getItem(request -> request.tableName(LocalTables.CREDIT).key(key(Bill.keyOf("nobody", NOVEMBER))));
        }
    }

    private static String customerWithALoan() {
        String customer = book.customer();
        book.lend(customer, "1", IN_NOVEMBER, 100, THREE);
        return customer;
    }

    private static String customerWithTwoLoans() {
        String customer = customerWithALoan();
        book.lend(customer, "2", IN_NOVEMBER.plusSeconds(1), 50, InstalmentPlan.NONE);
        return customer;
    }
}
