package doubleeleven.notification.delivery;

import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.ids.PaymentId;
import doubleeleven.ids.Shard;
import doubleeleven.payment.Payee;
import doubleeleven.payment.PaymentKind;
import java.time.Instant;
import java.util.List;
import org.joda.money.CurrencyUnit;
import org.joda.money.Money;

/** Decisions to be told. */
public final class Samples {
    public static final Instant DECIDED = Instant.parse("2026-11-11T00:00:00Z");

    private Samples() {}

    /** One payee, the merchant itself. */
    public static Decision paid(String merchant) {
        return decision(PaymentKind.PAYMENT, true, merchant, List.of(new Payee(merchant, 3, 1234)));
    }

    static Decision shared(boolean paid) {
        return decision(
                PaymentKind.PAYMENT, paid, "market", List.of(new Payee("toys", 0, 1000), new Payee("gifts", 1, 234)));
    }

    static Decision decision(PaymentKind kind, boolean paid, String merchant, List<Payee> payees) {
        return new Decision(
                new AttemptId("a".repeat(26)),
                new PaymentId(new Shard(7), new OrderHash("b".repeat(26))),
                kind,
                paid,
                "42",
                merchant,
                Money.ofMinor(CurrencyUnit.of("GBP"), 1234),
                payees,
                DECIDED,
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
    }
}
