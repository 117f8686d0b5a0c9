package doubleeleven.credit;

import static doubleeleven.credit.Owed.Kind.FEE;
import static doubleeleven.credit.Owed.Kind.INTEREST;
import static doubleeleven.credit.Owed.Kind.PRINCIPAL;
import static doubleeleven.credit.Samples.IN_NOVEMBER;
import static doubleeleven.credit.Samples.NOVEMBER;
import static doubleeleven.credit.Samples.attempt;
import static doubleeleven.credit.Samples.bill;
import static doubleeleven.credit.Samples.billed;
import static doubleeleven.credit.Samples.gbp;
import static doubleeleven.credit.Samples.loan;
import static doubleeleven.credit.Samples.order;
import static doubleeleven.credit.Samples.owed;
import static doubleeleven.credit.Samples.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.account.Hold;
import java.util.List;
import java.util.Map;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.junit.jupiter.api.Test;

class RepaymentTest {
    private final Loan older = billed(
            billed(loan("1", IN_NOVEMBER, 300, new InstalmentPlan(3, 100_000)), NOVEMBER), NOVEMBER.plusMonths(1));
    private final Loan newer = loan("2", IN_NOVEMBER.plusSeconds(1), 50, InstalmentPlan.NONE);
    private final Bill november = bill(NOVEMBER, older);
    private final Bill december = bill(NOVEMBER.plusMonths(1), older.sealedBy(november));
    private final List<Owed> owed = List.of(
            owed(december, PRINCIPAL, 100),
            owed(december, FEE, 10),
            owed(december, INTEREST, 0),
            owed(november, PRINCIPAL, 70),
            owed(november, INTEREST, 4),
            owed(november, FEE, 0));
    private final List<Loan> loans = List.of(newer, older);

    @Test
    void theOldestBillComesFirstOnEachItsFeesItsInterestItsPrincipalThenTheOldestLoan() {
        assertThat(Repayment.of(gbp(70 + 4 + 100 + 10 + 100 + 1), owed, loans))
                .isEqualTo(new Repayment.Allocated(List.of(
                        new Share(Owed.keyOf(november.key(), INTEREST), 4, false),
                        new Share(Owed.keyOf(november.key(), PRINCIPAL), 70, true),
                        new Share(Owed.keyOf(december.key(), FEE), 10, false),
                        new Share(Owed.keyOf(december.key(), PRINCIPAL), 100, true),
                        new Share(older.key(), 100, true),
                        new Share(newer.key(), 1, true))));
    }

    @Test
    void aPartialOneStopsWhereItIsUsedUpAndSaysWhatTheLineAndTheLenderGet() {
        Repayment.Allocated part = (Repayment.Allocated) Repayment.of(gbp(90), owed, loans);

        assertThat(part.shares()).extracting(Share::amountMinor).containsExactly(4L, 70L, 10L, 6L);
        assertThat(part.principalMinor()).isEqualTo(76);
        assertThat(part.costMinor()).isEqualTo(14);
    }

    @Test
    void allThatIsOwedCanBeRepaidAndNotAUnitMoreAndNothingIsNoRepayment() {
        Repayment.OutOfRange range = new Repayment.OutOfRange(gbp(1), gbp(334));

        assertThat(Repayment.of(gbp(334), owed, loans)).isInstanceOf(Repayment.Allocated.class);
        assertThat(Repayment.of(gbp(335), owed, loans)).isEqualTo(range);
        assertThat(Repayment.of(gbp(0), owed, loans)).isEqualTo(range);
        assertThat(Repayment.of(gbp(-1), owed, loans)).isEqualTo(range);
        assertThat(Repayment.of(gbp(1), List.of(), List.of())).isEqualTo(new Repayment.OutOfRange(gbp(1), gbp(0)));
    }

    @Test
    void whatAnotherRepaymentHoldsIsLeftAlone() {
        Hold hold = new Hold(50, order("other"), IN_NOVEMBER);
        Owed held = with(owed(november, PRINCIPAL, 20), 20, Map.of(attempt("other"), hold));

        assertThat(held.owedMinor()).isEqualTo(70);
        assertThat(Repayment.of(gbp(21), List.of(held), List.of()))
                .isEqualTo(new Repayment.OutOfRange(gbp(1), gbp(20)));
    }

    @Test
    void anotherCurrencyIsRefused() {
        assertThatThrownBy(() -> Repayment.of(Money.ofMinor(CurrencyUnit.USD, 1), owed, loans))
                .hasMessageContaining("GBP cannot be repaid in USD");
    }
}
