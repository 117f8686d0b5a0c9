package doubleeleven.it.replay;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * What will be replayed.
 *
 * @param events payments and refunds in time order
 * @param customers by id
 * @param unmatched cancellations of these customers for which no purchase is among the payments, by reason
 */
public record Plan(
        List<Event> events,
        SortedMap<String, Buyer> customers,
        SortedSet<String> merchants,
        Map<String, Integer> unmatched) {
    static final String CURRENCY = "GBP";

    public List<Purchase> purchases() {
        return events.stream()
                .filter(Purchase.class::isInstance)
                .map(Purchase.class::cast)
                .toList();
    }

    public List<Return> returns() {
        return events.stream()
                .filter(Return.class::isInstance)
                .map(Return.class::cast)
                .toList();
    }

    /** Something a customer did. */
    public sealed interface Event {
        LocalDateTime time();

        String customer();
    }

    /**
     * What one customer bought of one merchant with one invoice: one payment.
     *
     * @param couponMinor the part that a coupon pays
     */
    public record Purchase(
            LocalDateTime time,
            String invoice,
            String merchant,
            String customer,
            String country,
            long amountMinor,
            Means means,
            long couponMinor)
            implements Event {
        /** The merchant's order number. */
        public String order() {
            return invoice + "-" + merchant;
        }
    }

    /** How a purchase is paid. */
    public enum Means {
        BALANCE,
        COUPON_AND_BALANCE,
        MANDATE,
        /** By the credit line, where the customer was granted one; else from the balance. */
        CREDIT
    }

    /** What a customer sent back: a refund of an earlier purchase. */
    public record Return(LocalDateTime time, String invoice, String stockCode, Purchase purchase, long amountMinor)
            implements Event {
        @Override
        public String customer() {
            return purchase.customer();
        }

        public String refund() {
            return invoice + "-" + stockCode;
        }
    }

    /**
     * A customer of the plan.
     *
     * @param openingMinor what the account is opened with
     * @param isShort whether that is less than will be spent, so that payments are declined
     * @param mandateMerchant the merchant who is paid by mandate, or null
     * @param credit how well a customer who asks for credit has paid bills so far; null for who asks for none
     */
    public record Buyer(
            String id,
            String country,
            long openingMinor,
            boolean isShort,
            long couponMinor,
            @Nullable String mandateMerchant,
            long mandateMostMinor,
            long mandateTotalMinor,
            @Nullable Standing credit) {}

    /** How an applicant for credit has paid bills so far. */
    public enum Standing {
        RELIABLE,
        UNCLEAR,
        OVERDUE
    }
}
