package doubleeleven.credit;

import java.util.ArrayList;
import java.util.List;

/**
 * What an applicant tells of the last six months, the latest first: the columns of the data that the models were trained on, in whole units
 * of the currency. Sex, age and marriage are none of them: to decide by those would be unlawful discrimination in many jurisdictions.
 */
public final class Applicant {
    /** The most that an amount may be, either side of zero. */
    public static final long MOST = 1_000_000_000_000L;

    /** The worst a repayment status may be: so many months late, or more. */
    public static final long LATEST = 9;

    /** A column with the values it may have. */
    public record Field(String name, long least, long most) {}

    /** All columns, in the order of the data. */
    public static final List<Field> FIELDS = fields();

    private Applicant() {}

    private static List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        fields.add(new Field("limitBal", 1, MOST));
        for (String month : new String[] {"0", "2", "3", "4", "5", "6"}) {
            fields.add(new Field("pay" + month, -2, LATEST));
        }
        for (int month = 1; month <= 6; month++) {
            fields.add(new Field("billAmt" + month, -MOST, MOST));
        }
        for (int month = 1; month <= 6; month++) {
            fields.add(new Field("payAmt" + month, 0, MOST));
        }
        return List.copyOf(fields);
    }
}
