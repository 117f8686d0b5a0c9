package doubleeleven.testkit.asl;

import static java.nio.charset.StandardCharsets.UTF_8;

import doubleeleven.testkit.LocalTables;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The payment workflow as it is deployed, bound to the local tables. */
public final class PaymentTcc {
    /** Name of the function that its tasks invoke. */
    public static final String SCORE_RISK = "score-risk";

    private PaymentTcc() {}

    /** The deployed definition; its module has to be on the class path. */
    public static String definition() {
        try (InputStream in = PaymentTcc.class.getResourceAsStream("/payment-tcc.asl.json")) {
            if (in == null) {
                throw new IllegalStateException("payment-tcc.asl.json is not on the class path");
            }
            return new String(in.readAllBytes(), UTF_8)
                    .replace("${PaymentTable}", LocalTables.PAYMENT)
                    .replace("${AccountTable}", LocalTables.ACCOUNT)
                    .replace("${CreditTable}", LocalTables.CREDIT)
                    .replace("${ScoreRiskFunction}", SCORE_RISK);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
