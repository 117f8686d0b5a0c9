package doubleeleven.credit;

import doubleeleven.account.AccountKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * A customer's request for a line of credit, and what became of it.
 *
 * @param number the caller's own; among the customer's applications it is decided once
 * @param requested the limit that is asked for
 * @param applicant what the models look at, by the names of {@link Applicant}
 * @param fingerprint digest of what was asked for, so that the same number with another content is told apart
 * @param limit what was granted; null unless approved
 * @param reasons why it was declined, or is reviewed, in the models' order of weight
 * @param policy version of the rules that decided; null until then
 * @param degraded whether a model was missing: such a decision is never better than the full one
 * @param reviewer key id of the operator who decided by hand, or null
 */
public record Application(
        AccountKey key,
        String customer,
        String number,
        Money requested,
        Map<String, Long> applicant,
        String fingerprint,
        Instant receivedAt,
        Status status,
        @Nullable Money limit,
        List<String> reasons,
        @Nullable String policy,
        boolean degraded,
        @Nullable String reviewer,
        @Nullable String reviewReason,
        @Nullable Instant decidedAt) {
    private static final String PREFIX = "APPLICATION#";

    /** Where an application stands. */
    public enum Status {
        /** The workflow is at work on it. */
        RECEIVED,
        /** It waits for an operator. */
        REVIEW,
        /** The line is open. */
        APPROVED,
        DECLINED;

        public boolean isDecided() {
            return this == APPROVED || this == DECLINED;
        }
    }

    public Application {
        applicant = Map.copyOf(applicant);
        reasons = List.copyOf(reasons);
    }

    public static Application received(
            String customer,
            String number,
            Money requested,
            Map<String, Long> applicant,
            String fingerprint,
            Instant receivedAt) {
        return new Application(
                keyOf(customer, number),
                customer,
                number,
                requested,
                applicant,
                fingerprint,
                receivedAt,
                Status.RECEIVED,
                null,
                List.of(),
                null,
                false,
                null,
                null,
                null);
    }

    public static AccountKey keyOf(String customer, String number) {
        return new AccountKey(AccountKey.partitionOf(customer), PREFIX + number);
    }
}
