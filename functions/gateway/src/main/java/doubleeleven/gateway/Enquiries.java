package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import doubleeleven.account.Hold;
import doubleeleven.account.MerchantProfile;
import doubleeleven.ids.PaymentId;
import doubleeleven.payment.Command;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads on behalf of callers. What a caller may not see is answered like what does not exist. */
final class Enquiries {
    private static final int MOST_LOOKS = 4;

    private final Accounts accounts;
    private final Payments payments;
    private final Profiles profiles;

    Enquiries(Accounts accounts, Payments payments, Profiles profiles) {
        this.accounts = accounts;
        this.payments = payments;
        this.profiles = profiles;
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

    private Checked<Answer> show(Call call, List<PaymentKind> kinds) {
        Optional<PaymentId> id = PaymentId.parse(call.variable("id"));
        Optional<Payment> payment = id.flatMap(known -> payments.find(known.order()));
        Optional<Command> command = payment.map(Payment::command)
                .filter(found -> found.id().equals(id.orElse(null))
                        && kinds.contains(found.kind())
                        && call.caller().sees(found.merchant()));
        return command.isEmpty()
                ? new Checked.Refused<>(Problem.notFound())
                : new Checked.Passed<>(Answer.of(200, Representation.of(payment.orElseThrow(), command.get())));
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
        account.put("incoming", incoming(fund));
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

    private static long incoming(Fund fund) {
        return fund.incoming().values().stream().mapToLong(Hold::amountMinor).sum();
    }

    Checked<Answer> balance(Call call) {
        String merchant = call.variable("merchant");
        Optional<MerchantProfile> profile =
                call.caller().sees(merchant) ? profiles.merchant(merchant) : Optional.empty();
        if (profile.isEmpty()) {
            return new Checked.Refused<>(Problem.notFound());
        }
        long posted = 0;
        long held = 0;
        long incoming = 0;
        long unposted = 0;
        for (int bucket = 0; bucket < profile.get().buckets(); bucket++) {
            Snapshot snapshot = snapshot(merchant, bucket);
            posted += snapshot.fund().availableMinor();
            held += snapshot.fund().heldMinor();
            incoming += incoming(snapshot.fund());
            unposted += snapshot.unpostedMinor();
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("merchant", merchant);
        body.put("currency", profile.get().currency().getCode());
        body.put("posted", posted);
        body.put("held", held);
        body.put("incoming", incoming);
        body.put("unposted", unposted);
        return new Checked.Passed<>(Answer.of(200, body));
    }

    private record Snapshot(Fund fund, long unpostedMinor) {}

    /** A bucket with its entries, read between two looks at its batch number: no posting came in between. */
    private Snapshot snapshot(String merchant, int bucket) {
        Fund before = bucket(merchant, bucket);
        for (int look = 1; look < MOST_LOOKS; look++) {
            long unposted = unposted(merchant, bucket, before);
            Fund after = bucket(merchant, bucket);
            if (Objects.equals(before.batch(), after.batch())) {
                return new Snapshot(before, unposted);
            }
            before = after;
        }
        return new Snapshot(before, unposted(merchant, bucket, before));
    }

    private Fund bucket(String merchant, int bucket) {
        return accounts.findFund(AccountKey.bucketOf(merchant, bucket))
                .orElseThrow(() -> new IllegalStateException("a merchant's bucket is missing: " + bucket));
    }

    /** What is in the balance already, though its entry is not marked yet, is not counted twice. */
    private long unposted(String merchant, int bucket, Fund fund) {
        List<String> taken = fund.posting() == null ? List.of() : fund.posting();
        return accounts.unposted(merchant, bucket).stream()
                .filter(entry -> !taken.contains(entry.sortKey()))
                .mapToLong(Entry::amountMinor)
                .sum();
    }
}
