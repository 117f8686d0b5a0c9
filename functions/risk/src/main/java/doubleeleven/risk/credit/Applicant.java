package doubleeleven.risk.credit;

import java.util.List;

/**
 * What is known of an applicant: the columns of the training set that a decision may rest on. Sex, age, marriage and education are not
 * among them. Amounts are whole units of the training set's money, see {@link CreditPolicy}.
 *
 * @param limitBal the credit granted so far, by anybody; above 0
 * @param pay repayment status of six months, the last one first: -2 not used, -1 paid in full, 0 carried over, n months late
 * @param billAmt bills of these months; below 0 is a credit balance
 * @param payAmt what was paid in these months; that of a month is for the bill of the month before
 */
public record Applicant(long limitBal, List<Long> pay, List<Long> billAmt, List<Long> payAmt) {
    static final int MONTHS = 6;
    /** Far above any amount of the training set, and exact in a double however they are added up. */
    private static final long AMOUNT_MOST = 1_000_000_000_000L;

    private static final int STATUS_LEAST = -2;
    private static final int STATUS_MOST = 12;

    public Applicant {
        pay = List.copyOf(pay);
        billAmt = List.copyOf(billAmt);
        payAmt = List.copyOf(payAmt);
        require("limitBal", limitBal, 1, AMOUNT_MOST);
        requireMonths("pay", pay, STATUS_LEAST, STATUS_MOST);
        requireMonths("billAmt", billAmt, -AMOUNT_MOST, AMOUNT_MOST);
        requireMonths("payAmt", payAmt, 0, AMOUNT_MOST);
    }

    /** The name of a column: the first status is {@code pay0}, and there is no {@code pay1}. */
    public static String column(String name, int month) {
        return name + (month == 0 && name.equals("pay") ? 0 : month + 1);
    }

    private static void requireMonths(String name, List<Long> values, long least, long most) {
        if (values.size() != MONTHS) {
            throw new IllegalArgumentException(name + " must be of " + MONTHS + " months, not " + values.size());
        }
        for (int month = 0; month < MONTHS; month++) {
            require(column(name, month), values.get(month), least, most);
        }
    }

    private static void require(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(field + " must be from " + least + " to " + most + ", not " + value);
        }
    }
}
