package doubleeleven.credit;

import static doubleeleven.credit.Owed.Kind.FEE;
import static doubleeleven.credit.Owed.Kind.PRINCIPAL;
import static doubleeleven.credit.Samples.IN_NOVEMBER;
import static doubleeleven.credit.Samples.NOVEMBER;
import static doubleeleven.credit.Samples.bill;
import static doubleeleven.credit.Samples.billed;
import static doubleeleven.credit.Samples.loan;
import static doubleeleven.credit.Samples.owed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RefundSplitTest {
    private final Loan loan = billed(
            billed(loan("1", IN_NOVEMBER, 300, new InstalmentPlan(3, 100_000)), NOVEMBER), NOVEMBER.plusMonths(1));
    private final Loan other = billed(loan("2", IN_NOVEMBER, 40, InstalmentPlan.NONE), NOVEMBER);
    private final Bill november = bill(NOVEMBER, loan, other);
    private final Bill december = bill(NOVEMBER.plusMonths(1), loan.sealedBy(november));
    private final Bill without = bill(NOVEMBER.plusMonths(2), other);
    private final List<Bill> bills = List.of(november, without, december);
    private final List<Owed> owed = List.of(
            owed(november, PRINCIPAL, 140),
            owed(november, FEE, 20),
            owed(december, PRINCIPAL, 60),
            owed(without, PRINCIPAL, 40));

    @Test
    void whatIsUnbilledGoesFirstThenTheNewestBillThenOlderOnesAndTheRestWasRepaidAlready() {
        assertThat(RefundSplit.of(300, loan, bills, owed))
                .isEqualTo(new RefundSplit(
                        List.of(
                                new Share(loan.key(), 100, true),
                                new Share(Owed.keyOf(december.key(), PRINCIPAL), 60, true),
                                new Share(Owed.keyOf(november.key(), PRINCIPAL), 100, true)),
                        40));
    }

    @Test
    void aSmallOneTakesOnlyFromTheEndOfThePlan() {
        RefundSplit split = RefundSplit.of(99, loan, bills, owed);

        assertThat(split.owed()).containsExactly(new Share(loan.key(), 99, true));
        assertThat(split.lineMinor()).isEqualTo(99);
        assertThat(split.balanceMinor()).isZero();
    }

    @Test
    void whereAllIsRepaidAllOfItComesBackAsMoney() {
        Loan repaid = Samples.less(loan, 100);

        assertThat(RefundSplit.of(
                        300, repaid, bills, List.of(owed(november, PRINCIPAL, 0), owed(december, PRINCIPAL, 0))))
                .isEqualTo(new RefundSplit(List.of(), 300));
    }
}
