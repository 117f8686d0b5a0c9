package doubleeleven.account;

import java.time.Instant;
import org.joda.money.CurrencyUnit;

/**
 * A customer as the platform knows one.
 *
 * @param publicKey raw Ed25519 public key in base64url; consent tokens are verified with it
 */
public record CustomerProfile(AccountKey key, String publicKey, CurrencyUnit currency, Instant openedAt) {}
