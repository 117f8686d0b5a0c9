package doubleeleven.gateway;

import doubleeleven.account.CustomerProfile;
import doubleeleven.account.MerchantProfile;
import doubleeleven.caching.Recent;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Profiles, kept for a while: what is in them never changes once they are opened. */
final class Profiles {
    private static final Duration KEPT = Duration.ofMinutes(1);

    private final Recent<String, CustomerProfile> customers;
    private final Recent<String, MerchantProfile> merchants;

    Profiles(Accounts accounts, Clock clock) {
        this.customers = new Recent<>(accounts::findCustomer, KEPT, clock);
        this.merchants = new Recent<>(accounts::findMerchant, KEPT, clock);
    }

    Optional<CustomerProfile> customer(String customer) {
        return customers.find(customer);
    }

    Optional<MerchantProfile> merchant(String merchant) {
        return merchants.find(merchant);
    }

    /** One that the caller may not see is answered like one that does not exist. */
    Optional<MerchantProfile> merchant(String merchant, Caller caller) {
        return caller.sees(merchant) ? merchant(merchant) : Optional.empty();
    }
}
