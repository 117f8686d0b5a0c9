package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Fund;
import doubleeleven.gateway.Attempt.Try;
import doubleeleven.ids.OrderHash;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Where a refund comes from and goes to.
 *
 * <p>The refundable rest is a line from 0 on which the sources of the payment lie in their order; a refund takes from its top. So every
 * source gets back at most what it gave, in any sequence of refunds, and what was taken first is given back last.
 */
final class RefundPlan {
    private RefundPlan() {}

    /**
     * The tries of a refund: the refundable rest, the payee's share of it, the payee's buckets, the payer's sources.
     *
     * @param share where the payee's share is held on, if several merchants share the payment
     */
    static List<Try> tries(
            OrderHash original,
            Optional<AccountKey> share,
            OrderHash refund,
            List<Branch> debits,
            long availableMinor,
            long amountMinor,
            List<Fund> buckets) {
        List<Try> tries = new ArrayList<>();
        AccountKey rest = new AccountKey(original.value(), null);
        // With one source it does not matter which refund comes first; with several the shares follow from what was
        // seen.
        tries.add(
                debits.size() == 1
                        ? Try.of(BranchKind.REFUNDABLE, rest, amountMinor)
                        : Try.alone(BranchKind.REFUNDABLE, rest, amountMinor, availableMinor));
        share.ifPresent(key -> tries.add(Try.of(BranchKind.SHARE, key, amountMinor)));
        tries.addAll(takings(refund, buckets, amountMinor));
        tries.addAll(shares(debits, availableMinor, amountMinor));
        return tries;
    }

    /**
     * What each source gets back. A refund that exceeds the rest is shared out as if all were there still; it is declined by the hold on
     * the rest.
     */
    static List<Try> shares(List<Branch> debits, long availableMinor, long amountMinor) {
        long paid = debits.stream().mapToLong(Branch::amountMinor).sum();
        long top = amountMinor > availableMinor ? paid : availableMinor;
        long bottom = top - amountMinor;
        List<Try> shares = new ArrayList<>();
        long start = 0;
        for (Branch debit : debits) {
            long end = start + debit.amountMinor();
            long share = Math.min(end, top) - Math.max(start, bottom);
            if (share > 0) {
                shares.add(Try.of(BranchKind.CREDIT, debit.account(), share));
            }
            start = end;
        }
        return shares;
    }

    /**
     * Which buckets of the merchant's balance pay: one of those that can alone, a different one for another refund, so that refunds of a
     * busy merchant do not all meet on the fullest; else as few as suffice. Where all together cannot, the fullest is asked for
     * everything: the refund is declined by its hold, and recorded as declined.
     */
    static List<Try> takings(OrderHash refund, List<Fund> buckets, long amountMinor) {
        List<Fund> inOrder =
                buckets.stream().sorted(Comparator.comparing(Fund::key)).toList();
        List<Fund> enough = inOrder.stream()
                .filter(bucket -> bucket.availableMinor() >= amountMinor)
                .toList();
        if (!enough.isEmpty()) {
            Fund one = enough.get(Math.floorMod(refund.value().hashCode(), enough.size()));
            return List.of(Try.of(BranchKind.DEBIT, one.key(), amountMinor));
        }
        // At most as many branches as a merchant may have buckets: a few kilobytes of the item and two rounds of the
        // workflow's Map.
        List<Fund> fullest = inOrder.stream()
                .sorted(Comparator.comparingLong(Fund::availableMinor).reversed())
                .toList();
        List<Try> takings = new ArrayList<>();
        long missing = amountMinor;
        for (Fund bucket : fullest) {
            long taken = Math.min(bucket.availableMinor(), missing);
            if (taken > 0) {
                takings.add(Try.of(BranchKind.DEBIT, bucket.key(), taken));
                missing -= taken;
            }
        }
        return missing == 0
                ? takings
                : List.of(Try.of(BranchKind.DEBIT, fullest.getFirst().key(), amountMinor));
    }
}
