package doubleeleven.payment;

import doubleeleven.ids.OrderHash;
import doubleeleven.ids.PaymentId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt asks for: the part of a payment item that never changes while the attempt lasts.
 *
 * @param fingerprint digest of payer, funding sources, amounts and payee
 * @param key digest of the idempotency key: the same key with another content is told apart from another client's attempt
 * @param payer the customer whose shard the payment belongs to
 * @param order the merchant's order number or refund number, the deposit's reference, or the transfer's number
 * @param payee credited by an entry when the payment is committed; none for refunds and deposits, whose credits are branches
 * @param original the order hash of the refunded payment
 * @param rule version of the routing rule that the gateway held
 * @param trace W3C {@code traceparent}
 */
public record Command(
        PaymentKind kind,
        PaymentId id,
        String fingerprint,
        String key,
        String payer,
        String merchant,
        String order,
        Money amount,
        List<Branch> branches,
        @Nullable Payee payee,
        @Nullable Consent consent,
        @Nullable OrderHash original,
        long rule,
        String trace) {

    public Command {
        branches = List.copyOf(branches);
        Set<Object> accounts = new HashSet<>();
        for (Branch branch : branches) {
            if (!accounts.add(branch.account())) {
                throw new IllegalArgumentException("an account takes part in a payment once: " + branch.account());
            }
        }
        requireSum(BranchKind.DEBIT, kind != PaymentKind.DEPOSIT, amount, branches);
        requireSum(BranchKind.CREDIT, kind != PaymentKind.PAYMENT, amount, branches);
    }

    private static void requireSum(BranchKind kind, boolean expected, Money amount, List<Branch> branches) {
        long sum = branches.stream()
                .filter(branch -> branch.kind() == kind)
                .mapToLong(Branch::amountMinor)
                .reduce(0, Math::addExact);
        long due = expected ? amount.getAmountMinorLong() : 0;
        if (sum != due) {
            throw new IllegalArgumentException(kind + " branches sum to " + sum + ", not to " + due);
        }
    }
}
