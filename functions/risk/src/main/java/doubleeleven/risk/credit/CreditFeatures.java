package doubleeleven.risk.credit;

import doubleeleven.risk.model.Formulas;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import java.util.function.ToDoubleFunction;

/** Features of an applicant, as {@code training/FEATURES.md} defines them. */
final class CreditFeatures {
    static final Formulas<Applicant> FORMULAS = new Formulas<>(formulas());

    private CreditFeatures() {}

    private static Map<String, ToDoubleFunction<Applicant>> formulas() {
        Map<String, ToDoubleFunction<Applicant>> all = new HashMap<>();
        all.put("limit", Applicant::limitBal);
        for (int month = 0; month < Applicant.MONTHS; month++) {
            int at = month;
            all.put("late_" + (month + 1), a -> Math.max(a.pay().get(at), 0));
        }
        all.put(
                "late_worst_before",
                a -> Math.max(
                        0, before(a).stream().mapToLong(Long::longValue).max().orElse(0)));
        all.put("late_months_before", a -> count(before(a), status -> status > 0));
        all.put("state_1", a -> Math.min(a.pay().get(0), 0));
        all.put("state_2", a -> Math.min(a.pay().get(1), 0));
        all.put("carried_months", a -> count(a.pay(), status -> status == 0));
        all.put("idle_months", a -> count(a.billAmt(), bill -> bill <= 0));
        all.put(
                "spent_1",
                a -> a.billAmt().get(0) - a.billAmt().get(1) + a.payAmt().get(0));
        all.put("utilisation_1", a -> (double) a.billAmt().get(0) / a.limitBal());
        all.put("utilisation_mean", a -> (double) sum(a.billAmt()) / Applicant.MONTHS / a.limitBal());
        all.put(
                "utilisation_rise",
                a -> (double) (a.billAmt().get(0) - a.billAmt().get(5)) / a.limitBal());
        for (int month = 0; month < Applicant.MONTHS; month++) {
            int at = month;
            all.put("paid_" + (month + 1), a -> a.payAmt().get(at));
        }
        all.put("paid_total", a -> sum(a.payAmt()));
        all.put(
                "paid_least",
                a -> a.payAmt().stream().mapToLong(Long::longValue).min().orElse(0));
        all.put("paid_share_1", a -> share(a.payAmt().get(0), a.billAmt().get(1)));
        all.put(
                "paid_share_mean",
                a -> share(sum(a.payAmt().subList(0, 5)), sum(a.billAmt().subList(1, 6))));
        all.put("paid_of_limit", a -> (double) sum(a.payAmt()) / a.limitBal());
        return all;
    }

    /** The months before the last. */
    private static List<Long> before(Applicant applicant) {
        return applicant.pay().subList(1, Applicant.MONTHS);
    }

    private static long count(List<Long> values, LongPredicate counts) {
        return values.stream().mapToLong(Long::longValue).filter(counts).count();
    }

    private static long sum(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).sum();
    }

    private static double share(long part, long whole) {
        return whole > 0 ? (double) part / whole : Double.NaN;
    }
}
