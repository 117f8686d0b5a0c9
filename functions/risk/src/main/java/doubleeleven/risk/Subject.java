package doubleeleven.risk;

import doubleeleven.payment.PaymentKind;
import java.time.Instant;

/** What is to be decided on. */
public record Subject(PaymentKind kind, String payer, long amountMinor, String currency, Instant at) {}
