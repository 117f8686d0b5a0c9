package doubleeleven.credit.billing;

import doubleeleven.credit.Bill;
import doubleeleven.credit.Owed;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;

/** A customer's bills and what is owed on them. */
public record Bills(List<Bill> statements, List<Owed> owed) {
    /**
     * What is owed on a bill, of one kind.
     *
     * @throws IllegalStateException where it was never put, because the run that made the bill died and nobody repeated it
     */
    Owed owed(Bill bill, Owed.Kind kind) {
        return owed.stream()
                .filter(each -> each.key().equals(Owed.keyOf(bill.key(), kind)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "the bill " + bill.key() + " has no item for its " + kind + ": run its month's billing again"));
    }

    boolean anyOverdue(LocalDate day) {
        return statements.stream()
                .filter(bill -> bill.isOverdue(day))
                .flatMap(bill -> Arrays.stream(Owed.Kind.values()).map(kind -> owed(bill, kind)))
                .anyMatch(each -> each.owedMinor() > 0);
    }
}
