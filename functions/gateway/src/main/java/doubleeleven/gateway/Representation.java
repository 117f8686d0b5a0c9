package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Entry;
import doubleeleven.credit.InstalmentPlan;
import doubleeleven.ids.PaymentId;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.Command;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentKind;
import doubleeleven.payment.PaymentStatus;
import doubleeleven.payment.RiskVerdict;
import doubleeleven.payment.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Payments, refunds, transfers and deposits as the API shows them. */
final class Representation {
    private static final String COUPON = "COUPON#";
    private static final String MANDATE = "MANDATE#";

    private Representation() {}

    static String address(Command command) {
        return switch (command.kind()) {
                    case PAYMENT, DEPOSIT -> "/payments/";
                    case REFUND -> "/refunds/";
                    case TRANSFER -> "/transfers/";
                    case REPAYMENT -> "/repayments/";
                }
                + command.id();
    }

    /** As far as the command and its outcome tell: without a look at the item. */
    static Map<String, Object> of(Command command, PaymentStatus status, List<String> reasons) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", command.id().toString());
        json.put("kind", command.kind().name());
        json.put(nameOfOrder(command.kind()), command.order());
        json.put("outcome", Outcomes.outcomeOf(status).name());
        json.put("status", status.name());
        json.put("amount", command.amount().getAmountMinorLong());
        json.put("currency", command.amount().getCurrencyUnit().getCode());
        json.put("payer", command.payer());
        if (!command.merchant().equals(TopUps.NO_MERCHANT)) {
            json.put("merchant", command.merchant());
        }
        payee(command).ifPresent(payee -> json.put("payee", payee.customer().orElseThrow()));
        if (command.isShared()) {
            json.put(
                    "payees",
                    command.payees().stream()
                            .map(payee -> new Share(payee.merchant(), payee.amountMinor()).toJson())
                            .toList());
        }
        json.put("sources", sources(command));
        if (command.kind() == PaymentKind.REPAYMENT) {
            json.put("repaid", repaid(command));
        }
        json.put("reasons", reasons);
        Map<String, Object> links = new LinkedHashMap<>();
        links.put("self", address(command));
        if (command.original() != null) {
            links.put("payment", "/payments/" + new PaymentId(command.id().shard(), command.original()));
        }
        json.put("links", links);
        return json;
    }

    /**
     * Everything, history included.
     *
     * @param shares of a payment that several merchants share, those that the caller may see; each with what refunds may still take of it
     */
    static Map<String, Object> of(Payment payment, Command command, Map<Share, Long> shares) {
        Map<String, Object> json = of(command, payment.status(), payment.reasons());
        if (command.kind() == PaymentKind.PAYMENT) {
            Long refundable = payment.refundableMinor();
            json.put("refundable", refundable == null ? 0L : refundable);
        }
        if (command.isShared()) {
            List<Object> payees = new ArrayList<>();
            shares.forEach((share, refundable) -> {
                Map<String, Object> payee = share.toJson();
                payee.put("refundable", refundable);
                payees.add(payee);
            });
            json.put("payees", payees);
        }
        json.put("timeline", timeline(payment, command));
        return json;
    }

    private static String nameOfOrder(PaymentKind kind) {
        return switch (kind) {
            case PAYMENT -> "merchantOrder";
            case REFUND -> "merchantRefund";
            case DEPOSIT -> "reference";
            case TRANSFER -> "transfer";
            case REPAYMENT -> "repayment";
        };
    }

    /** The account that a transfer credits. */
    private static Optional<AccountKey> payee(Command command) {
        return command.kind() != PaymentKind.TRANSFER
                ? Optional.empty()
                : command.branches().stream()
                        .filter(branch -> branch.kind() == BranchKind.CREDIT)
                        .map(Branch::account)
                        .findFirst();
    }

    /** What a repayment takes away of what is owed, by where it was owed. */
    private static List<Object> repaid(Command command) {
        List<Object> repaid = new ArrayList<>();
        for (Branch branch : command.branches()) {
            if (branch.kind() == BranchKind.OWED) {
                repaid.add(Map.of("on", sortKey(branch.account()), "amount", branch.amountMinor()));
            }
        }
        return repaid;
    }

    private static List<Object> sources(Command command) {
        boolean given = command.kind() == PaymentKind.REFUND || command.kind() == PaymentKind.DEPOSIT;
        BranchKind side = given ? BranchKind.CREDIT : BranchKind.DEBIT;
        List<Object> sources = new ArrayList<>();
        for (Branch branch : command.branches()) {
            if (branch.kind() == side) {
                sources.add(source(branch, command.plan()));
            }
        }
        return sources;
    }

    private static Map<String, Object> source(Branch branch, @Nullable InstalmentPlan plan) {
        Map<String, Object> source = new LinkedHashMap<>();
        String sortKey = sortKey(branch.account());
        if (sortKey.startsWith(COUPON)) {
            source.put("type", "COUPON");
            source.put("coupon", sortKey.substring(COUPON.length()));
        } else {
            source.put("type", sortKey);
        }
        source.put("amount", branch.amountMinor());
        if (branch.account().isCreditLine() && plan != null) {
            source.put("instalments", plan.count());
            source.put("fee", plan.feeMinor(branch.amountMinor()));
        }
        return source;
    }

    private static String sortKey(AccountKey account) {
        return account.sk() == null ? "" : account.sk();
    }

    private static List<Object> timeline(Payment payment, Command command) {
        String payee = payee(command).map(AccountKey::toString).orElse("");
        List<Map.Entry<Instant, Map<String, Object>>> steps = new ArrayList<>();
        String unit = payment.unit() + "-" + payment.colour();
        add(steps, "CLAIM", payment.claimedAt(), "CLAIMED", null, unit);
        payment.tried().forEach(step -> add(steps, "HOLD", step, payee, unit));
        RiskVerdict risk = payment.risk();
        if (risk != null) {
            add(steps, "RISK", payment.decidedAt(), risk.decision(), null, risk.policy());
        }
        PaymentStatus status = payment.status();
        if (payment.decidedAt() != null) {
            add(steps, "DECISION", payment.decidedAt(), status.isPaid() ? "COMMITTED" : "ABORTED", null, unit);
        }
        payment.settled().forEach(step -> add(steps, "SETTLE", step, payee, unit));
        if (payment.finishedAt() != null) {
            add(steps, "FINISH", payment.finishedAt(), status.name(), null, unit);
        }
        // Stable: equal times keep the order of the protocol.
        return steps.stream()
                .sorted(Map.Entry.comparingByKey(Comparator.naturalOrder()))
                .<Object>map(Map.Entry::getValue)
                .toList();
    }

    private static void add(
            List<Map.Entry<Instant, Map<String, Object>>> steps, String name, Step step, String payee, String unit) {
        String account = step.account().equals(payee) ? "PAYEE" : shortName(step.account());
        add(steps, name, step.at(), step.outcome(), account, unit);
    }

    private static void add(
            List<Map.Entry<Instant, Map<String, Object>>> steps,
            String name,
            @Nullable Instant at,
            String outcome,
            @Nullable String account,
            String by) {
        if (at == null) {
            return;
        }
        Map<String, Object> step = new LinkedHashMap<>();
        step.put("step", name);
        step.put("at", at.toString());
        step.put("outcome", outcome);
        if (account != null) {
            step.put("account", account);
        }
        step.put("by", by);
        steps.add(Map.entry(at, step));
    }

    /** What an account is called outside: keys of items are nobody else's business. */
    private static String shortName(String account) {
        String sortKey = account.substring(account.indexOf('/') + 1);
        if (account.indexOf('/') < 0) {
            return "PAYMENT";
        }
        if (account.startsWith("M#")) {
            return Entry.isSortKey(sortKey) ? "SHARE" : "MERCHANT";
        }
        return sortKey.startsWith(MANDATE) ? "MANDATE" : sortKey;
    }
}
