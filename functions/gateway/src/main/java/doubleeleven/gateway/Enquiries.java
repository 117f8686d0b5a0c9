package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import doubleeleven.account.MerchantProfile;
import doubleeleven.ids.OrderHash;
import doubleeleven.ids.PaymentId;
import doubleeleven.payment.Command;
import doubleeleven.payment.Payee;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads on behalf of callers. What a caller may not see is answered like what does not exist. */
final class Enquiries {
    private final Accounts accounts;
    private final Payments payments;
    private final Profiles profiles;
    private final Takings takings;

    Enquiries(Accounts accounts, Payments payments, Profiles profiles, Takings takings) {
        this.accounts = accounts;
        this.payments = payments;
        this.profiles = profiles;
        this.takings = takings;
    }

    /** A payment; for operators also a deposit. */
    Checked<Answer> payment(Call call) {
        return show(
                call,
                call.caller().role() == Role.OPERATOR
                        ? List.of(PaymentKind.PAYMENT, PaymentKind.DEPOSIT)
                        : List.of(PaymentKind.PAYMENT));
    }

    Checked<Answer> refund(Call call) {
        return show(call, List.of(PaymentKind.REFUND));
    }

    Checked<Answer> transfer(Call call) {
        return show(call, List.of(PaymentKind.TRANSFER));
    }

    Checked<Answer> repayment(Call call) {
        return show(call, List.of(PaymentKind.REPAYMENT));
    }

    private Checked<Answer> show(Call call, List<PaymentKind> kinds) {
        Optional<PaymentId> id = PaymentId.parse(call.variable("id"));
        Optional<Payment> payment = id.flatMap(known -> payments.find(known.order()));
        Optional<Command> command = payment.map(Payment::command)
                .filter(found -> found.id().equals(id.orElse(null))
                        && kinds.contains(found.kind())
                        && (call.caller().sees(found) || ownsRefunded(call.caller(), found)));
        return command.isEmpty()
                ? new Checked.Refused<>(Problem.notFound())
                : new Checked.Passed<>(Answer.of(
                        200,
                        Representation.of(
                                payment.orElseThrow(),
                                command.get(),
                                shares(call.caller(), payment.orElseThrow(), command.get()))));
    }

    /** Whose order was refunded sees the refund, also where another payee of the order gave it. */
    private boolean ownsRefunded(Caller caller, Command refund) {
        OrderHash original = refund.original();
        return original != null
                && payments.find(original)
                        .map(Payment::command)
                        .filter(paid -> caller.sees(paid.merchant()))
                        .isPresent();
    }

    /** The shares that the caller may see: its own, or all where the order is its own; with what refunds may still take of each. */
    private Map<Share, Long> shares(Caller caller, Payment payment, Command command) {
        Map<Share, Long> shares = new LinkedHashMap<>();
        if (command.isShared()) {
            List<Payee> shown = command.payees().stream()
                    .filter(payee -> caller.sees(command.merchant()) || caller.sees(payee.merchant()))
                    .toList();
            Map<AccountKey, Entry> entries = new HashMap<>();
            if (payment.refundableMinor() != null) {
                accounts.entries(shown.stream()
                                .map(payee -> payment.entryOf(payee).key())
                                .toList())
                        .forEach(entry -> entries.put(entry.key(), entry));
            }
            for (Payee payee : shown) {
                Entry entry = entries.isEmpty()
                        ? null
                        : entries.get(payment.entryOf(payee).key());
                Long refundable = entry == null ? null : entry.refundableMinor();
                shares.put(new Share(payee.merchant(), payee.amountMinor()), refundable == null ? 0L : refundable);
            }
        }
        return shares;
    }

    Checked<Answer> accounts(Call call) {
        String customer = call.variable("customer");
        if (profiles.customer(customer).isEmpty()) {
            return new Checked.Refused<>(Problem.notFound());
        }
        List<Object> list = new ArrayList<>();
        accounts.fundsOf(customer).forEach(fund -> list.add(account(fund)));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("customer", customer);
        body.put("accounts", list);
        return new Checked.Passed<>(Answer.of(200, body));
    }

    private static Map<String, Object> account(Fund fund) {
        Map<String, Object> account = new LinkedHashMap<>();
        String sortKey = fund.key().sk() == null ? "" : fund.key().sk();
        int mark = sortKey.indexOf('#');
        account.put("type", mark < 0 ? sortKey : sortKey.substring(0, mark));
        if (mark >= 0) {
            account.put("id", sortKey.substring(mark + 1));
        }
        account.put("currency", fund.currency().getCode());
        account.put("available", fund.availableMinor());
        account.put("held", fund.heldMinor());
        account.put("incoming", Takings.incoming(fund));
        put(account, "merchant", fund.merchant());
        put(account, "perPayment", fund.perPaymentMinor());
        Instant expiresAt = fund.expiresAt();
        put(account, "expiresAt", expiresAt == null ? null : expiresAt.toString());
        return account;
    }

    private static void put(Map<String, Object> account, String name, @Nullable Object value) {
        if (value != null) {
            account.put(name, value);
        }
    }

    Checked<Answer> balance(Call call) {
        String merchant = call.variable("merchant");
        Optional<MerchantProfile> profile = profiles.merchant(merchant, call.caller());
        if (profile.isEmpty()) {
            return new Checked.Refused<>(Problem.notFound());
        }
        Takings.Balance balance = takings.of(profile.get());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("merchant", merchant);
        body.put("currency", profile.get().currency().getCode());
        body.put("posted", balance.postedMinor());
        body.put("held", balance.heldMinor());
        body.put("incoming", balance.incomingMinor());
        body.put("unposted", balance.unpostedMinor());
        return new Checked.Passed<>(Answer.of(200, body));
    }
}
