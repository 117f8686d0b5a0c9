package doubleeleven.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Fund;
import doubleeleven.gateway.Attempt.Try;
import doubleeleven.ids.OrderHash;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.joda.money.CurrencyUnit;
import org.junit.jupiter.api.Test;

/** What a refund takes from whom and gives to whom, whatever the refunds before it were. */
class RefundPlanTest {
    private static final OrderHash ORIGINAL = OrderHash.ofOrder("m", "o");

    /** Amounts small enough that refunds end on, before and behind the borders between sources. */
    @Provide
    Arbitrary<List<Branch>> sources() {
        return Arbitraries.longs()
                .between(1, 50)
                .list()
                .ofMinSize(1)
                .ofMaxSize(Limits.MOST_SOURCES)
                .map(amounts -> {
                    List<Branch> sources = new ArrayList<>();
                    for (long amount : amounts) {
                        AccountKey account = AccountKey.couponOf("c", "C" + sources.size());
                        sources.add(new Branch(BranchKind.DEBIT, account, amount));
                    }
                    return sources;
                });
    }

    @Provide
    Arbitrary<List<Fund>> buckets() {
        return Arbitraries.longs()
                .between(0, 60)
                .list()
                .ofMinSize(1)
                .ofMaxSize(Limits.MOST_BUCKETS)
                .map(amounts -> {
                    List<Fund> buckets = new ArrayList<>();
                    for (long amount : amounts) {
                        buckets.add(bucket(buckets.size(), amount));
                    }
                    return buckets;
                });
    }

    private static Fund bucket(int number, long available) {
        return Fund.open(AccountKey.bucketOf("m", number), CurrencyUnit.GBP, available);
    }

    private static OrderHash refund(int number) {
        return ORIGINAL.refund("R" + number);
    }

    private static long sum(List<Try> tries) {
        return tries.stream().mapToLong(each -> each.branch().amountMinor()).sum();
    }

    @Property
    void noSourceGetsBackMoreThanItGaveInAnySequenceOfRefunds(
            @ForAll("sources") List<Branch> sources,
            @ForAll @Size(max = 30) List<@LongRange(min = 1, max = 60) Long> asked) {
        long rest = sources.stream().mapToLong(Branch::amountMinor).sum();
        Map<AccountKey, Long> given = new HashMap<>();
        for (long amount : asked) {
            // What exceeds the rest is declined by the hold on it.
            if (amount <= rest) {
                List<Branch> shares = RefundPlan.shares(sources, rest, amount);
                assertThat(shares.stream().mapToLong(Branch::amountMinor).sum()).isEqualTo(amount);
                shares.forEach(share -> given.merge(share.account(), share.amountMinor(), Long::sum));
                rest -= amount;
            }
        }

        assertThat(given.values().stream().mapToLong(Long::longValue).sum() + rest)
                .isEqualTo(sources.stream().mapToLong(Branch::amountMinor).sum());
        for (Branch source : sources) {
            assertThat(given.getOrDefault(source.account(), 0L)).isLessThanOrEqualTo(source.amountMinor());
        }
    }

    /** Shares and sources cut the same amount differently: what payees give back and what sources get back are limited each by its own. */
    @Property
    void noPayeeGivesMoreThanItsShareAndNoSourceGetsMoreThanItGaveWhicheverPayeesRefund(
            @ForAll("sources") List<Branch> sources,
            @ForAll @Size(min = 2, max = 10) List<@IntRange(min = 1, max = 9) Integer> weights,
            @ForAll @Size(max = 30) List<@LongRange(min = 1, max = 60) Long> asked) {
        long paid = sources.stream().mapToLong(Branch::amountMinor).sum();
        Assume.that(paid >= weights.size());
        List<Long> shares = split(paid, weights);
        assertThat(shares.stream().mapToLong(Long::longValue).sum()).isEqualTo(paid);
        List<Long> left = new ArrayList<>(shares);
        long rest = paid;
        Map<AccountKey, Long> given = new HashMap<>();
        for (int i = 0; i < asked.size(); i++) {
            int payee = i % shares.size();
            long amount = asked.get(i);
            List<Try> tries = RefundPlan.tries(
                    ORIGINAL,
                    Optional.of(new AccountKey("M#" + payee + "#0", "E#1")),
                    refund(i),
                    sources,
                    rest,
                    amount,
                    List.of(bucket(0, paid)),
                    Optional.empty());
            // The two limits are held on as the workflow does: both or nothing.
            long share = left.get(payee);
            long whole = rest;
            boolean granted = tries.stream()
                    .filter(each -> each.branch().kind().isRefundLimit())
                    .allMatch(each ->
                            each.branch().amountMinor() <= (each.branch().kind() == BranchKind.SHARE ? share : whole));
            if (granted) {
                left.set(payee, share - amount);
                rest -= amount;
                tries.stream()
                        .filter(each -> each.branch().kind() == BranchKind.CREDIT)
                        .forEach(each -> given.merge(
                                each.branch().account(), each.branch().amountMinor(), Long::sum));
            }
        }

        assertThat(left).allMatch(one -> one >= 0);
        assertThat(left.stream().mapToLong(Long::longValue).sum()).isEqualTo(rest);
        assertThat(given.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(paid - rest);
        for (Branch source : sources) {
            assertThat(given.getOrDefault(source.account(), 0L)).isLessThanOrEqualTo(source.amountMinor());
        }
    }

    /** Whole minor units for everyone, the last one takes what is over. */
    private static List<Long> split(long amount, List<Integer> weights) {
        long all = weights.stream().mapToLong(Integer::longValue).sum();
        List<Long> shares = new ArrayList<>();
        long over = amount;
        for (int i = 0; i < weights.size() - 1; i++) {
            long most = over - (weights.size() - 1 - i);
            long share = Math.clamp(amount * weights.get(i) / all, 1, most);
            shares.add(share);
            over -= share;
        }
        shares.add(over);
        return shares;
    }

    @Property
    void whatWasTakenFirstIsGivenBackLast(
            @ForAll("sources") List<Branch> sources, @ForAll @LongRange(min = 1, max = 60) long amount) {
        long paid = sources.stream().mapToLong(Branch::amountMinor).sum();
        long first = Math.min(amount, paid);
        Map<AccountKey, Long> given = new HashMap<>();
        RefundPlan.shares(sources, paid, first).forEach(share -> given.put(share.account(), share.amountMinor()));

        for (int i = 1; i < sources.size(); i++) {
            if (given.containsKey(sources.get(i - 1).account())) {
                assertThat(given.get(sources.get(i).account()))
                        .isEqualTo(sources.get(i).amountMinor());
            }
        }
    }

    @Property
    void planOfAnyRefundSumsToItsAmountOnBothSides(
            @ForAll("sources") List<Branch> sources,
            @ForAll("buckets") List<Fund> buckets,
            @ForAll @LongRange(max = 250) long rest,
            @ForAll @LongRange(min = 1, max = 250) long amount,
            @ForAll @IntRange(max = 1000) int number,
            @ForAll boolean shared) {
        long paid = sources.stream().mapToLong(Branch::amountMinor).sum();
        long left = Math.min(rest, paid);
        long asked = Math.min(amount, paid);

        Optional<AccountKey> share = shared ? Optional.of(new AccountKey("M#m#0", "E#1")) : Optional.empty();
        List<Try> tries =
                RefundPlan.tries(ORIGINAL, share, refund(number), sources, left, asked, buckets, Optional.empty());

        assertThat(tries.stream()
                        .filter(each -> each.branch().kind() == BranchKind.SHARE)
                        .map(Try::branch))
                .isEqualTo(share.map(key -> new Branch(BranchKind.SHARE, key, asked)).stream()
                        .toList());
        for (BranchKind kind : List.of(BranchKind.REFUNDABLE, BranchKind.DEBIT, BranchKind.CREDIT)) {
            assertThat(sum(tries.stream()
                            .filter(each -> each.branch().kind() == kind)
                            .toList()))
                    .as(kind.name())
                    .isEqualTo(asked);
        }
        assertThat(tries.stream().map(each -> each.branch().account())).doesNotHaveDuplicates();
    }

    @Property
    void bucketsThatTogetherSufficePayNoMoreThanTheyHave(
            @ForAll("buckets") List<Fund> buckets, @ForAll @LongRange(min = 1, max = 4000) long amount) {
        long all = buckets.stream().mapToLong(Fund::availableMinor).sum();
        List<Try> takings = RefundPlan.takings(refund(1), buckets, amount);

        if (amount > all) {
            assertThat(takings).hasSize(1);
            return;
        }
        Map<AccountKey, Long> available = new HashMap<>();
        buckets.forEach(bucket -> available.put(bucket.key(), bucket.availableMinor()));
        assertThat(sum(takings)).isEqualTo(amount);
        takings.forEach(taking -> assertThat(taking.branch().amountMinor())
                .isLessThanOrEqualTo(available.getOrDefault(taking.branch().account(), 0L)));
        if (available.values().stream().anyMatch(one -> one >= amount)) {
            assertThat(takings).hasSize(1);
        }
    }

    @Property(tries = 50)
    void planDoesNotDependOnTheOrderInWhichBucketsWereRead(
            @ForAll("buckets") List<Fund> buckets, @ForAll @LongRange(min = 1, max = 100) long amount) {
        assertThat(RefundPlan.takings(refund(1), buckets.reversed(), amount))
                .isEqualTo(RefundPlan.takings(refund(1), buckets, amount));
    }

    @Test
    void refundsMeetOnNoSingleBucketWhileSeveralSuffice() {
        List<Fund> buckets = List.of(bucket(0, 900), bucket(1, 500), bucket(2, 499), bucket(3, 10_000));
        Set<AccountKey> met = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            met.add(RefundPlan.takings(refund(i), buckets, 500)
                    .getFirst()
                    .branch()
                    .account());
        }

        assertThat(met)
                .containsExactlyInAnyOrder(
                        AccountKey.bucketOf("m", 0), AccountKey.bucketOf("m", 1), AccountKey.bucketOf("m", 3));
    }

    @Test
    void asManyBucketsAsThereArePayTogether() {
        List<Fund> buckets = new ArrayList<>();
        for (int i = 0; i < Limits.MOST_BUCKETS; i++) {
            buckets.add(bucket(i, 10));
        }

        assertThat(RefundPlan.takings(refund(1), buckets, 10L * Limits.MOST_BUCKETS))
                .hasSize(Limits.MOST_BUCKETS);
    }
}
