package doubleeleven.credit;

import doubleeleven.account.AccountKey;
import java.util.ArrayList;
import java.util.List;

/**
 * What a repayment or a refund takes from one item of what is owed.
 *
 * @param amountMinor above 0
 * @param principal whether the credit line gets it back; fees and interest go to the lender
 */
public record Share(AccountKey item, long amountMinor, boolean principal) {

    /** Takes the amount from the first that have any, as far as they have it. */
    static List<Share> fill(long amountMinor, List<Share> most) {
        List<Share> shares = new ArrayList<>();
        long rest = amountMinor;
        for (Share each : most) {
            long taken = Math.min(rest, each.amountMinor);
            if (taken > 0) {
                shares.add(new Share(each.item, taken, each.principal));
                rest -= taken;
            }
        }
        return List.copyOf(shares);
    }

    static long sum(List<Share> shares) {
        return shares.stream().mapToLong(Share::amountMinor).reduce(0, Math::addExact);
    }
}
