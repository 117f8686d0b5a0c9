package doubleeleven.account;

import java.time.Instant;
import org.joda.money.CurrencyUnit;

/**
 * A merchant as the platform knows one.
 *
 * @param buckets how many items share the merchant's credits and refunds, 1 to 64
 */
public record MerchantProfile(AccountKey key, CurrencyUnit currency, int buckets, Instant openedAt) {}
