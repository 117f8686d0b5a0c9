package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.account.CustomerProfile;
import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import doubleeleven.account.MerchantProfile;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Accounts as the gateway reads and opens them. Every read sees whatever was written before it began. */
public interface Accounts {
    Optional<CustomerProfile> findCustomer(String customer);

    Optional<MerchantProfile> findMerchant(String merchant);

    Optional<Fund> findFund(AccountKey key);

    /** Balance, coupons and mandates of a customer. */
    List<Fund> fundsOf(String customer);

    /** The buckets of a merchant's balance that exist. */
    List<Fund> bucketsOf(MerchantProfile merchant);

    /** Entries of a bucket, decided at that time or later, that no posting has taken into its balance yet. */
    List<Entry> unposted(AccountKey bucket, Instant from);

    /** Of the entries with these keys, those that exist. */
    List<Entry> entries(List<AccountKey> keys);

    /** Stores a profile, or changes nothing and answers the one that is there. */
    Optional<CustomerProfile> open(CustomerProfile profile);

    /** Stores a profile, or changes nothing and answers the one that is there. */
    Optional<MerchantProfile> open(MerchantProfile profile);

    /** Stores a fund, or changes nothing and answers the one that is there. */
    Optional<Opening> open(Opening opening);

    /**
     * A fund as it is opened.
     *
     * @param token the payer's signature under a mandate, kept as evidence
     */
    record Opening(Fund fund, @Nullable String token) {}
}
