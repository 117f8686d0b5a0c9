package doubleeleven.risk.credit;

import doubleeleven.risk.Golden;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Applicants: customers of the training set, and made-up ones. */
public final class Applicants {
    private Applicants() {}

    public static List<Applicant> ofTrainingSet() {
        return Golden.read("golden-default").rows().stream()
                .map(row -> of(Golden.numbers(row, "raw")))
                .toList();
    }

    static Applicant of(double[] raw) {
        return new Applicant(
                (long) raw[0], Golden.longs(raw, 1, 7), Golden.longs(raw, 7, 13), Golden.longs(raw, 13, 19));
    }

    public static Applicant madeUp(Random random) {
        return new Applicant(
                random.nextLong(10_000, 800_000),
                six(() -> random.nextLong(-2, 4)),
                six(() -> random.nextLong(-500, 400_000)),
                six(() -> random.nextInt(3) == 0 ? 0 : random.nextLong(0, 50_000)));
    }

    private static List<Long> six(LongSupplier each) {
        return Stream.generate(each::getAsLong).limit(6).toList();
    }

    /** The columns as a request names them. */
    public static Map<String, Object> json(Applicant applicant) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("limitBal", applicant.limitBal());
        for (int month = 0; month < 6; month++) {
            json.put(month == 0 ? "pay0" : "pay" + (month + 1), applicant.pay().get(month));
            json.put("billAmt" + (month + 1), applicant.billAmt().get(month));
            json.put("payAmt" + (month + 1), applicant.payAmt().get(month));
        }
        return json;
    }
}
