package doubleeleven.credit;

import static doubleeleven.credit.Samples.CUSTOMER;
import static doubleeleven.credit.Samples.IN_NOVEMBER;
import static doubleeleven.credit.Samples.NOVEMBER;
import static doubleeleven.credit.Samples.TERMS;
import static doubleeleven.credit.Samples.bill;
import static doubleeleven.credit.Samples.billed;
import static doubleeleven.credit.Samples.loan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;
import org.junit.jupiter.api.Test;

class BillTest {
    private static final InstalmentPlan THREE = new InstalmentPlan(3, 100_000);
    private static final LocalDate MADE = LocalDate.of(2026, 12, 1);

    private final Loan first = billed(loan("1", IN_NOVEMBER, 100, THREE), NOVEMBER);
    private final Loan second = billed(loan("2", IN_NOVEMBER.plusSeconds(1), 50, InstalmentPlan.NONE), NOVEMBER);

    @Test
    void itListsEveryUnsealedPartWithItsLoanAndSumsThem() {
        assertThat(bill(NOVEMBER, second, first))
                .isEqualTo(new Bill(
                        Bill.keyOf(CUSTOMER, NOVEMBER),
                        NOVEMBER,
                        CurrencyUnit.GBP,
                        Instant.parse("2026-12-01T00:00:00Z"),
                        LocalDate.of(2026, 12, 10),
                        List.of(new Bill.Line(first.id(), 1, 3, 33, 3), new Bill.Line(second.id(), 1, 1, 50, 0)),
                        83,
                        3));
    }

    @Test
    void aPartOfAnEarlierMonthThatNoBillListsIsOnTheNextBillButNeverOneOfALaterMonth() {
        assertThat(bill(NOVEMBER.plusMonths(1), first).principalMinor()).isEqualTo(33);
        assertThat(Bill.of(CUSTOMER, NOVEMBER.minusMonths(1), MADE, TERMS, List.of(first)))
                .isEmpty();
    }

    @Test
    void whereAllPartsAreSealedThereIsNoBill() {
        Bill november = bill(NOVEMBER, first);

        assertThat(Bill.of(CUSTOMER, NOVEMBER.plusMonths(1), MADE, TERMS, List.of(first.sealedBy(november))))
                .isEqualTo(Optional.empty());
    }

    @Test
    void itIsOverdueFromTheDayAfterItIsDue() {
        assertThat(bill(NOVEMBER, first).isOverdue(LocalDate.of(2026, 12, 10))).isFalse();
        assertThat(bill(NOVEMBER, first).isOverdue(LocalDate.of(2026, 12, 11))).isTrue();
    }

    @Test
    void itSaysWhatItListsOfOneLoan() {
        Loan late = billed(first, NOVEMBER.plusMonths(1));
        Bill both = bill(NOVEMBER.plusMonths(1), late, second);

        assertThat(both.principalOf(late.id())).isEqualTo(33 + 34);
        assertThat(both.lists(late.id(), 2)).isTrue();
        assertThat(both.lists(late.id(), 3)).isFalse();
        assertThat(both.lists(second.id(), 2)).isFalse();
    }

    @Test
    void itsKeyIsToldFromThoseOfWhatIsOwedOnIt() {
        Bill bill = bill(NOVEMBER, first);
        assertThat(bill.key().sk())
                .isEqualTo("BILL#2026-11")
                .satisfies(sk -> assertThat(Bill.isSortKey(sk)).isTrue());
        for (Owed.Kind kind : Owed.Kind.values()) {
            Owed owed = Owed.of(bill, kind, TERMS);
            assertThat(owed.key().sk()).isEqualTo("BILL#2026-11#" + kind);
            assertThat(Bill.isSortKey(String.valueOf(owed.key().sk()))).isFalse();
            assertThat(owed.kind()).isEqualTo(kind);
            assertThat(owed.bill()).isEqualTo(NOVEMBER);
        }
        assertThat(Bill.isSortKey("LOAN#2026-11")).isFalse();
    }

    @Test
    void itsFeesAndItsPrincipalAreOwedAtOnceAndInterestFromTheDayItIsDue() {
        Bill bill = bill(NOVEMBER, first);

        assertThat(Owed.of(bill, Owed.Kind.FEE, TERMS).availableMinor()).isEqualTo(3);
        assertThat(Owed.of(bill, Owed.Kind.PRINCIPAL, TERMS).availableMinor()).isEqualTo(33);
        Owed interest = Owed.of(bill, Owed.Kind.INTEREST, TERMS);
        assertThat(interest.availableMinor()).isZero();
        assertThat(interest.interest()).isEqualTo(new Interest(LocalDate.of(2026, 12, 10), 0, 500));
    }

    @Test
    void totalsThatItsLinesDoNotSumToAreRefused() {
        Bill bill = bill(NOVEMBER, first);
        assertThatThrownBy(() -> new Bill(
                        bill.key(), NOVEMBER, bill.currency(), bill.closedAt(), bill.dueOn(), bill.lines(), 33, 4))
                .hasMessageContaining("lists 33 and 3, but says 33 and 4");
    }

    @Test
    void loansOfTwoCurrenciesAreRefused() {
        Loan dollars = billed(
                Loan.open(
                        CUSTOMER,
                        IN_NOVEMBER,
                        Samples.attempt("3"),
                        Samples.order("3"),
                        Money.ofMinor(CurrencyUnit.USD, 5),
                        InstalmentPlan.NONE),
                NOVEMBER);
        assertThatThrownBy(() -> bill(NOVEMBER, first, dollars)).hasMessageContaining("one currency");
    }
}
