package doubleeleven.credit;

import static doubleeleven.credit.Samples.CUSTOMER;
import static doubleeleven.credit.Samples.IN_NOVEMBER;
import static doubleeleven.credit.Samples.NOVEMBER;
import static doubleeleven.credit.Samples.attempt;
import static doubleeleven.credit.Samples.billed;
import static doubleeleven.credit.Samples.less;
import static doubleeleven.credit.Samples.loan;
import static doubleeleven.credit.Samples.order;
import static doubleeleven.credit.Samples.taken;
import static doubleeleven.credit.Samples.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.account.Hold;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoanTest {
    private static final InstalmentPlan THREE = new InstalmentPlan(3, 100_000);
    private static final Hold HOLD = new Hold(40, order("r"), IN_NOVEMBER);

    @Test
    void itsKeyIsMadeOfTheDecisionsTimeAndTheAttemptSoThatLoansSortByAge() {
        assertThat(Loan.keyOf(CUSTOMER, Instant.ofEpochMilli(42), attempt("1")).toString())
                .endsWith("#C#14911/LOAN#0000000000042#" + attempt("1"));
    }

    @Test
    void withoutAPlanAllOfItIsOnTheNextBill() {
        assertThat(loan("1", IN_NOVEMBER, 100, InstalmentPlan.NONE).nextPart(NOVEMBER))
                .contains(new Part(1, NOVEMBER, 100, 0, false));
    }

    @Test
    void withAPlanEachMonthTakesItsInstalmentUntilNothingIsLeft() {
        Loan loan = loan("1", IN_NOVEMBER, 100, THREE);
        for (int month = 0; month < 5; month++) {
            loan = billed(loan, NOVEMBER.plusMonths(month));
        }

        assertThat(loan.parts())
                .containsExactly(
                        new Part(1, NOVEMBER, 33, 3, false),
                        new Part(2, NOVEMBER.plusMonths(1), 34, 4, false),
                        new Part(3, NOVEMBER.plusMonths(2), 33, 3, false));
        assertThat(loan.unbilledMinor()).isZero();
    }

    @Test
    void aMonthTakesOnePartOnlyAndAnEarlierMonthComesTooLate() {
        Loan loan = billed(loan("1", IN_NOVEMBER, 100, THREE), NOVEMBER);

        assertThat(loan.nextPart(NOVEMBER)).isEmpty();
        assertThat(loan.nextPart(NOVEMBER.minusMonths(1))).isEmpty();
        assertThat(loan.nextPart(NOVEMBER.plusMonths(1))).isPresent();
    }

    @Test
    void aLoanOpenedAtTheClosingIsOnTheNextBillAndOneMillisecondBeforeOnThisOne() {
        Instant closing = Instant.parse("2026-12-01T00:00:00Z");

        assertThat(loan("1", closing, 100, THREE).nextPart(NOVEMBER)).isEmpty();
        assertThat(loan("1", closing, 100, THREE).nextPart(NOVEMBER.plusMonths(1)))
                .isPresent();
        assertThat(loan("1", closing.minusMillis(1), 100, THREE).nextPart(NOVEMBER))
                .isPresent();
    }

    @Test
    void aRefundTakesFromTheEndOfThePlanAndThePartThatItCutsShortCostsInProportion() {
        Loan refunded = less(billed(loan("1", IN_NOVEMBER, 300, new InstalmentPlan(3, 100_000)), NOVEMBER), 150);
        YearMonth december = NOVEMBER.plusMonths(1);

        assertThat(refunded.unbilledMinor()).isEqualTo(50);
        assertThat(refunded.nextPart(december)).contains(new Part(2, december, 50, 5, false));
        assertThat(billed(refunded, december).nextPart(december.plusMonths(1))).isEmpty();
    }

    @Test
    void theFeeOfAPartCutShortIsRoundedHalfUp() {
        assertThat(less(loan("1", IN_NOVEMBER, 300, new InstalmentPlan(3, 10_000)), 250)
                        .nextPart(NOVEMBER))
                .as("half of a fee of 1")
                .contains(new Part(1, NOVEMBER, 50, 1, false));
        assertThat(less(loan("1", IN_NOVEMBER, 300, new InstalmentPlan(3, 10_000)), 251)
                        .nextPart(NOVEMBER))
                .as("a little less")
                .contains(new Part(1, NOVEMBER, 49, 0, false));
    }

    @Test
    void whatIsHeldIsNotBilledAndWhatComesBackIsBilledWithTheLastPartOrAfterItAtNoFee() {
        Loan loan = loan("1", IN_NOVEMBER, 100, THREE);
        Loan held = with(loan, 60, Map.of(attempt("r"), HOLD));
        Loan twice = billed(billed(held, NOVEMBER), NOVEMBER.plusMonths(1));
        assertThat(twice.unbilledMinor()).isZero();
        assertThat(twice.owedMinor()).isEqualTo(40);
        assertThat(twice.nextPart(NOVEMBER.plusMonths(2))).isEmpty();

        Loan back = with(twice, 40, Map.of());
        Loan last = billed(back, NOVEMBER.plusMonths(2));
        assertThat(last.parts().getLast()).isEqualTo(new Part(3, NOVEMBER.plusMonths(2), 40, 3, false));

        Loan late = billed(with(last, 7, Map.of()), NOVEMBER.plusMonths(3));
        assertThat(late.parts().getLast()).isEqualTo(new Part(4, NOVEMBER.plusMonths(3), 7, 0, false));
    }

    @Test
    void aPartOfNothingIsSealedAtOnceSoThatNoBillIsMadeForIt() {
        Loan tiny = loan("1", IN_NOVEMBER, 1, new InstalmentPlan(12, 0));
        assertThat(tiny.nextPart(NOVEMBER)).contains(new Part(1, NOVEMBER, 0, 0, true));
    }

    @Test
    void aBillSealsThePartsItListsAndNoOthers() {
        Loan first = billed(loan("1", IN_NOVEMBER, 100, THREE), NOVEMBER);
        Bill bill = Samples.bill(NOVEMBER, first);
        Loan second = billed(first, NOVEMBER.plusMonths(1));
        Loan other = billed(loan("2", IN_NOVEMBER, 100, THREE), NOVEMBER);

        assertThat(second.sealedBy(bill).parts()).extracting(Part::sealed).containsExactly(true, false);
        assertThat(other.sealedBy(bill)).isEqualTo(other);
    }

    @Test
    void aLoanThatIsNothingOrWhosePartsAreNotThoseCountedIsRefused() {
        assertThatThrownBy(() -> loan("1", IN_NOVEMBER, 0, THREE)).hasMessageContaining("positive");
        Loan loan = taken(loan("1", IN_NOVEMBER, 100, THREE), new Part(1, NOVEMBER, 33, 3, false));
        assertThatThrownBy(() -> new Loan(
                        loan.key(),
                        loan.currency(),
                        loan.order(),
                        loan.openedAt(),
                        100,
                        THREE,
                        67,
                        Map.of(),
                        Map.of(),
                        2,
                        List.copyOf(loan.parts())))
                .hasMessageContaining("1 parts, but billing took 2");
    }
}
