package doubleeleven.credit;

import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What credit costs and when it is due.
 *
 * @param name of this version of the terms
 * @param dueDay the day of the month after the bill's, 6 to 28: a bill made in time leaves five days at least
 * @param dailyInterestPpm millionths of the overdue principal for each day, 0 to 10,000
 * @param feePpm what a plan costs in all, in millionths of the principal, by its number of instalments
 */
public record Terms(String name, int dueDay, int dailyInterestPpm, Map<Integer, Integer> feePpm) {
    /** How many days a customer has to pay at least, however late the bill is made. */
    private static final int NOTICE_DAYS = 5;

    public Terms {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name must not be blank");
        }
        require("dueDay", dueDay, NOTICE_DAYS + 1, 28);
        require("dailyInterestPpm", dailyInterestPpm, 0, 10_000);
        feePpm = Map.copyOf(feePpm);
        feePpm.forEach((count, fee) -> {
            if (!InstalmentPlan.COUNTS.contains(count)) {
                throw new IllegalArgumentException("instalments must be 3, 6, 9 or 12: " + count);
            }
            require("instalments." + count, fee, 0, InstalmentPlan.PPM);
        });
    }

    /** The plan of so many instalments; without a plan it is one. Empty where these terms offer none. */
    public Optional<InstalmentPlan> plan(int count) {
        if (count == InstalmentPlan.NONE.count()) {
            return Optional.of(InstalmentPlan.NONE);
        }
        @Nullable Integer fee = feePpm.get(count);
        return fee == null ? Optional.empty() : Optional.of(new InstalmentPlan(count, fee));
    }

    /**
     * The last day on which a month's bill is paid in time, UTC: in the next month, but for a bill that is made so late that too few days
     * would be left.
     */
    public LocalDate dueOn(YearMonth bill, LocalDate made) {
        LocalDate due = bill.plusMonths(1).atDay(dueDay);
        while (due.isBefore(made.plusDays(NOTICE_DAYS))) {
            due = due.plusMonths(1);
        }
        return due;
    }

    private static void require(String field, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(field + " must be " + least + " to " + most + ": " + value);
        }
    }
}
