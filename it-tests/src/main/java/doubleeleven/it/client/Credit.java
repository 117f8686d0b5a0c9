package doubleeleven.it.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bodies of the calls that customers borrow and pay back by. */
public final class Credit {
    private Credit() {}

    /** Somebody who always paid in full and on time. */
    public static Map<String, Object> reliable() {
        return applicant(200_000, -1, 20_000, 20_000);
    }

    /** Somebody who has used up all credit and pays the least that is asked for: an operator has to look. */
    public static Map<String, Object> unclear() {
        return applicant(20_000, 0, 19_000, 500);
    }

    /** Somebody who has been late for half a year, with all credit used up, and paid next to nothing. */
    public static Map<String, Object> overdue() {
        return applicant(20_000, 5, 20_000, 0);
    }

    /**
     * Somebody who did the same in each of the last six months.
     *
     * @param limit what may be owed elsewhere, in whole units of the currency
     * @param status how bills were paid: -1 in full, 0 in part, from 1 on so many months late
     */
    public static Map<String, Object> applicant(long limit, int status, long bill, long paid) {
        Map<String, Object> applicant = new LinkedHashMap<>();
        applicant.put("limitBal", limit);
        for (String month : List.of("0", "2", "3", "4", "5", "6")) {
            applicant.put("pay" + month, status);
        }
        for (int month = 1; month <= 6; month++) {
            applicant.put("billAmt" + month, bill);
            applicant.put("payAmt" + month, paid);
        }
        return applicant;
    }

    /** An application that the customer signs for now. */
    public static Map<String, Object> application(
            Customer customer,
            String application,
            long requestedLimit,
            String currency,
            Map<String, Object> applicant) {
        return application(Consents.NOW, customer, application, requestedLimit, currency, applicant);
    }

    /** The same with a consent made by those. */
    public static Map<String, Object> application(
            Consents consents,
            Customer customer,
            String application,
            long requestedLimit,
            String currency,
            Map<String, Object> applicant) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("application", application);
        body.put("requestedLimit", requestedLimit);
        body.put("currency", currency);
        body.put("applicant", applicant);
        body.put(
                "consent",
                Map.of("token", customer.sign(consents.application(customer, application, requestedLimit, currency))));
        return body;
    }

    /** A payment of which a part is borrowed, the rest comes from the balance. */
    public static Map<String, Object> payment(
            Customer payer, String merchant, String order, long amount, String currency, Consents.Credit credit) {
        return payment(Consents.NOW, payer, merchant, order, amount, currency, credit);
    }

    /** The same with a consent made by those. */
    public static Map<String, Object> payment(
            Consents consents,
            Customer payer,
            String merchant,
            String order,
            long amount,
            String currency,
            Consents.Credit credit) {
        Map<String, Object> body = Payments.payment(
                payer.id(),
                order,
                amount,
                currency,
                Map.of("token", payer.sign(consents.onCredit(payer, merchant, order, amount, currency, credit))));
        List<Map<String, Object>> sources = new ArrayList<>();
        sources.add(Map.of("type", "CREDIT", "amount", credit.amount(), "instalments", credit.instalments()));
        if (amount > credit.amount()) {
            sources.add(Map.of("type", "BALANCE", "amount", amount - credit.amount()));
        }
        body.put("sources", sources);
        return body;
    }

    /** A repayment that the customer signs for now. */
    public static Map<String, Object> repayment(Customer customer, String repayment, long amount, String currency) {
        return repayment(Consents.NOW, customer, repayment, amount, currency);
    }

    /** The same with a consent made by those. */
    public static Map<String, Object> repayment(
            Consents consents, Customer customer, String repayment, long amount, String currency) {
        return Map.of(
                "repayment",
                repayment,
                "amount",
                amount,
                "currency",
                currency,
                "consent",
                Map.of("token", customer.sign(consents.repayment(customer, repayment, amount, currency))));
    }
}
