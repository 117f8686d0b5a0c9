package doubleeleven.gateway;

import java.util.Optional;
import org.joda.money.CurrencyUnit;
import org.joda.money.IllegalCurrencyException;
import org.joda.money.Money;

/** Currencies as requests name them. */
final class Currencies {
    private Currencies() {}

    /** Reads the field {@code currency}. */
    static CurrencyUnit currency(Fields fields) {
        String code = fields.text("currency", Text.CURRENCY);
        return find(code).orElseGet(() -> {
            fields.wrong("currency", "is not a currency known here");
            return CurrencyUnit.USD;
        });
    }

    /** That many minor units of the currency in the field {@code currency}. */
    static Money money(Fields fields, long minor) {
        return Money.ofMinor(currency(fields), minor);
    }

    static Optional<CurrencyUnit> find(String code) {
        try {
            return Optional.of(CurrencyUnit.of(code));
        } catch (IllegalCurrencyException e) {
            return Optional.empty();
        }
    }
}
