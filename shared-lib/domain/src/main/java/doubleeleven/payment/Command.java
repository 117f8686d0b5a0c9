package doubleeleven.payment;

import doubleeleven.credit.InstalmentPlan;
import doubleeleven.ids.OrderHash;
import doubleeleven.ids.PaymentId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt asks for: the part of a payment item that never changes while the attempt lasts.
 *
 * @param fingerprint digest of payer, funding sources, amounts and payees
 * @param key digest of the idempotency key: the same key with another content is told apart from another client's attempt
 * @param payer the customer whose shard the payment belongs to
 * @param order the merchant's order number or refund number, the deposit's reference, or the transfer's number
 * @param merchant who asks: the merchant that the order number belongs to, or that gives back
 * @param payees of a payment, each credited by an entry when it is committed; no other kind has any, their credits are branches
 * @param original the order hash of the refunded payment
 * @param plan how what is taken from the credit line is to be paid back; null where nothing is
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
        List<Payee> payees,
        @Nullable Consent consent,
        @Nullable OrderHash original,
        @Nullable InstalmentPlan plan,
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
        payees = List.copyOf(payees);
        Set<String> merchants = new HashSet<>();
        for (Payee payee : payees) {
            if (!merchants.add(payee.merchant())) {
                throw new IllegalArgumentException("a merchant is a payee of a payment once: " + payee.merchant());
            }
        }
        long due = amount.getAmountMinorLong();
        requireSum("DEBIT branches", sum(BranchKind.DEBIT, branches), kind == PaymentKind.DEPOSIT ? 0 : due);
        requireSum("CREDIT branches", sum(BranchKind.CREDIT, branches), kind == PaymentKind.PAYMENT ? 0 : due);
        requireSum(
                "payees",
                payees.stream().mapToLong(Payee::amountMinor).reduce(0, Math::addExact),
                kind == PaymentKind.PAYMENT ? due : 0);
        if ((plan != null) != (kind == PaymentKind.PAYMENT && lent(branches).isPresent())) {
            throw new IllegalArgumentException("a payment on credit, and only one, has a plan to be paid back by");
        }
    }

    /** What the payment takes from the payer's credit line; none where it takes nothing. */
    public Optional<Branch> lent() {
        return kind == PaymentKind.PAYMENT ? lent(branches) : Optional.empty();
    }

    private static Optional<Branch> lent(List<Branch> branches) {
        return branches.stream()
                .filter(branch ->
                        branch.kind() == BranchKind.DEBIT && branch.account().isCreditLine())
                .findFirst();
    }

    /** Several merchants share the payment: what each of them may give back is limited by its own share. */
    public boolean isShared() {
        return payees.size() > 1;
    }

    /** What that merchant is paid; none where it is no payee. */
    public Optional<Payee> payee(String payeesMerchant) {
        return payees.stream()
                .filter(payee -> payee.merchant().equals(payeesMerchant))
                .findFirst();
    }

    private static long sum(BranchKind kind, List<Branch> branches) {
        return branches.stream()
                .filter(branch -> branch.kind() == kind)
                .mapToLong(Branch::amountMinor)
                .reduce(0, Math::addExact);
    }

    private static void requireSum(String what, long sum, long due) {
        if (sum != due) {
            throw new IllegalArgumentException(what + " sum to " + sum + ", not to " + due);
        }
    }
}
