package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import doubleeleven.account.Hold;
import doubleeleven.account.MerchantProfile;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What merchants have: in the buckets of their balances, and in entries that no posting has taken there yet. */
final class Takings {
    /**
     * Posting takes seconds. What is not posted after this time is a fault, which an alarm tells of and the daily reconciliation mends;
     * to look for it here would read a merchant's whole history.
     */
    static final Duration UNPOSTED_AT_MOST = Duration.ofMinutes(15);

    private static final int MOST_LOOKS = 4;

    private final Accounts accounts;
    private final Clock clock;

    Takings(Accounts accounts, Clock clock) {
        this.accounts = accounts;
        this.clock = clock;
    }

    /** A balance, over all buckets. */
    record Balance(long postedMinor, long heldMinor, long incomingMinor, long unpostedMinor) {
        static final Balance NOTHING = new Balance(0, 0, 0, 0);

        private Balance plus(Fund bucket, long bucketsUnpostedMinor) {
            return new Balance(
                    postedMinor + bucket.availableMinor(),
                    heldMinor + bucket.heldMinor(),
                    incomingMinor + incoming(bucket),
                    unpostedMinor + bucketsUnpostedMinor);
        }
    }

    /** The buckets, all of them. */
    List<Fund> bucketsOf(MerchantProfile merchant) {
        List<Fund> buckets = accounts.bucketsOf(merchant);
        if (buckets.size() != merchant.buckets()) {
            throw new IllegalStateException("a merchant has " + merchant.buckets() + " buckets, not " + buckets.size());
        }
        return buckets;
    }

    /** Each bucket with its entries, read between two looks at its batch number: no posting came in between. */
    Balance of(MerchantProfile merchant) {
        Instant from = clock.instant().minus(UNPOSTED_AT_MOST);
        Balance balance = Balance.NOTHING;
        List<Fund> open = bucketsOf(merchant);
        for (int look = 1; !open.isEmpty(); look++) {
            Map<AccountKey, Long> unposted = new HashMap<>();
            open.forEach(bucket -> unposted.put(bucket.key(), unposted(bucket, from)));
            Map<AccountKey, Fund> after =
                    bucketsOf(merchant).stream().collect(Collectors.toMap(Fund::key, Function.identity()));
            List<Fund> again = new ArrayList<>();
            for (Fund bucket : open) {
                Fund now = Objects.requireNonNull(after.get(bucket.key()));
                if (Objects.equals(bucket.batch(), now.batch()) || look == MOST_LOOKS) {
                    balance = balance.plus(bucket, Objects.requireNonNull(unposted.get(bucket.key())));
                } else {
                    again.add(now);
                }
            }
            open = again;
        }
        return balance;
    }

    /** What is in the balance already, though its entry is not marked yet, is not counted twice. */
    private long unposted(Fund bucket, Instant from) {
        List<String> taken = bucket.posting() == null ? List.of() : bucket.posting();
        return accounts.unposted(bucket.key(), from).stream()
                .filter(entry -> !taken.contains(entry.sortKey()))
                .mapToLong(Entry::amountMinor)
                .sum();
    }

    static long incoming(Fund fund) {
        return fund.incoming().values().stream().mapToLong(Hold::amountMinor).sum();
    }
}
