package doubleeleven.gateway;

import org.jspecify.annotations.Nullable;

/** Who calls, as proven by an API key. */
record Caller(String keyId, Role role, @Nullable String merchant) {

    boolean sees(String otherMerchant) {
        return role == Role.OPERATOR || otherMerchant.equals(merchant);
    }

    /** The merchant this caller acts for; only routes of merchants ask. */
    String actsFor() {
        if (merchant == null) {
            throw new IllegalStateException("a route of merchants was opened to another role");
        }
        return merchant;
    }
}
