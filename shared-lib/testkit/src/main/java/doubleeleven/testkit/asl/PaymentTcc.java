package doubleeleven.testkit.asl;

import doubleeleven.testkit.LocalTables;
import java.util.Map;

/** The payment workflow as it is deployed, bound to the local tables. */
public final class PaymentTcc {
    /** Name of the function that its tasks invoke. */
    public static final String SCORE_RISK = "score-risk";

    private PaymentTcc() {}

    /** The definition as it is deployed in a unit; its module has to be on the class path. */
    public static String definition(String unit) {
        return Definitions.read(
                "payment-tcc",
                Map.of(
                        "PaymentTable", LocalTables.PAYMENT,
                        "AccountTable", LocalTables.ACCOUNT,
                        "CreditTable", LocalTables.CREDIT,
                        "ControlTable", LocalTables.CONTROL,
                        "Unit", unit,
                        "ScoreRiskFunction", SCORE_RISK));
    }
}
