package doubleeleven.credit;

import static doubleeleven.credit.Samples.TERMS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TermsTest {
    @Test
    void aPlanCostsWhatTheTermsSayAndOneThatTheyDoNotOfferIsNone() {
        assertThat(TERMS.plan(12)).contains(new InstalmentPlan(12, 88_000));
        assertThat(TERMS.plan(1)).contains(InstalmentPlan.NONE);
        assertThat(TERMS.plan(2)).isEmpty();
        assertThat(new Terms("short", 10, 500, Map.of(3, 0)).plan(6)).isEmpty();
    }

    @Test
    void aBillIsDueInTheMonthAfterItsOwn() {
        assertThat(TERMS.dueOn(YearMonth.of(2026, 11), LocalDate.of(2026, 12, 1)))
                .isEqualTo("2026-12-10");
        assertThat(TERMS.dueOn(YearMonth.of(2026, 12), LocalDate.of(2027, 1, 1)))
                .isEqualTo("2027-01-10");
    }

    @Test
    void aBillThatIsMadeLateLeavesFiveDaysToPayWithoutInterest() {
        assertThat(TERMS.dueOn(YearMonth.of(2026, 11), LocalDate.of(2026, 12, 5)))
                .isEqualTo("2026-12-10");
        assertThat(TERMS.dueOn(YearMonth.of(2026, 11), LocalDate.of(2026, 12, 6)))
                .isEqualTo("2027-01-10");
        assertThat(TERMS.dueOn(YearMonth.of(2026, 11), LocalDate.of(2027, 3, 1)))
                .isEqualTo("2027-03-10");
    }

    @Test
    void whatIsOutOfRangeIsRefusedByNameAndRange() {
        assertThatThrownBy(() -> new Terms(" ", 10, 500, Map.of())).hasMessageContaining("name");
        assertThatThrownBy(() -> new Terms("t", 5, 500, Map.of())).hasMessage("dueDay must be 6 to 28: 5");
        assertThatThrownBy(() -> new Terms("t", 29, 500, Map.of())).hasMessage("dueDay must be 6 to 28: 29");
        assertThatThrownBy(() -> new Terms("t", 10, 10_001, Map.of()))
                .hasMessage("dailyInterestPpm must be 0 to 10000: 10001");
        assertThatThrownBy(() -> new Terms("t", 10, 500, Map.of(4, 0))).hasMessageContaining("3, 6, 9 or 12");
        assertThatThrownBy(() -> new Terms("t", 10, 500, Map.of(3, -1)))
                .hasMessage("instalments.3 must be 0 to 1000000: -1");
    }
}
