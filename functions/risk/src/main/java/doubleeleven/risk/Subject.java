package doubleeleven.risk;

import doubleeleven.payment.PaymentKind;
import java.time.Instant;

/**
 * What is to be decided on.
 *
 * @param onCredit a part of it is paid from a credit line, so that the platform lends what is lost
 */
public record Subject(
        PaymentKind kind, String payer, long amountMinor, String currency, Instant at, boolean onCredit) {}
