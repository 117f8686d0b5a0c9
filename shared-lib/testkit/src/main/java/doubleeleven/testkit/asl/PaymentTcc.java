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
        return definition(unit, LocalTables.PREFIX);
    }

    /** The same on tables whose names begin so. */
    public static String definition(String unit, String prefix) {
        return Definitions.read(
                "payment-tcc",
                Map.of(
                        "PaymentTable", prefix + "payment",
                        "AccountTable", prefix + "account",
                        "CreditTable", prefix + "credit",
                        "ControlTable", prefix + "control",
                        "Unit", unit,
                        "ScoreRiskFunction", SCORE_RISK));
    }
}
