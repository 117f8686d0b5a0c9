package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Fund;
import doubleeleven.credit.RefundSplit;
import doubleeleven.gateway.Attempt.Try;
import doubleeleven.ids.OrderHash;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
     * @param debt of a payment on credit
     */
    static List<Try> tries(
            OrderHash original,
            Optional<AccountKey> share,
            OrderHash refund,
            List<Branch> debits,
            long availableMinor,
            long amountMinor,
            List<Fund> buckets,
            Optional<Debt> debt) {
        List<Try> tries = new ArrayList<>();
        AccountKey rest = new AccountKey(original.value(), null);
        // With one source it does not matter which refund comes first; with several the shares follow from what was
        // seen, and with credit from what is owed.
        tries.add(
                debits.size() == 1 && debt.isEmpty()
                        ? Try.of(BranchKind.REFUNDABLE, rest, amountMinor)
                        : Try.alone(BranchKind.REFUNDABLE, rest, amountMinor, availableMinor));
        share.ifPresent(key -> tries.add(Try.of(BranchKind.SHARE, key, amountMinor)));
        tries.addAll(takings(refund, buckets, amountMinor));
        List<Branch> shares = shares(debits, availableMinor, amountMinor);
        debt.ifPresent(known -> tries.addAll(forgiven(shares, known)));
        receivers(shares, debt).forEach((account, received) -> tries.add(Try.of(BranchKind.CREDIT, account, received)));
        return tries;
    }

    /** What is owed no longer. */
    private static List<Try> forgiven(List<Branch> shares, Debt debt) {
        return shares.stream()
                .filter(share -> share.account().isCreditLine())
                .flatMap(share -> debt.split(share.amountMinor()).owed().stream())
                .map(owed -> Try.of(BranchKind.OWED, owed.item(), owed.amountMinor()))
                .toList();
    }

    /** Who gets how much: the credit line what is owed no longer, the balance in its stead what was paid back already. */
    private static Map<AccountKey, Long> receivers(List<Branch> shares, Optional<Debt> debt) {
        Map<AccountKey, Long> received = new LinkedHashMap<>();
        for (Branch share : shares) {
            if (share.account().isCreditLine()) {
                RefundSplit split = debt.orElseThrow(
                                () -> new IllegalStateException("a payment on credit left no loan"))
                        .split(share.amountMinor());
                received.merge(share.account(), split.lineMinor(), Long::sum);
                received.merge(
                        new AccountKey(share.account().pk(), AccountKey.BALANCE), split.balanceMinor(), Long::sum);
            } else {
                received.merge(share.account(), share.amountMinor(), Long::sum);
            }
        }
        received.values().removeIf(amount -> amount == 0);
        return received;
    }

    /**
     * What each source gets back. A refund that exceeds the rest is shared out as if all were there still; it is declined by the hold on
     * the rest.
     */
    static List<Branch> shares(List<Branch> debits, long availableMinor, long amountMinor) {
        long paid = debits.stream().mapToLong(Branch::amountMinor).sum();
        long top = amountMinor > availableMinor ? paid : availableMinor;
        long bottom = top - amountMinor;
        List<Branch> shares = new ArrayList<>();
        long start = 0;
        for (Branch debit : debits) {
            long end = start + debit.amountMinor();
            long share = Math.min(end, top) - Math.max(start, bottom);
            if (share > 0) {
                shares.add(new Branch(BranchKind.CREDIT, debit.account(), share));
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
