package doubleeleven.aws.dynamodb;

import doubleeleven.aws.Environment;
import doubleeleven.payment.BranchKind;

/**
 * The tables whose items a payment's branches lie on.
 *
 * @param account accounts and payees' entries
 * @param payment payments, which their refunds hold on
 * @param credit loans and bills, which refunds and repayments hold on
 */
public record MoneyTables(String account, String payment, String credit) {
    public static MoneyTables of(Environment environment) {
        return new MoneyTables(Tables.account(environment), Tables.payment(environment), Tables.credit(environment));
    }

    /** Where the item of a branch of that kind lies. */
    public String of(BranchKind kind) {
        return switch (kind) {
            case REFUNDABLE -> payment;
            case OWED -> credit;
            case DEBIT, CREDIT, SHARE, ALLOWANCE -> account;
        };
    }
}
