package doubleeleven.gateway;

import doubleeleven.payment.Command;
import org.jspecify.annotations.Nullable;

/** Who calls, as proven by an API key. */
record Caller(String keyId, Role role, @Nullable String merchant) {

    boolean sees(String otherMerchant) {
        return role == Role.OPERATOR || otherMerchant.equals(merchant);
    }

    /** Whose order it is sees a payment, and every merchant that gets a share of it. */
    boolean sees(Command command) {
        return sees(command.merchant())
                || (merchant != null && command.payee(merchant).isPresent());
    }

    /** The merchant this caller acts for; only routes of merchants ask. */
    String actsFor() {
        if (merchant == null) {
            throw new IllegalStateException("a route of merchants was opened to another role");
        }
        return merchant;
    }
}
