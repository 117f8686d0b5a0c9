package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Fund;
import doubleeleven.credit.Bill;
import doubleeleven.credit.Instalment;
import doubleeleven.credit.Loan;
import doubleeleven.credit.Owed;
import doubleeleven.credit.Terms;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a customer may owe, owes, and is to pay when. */
final class CreditEnquiries {
    private final Accounts accounts;
    private final Credits credits;
    private final Terms terms;
    private final Clock clock;

    CreditEnquiries(Accounts accounts, Credits credits, Terms terms, Clock clock) {
        this.accounts = accounts;
        this.credits = credits;
        this.terms = terms;
        this.clock = clock;
    }

    /** GET /customers/{customer}/credit. */
    Checked<Answer> line(Call call) {
        String customer = call.variable("customer");
        Optional<Fund> line = accounts.findFund(AccountKey.creditLineOf(customer));
        if (line.isEmpty()) {
            return new Checked.Refused<>(Problem.notFound());
        }
        List<Loan> loans = credits.loans(customer, clock.instant().minus(RepaymentDesk.UNBILLED_AT_MOST));
        Credits.Bills bills = credits.bills(customer, RepaymentDesk.FIRST);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("customer", customer);
        body.put("currency", line.get().currency().getCode());
        body.put("limit", line.get().limitMinor());
        body.put("available", line.get().availableMinor());
        body.put("held", line.get().heldMinor());
        body.put("outstanding", line.get().outstandingMinor());
        body.put("status", line.get().frozen() == null ? "OPEN" : "FROZEN");
        if (line.get().frozen() != null) {
            body.put("frozen", line.get().frozen());
        }
        body.put("unbilled", loans.stream().mapToLong(Loan::owedMinor).sum());
        body.put("billed", bills.owed().stream().mapToLong(Owed::owedMinor).sum());
        body.put(
                "loans",
                loans.stream()
                        .filter(loan -> loan.owedMinor() > 0)
                        .map(CreditEnquiries::loan)
                        .toList());
        body.put("terms", terms());
        body.put("links", Map.of("bills", "/customers/" + customer + "/bills"));
        return new Checked.Passed<>(Answer.of(200, body));
    }

    private Map<String, Object> terms() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", terms.name());
        json.put("dueDay", terms.dueDay());
        json.put("dailyInterestPpm", terms.dailyInterestPpm());
        List<Object> plans = new ArrayList<>();
        new TreeMap<>(terms.feePpm())
                .forEach((count, feePpm) -> plans.add(Map.of("instalments", count, "feePpm", feePpm)));
        json.put("plans", plans);
        return json;
    }

    private static Map<String, Object> loan(Loan loan) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("loan", loan.id());
        json.put("openedAt", loan.openedAt().toString());
        json.put("principal", loan.principalMinor());
        json.put("instalments", loan.plan().count());
        json.put("fee", loan.plan().feeMinor(loan.principalMinor()));
        json.put("unbilled", loan.owedMinor());
        json.put("billedInstalments", loan.billed());
        json.put(
                "schedule",
                loan.plan().schedule(loan.principalMinor()).stream()
                        .map(CreditEnquiries::instalment)
                        .toList());
        return json;
    }

    private static Map<String, Object> instalment(Instalment instalment) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("number", instalment.number());
        json.put("principal", instalment.principalMinor());
        json.put("fee", instalment.feeMinor());
        return json;
    }

    /** GET /customers/{customer}/bills. */
    Checked<Answer> bills(Call call) {
        String customer = call.variable("customer");
        if (accounts.findFund(AccountKey.creditLineOf(customer)).isEmpty()) {
            return new Checked.Refused<>(Problem.notFound());
        }
        Credits.Bills bills = credits.bills(customer, RepaymentDesk.FIRST);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("customer", customer);
        body.put(
                "bills",
                bills.statements().stream()
                        .map(bill -> summary(customer, bill, bills.owed()))
                        .toList());
        return new Checked.Passed<>(Answer.of(200, body));
    }

    /** GET /customers/{customer}/bills/{month}. */
    Checked<Answer> bill(Call call) {
        String customer = call.variable("customer");
        Optional<YearMonth> month = month(call.variable("month"));
        if (month.isEmpty()) {
            return new Checked.Refused<>(Problem.notFound());
        }
        Credits.Bills bills = credits.bills(customer, month.get());
        Optional<Bill> bill = bills.statements().stream()
                .filter(each -> each.month().equals(month.get()))
                .findFirst();
        if (bill.isEmpty()) {
            return new Checked.Refused<>(Problem.notFound());
        }
        Map<String, Object> body = summary(customer, bill.get(), bills.owed());
        body.put("lines", bill.get().lines().stream().map(CreditEnquiries::line).toList());
        return new Checked.Passed<>(Answer.of(200, body));
    }

    private static Optional<YearMonth> month(String text) {
        try {
            return Optional.of(YearMonth.parse(text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private Map<String, Object> summary(String customer, Bill bill, List<Owed> owed) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("customer", customer);
        json.put("month", bill.month().toString());
        json.put("currency", bill.currency().getCode());
        json.put("closedAt", bill.closedAt().toString());
        json.put("dueOn", bill.dueOn().toString());
        json.put("principal", bill.principalMinor());
        json.put("fees", bill.feeMinor());
        Map<String, Object> open = new LinkedHashMap<>();
        long sum = 0;
        for (Owed.Kind kind : Owed.Kind.values()) {
            long amount = owed.stream()
                    .filter(each -> each.key().equals(Owed.keyOf(bill.key(), kind)))
                    .mapToLong(Owed::owedMinor)
                    .sum();
            open.put(name(kind), amount);
            sum += amount;
        }
        json.put("owed", open);
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        json.put("status", sum == 0 ? "PAID" : bill.isOverdue(today) ? "OVERDUE" : "DUE");
        json.put("links", Map.of("self", "/customers/" + customer + "/bills/" + bill.month()));
        return json;
    }

    private static String name(Owed.Kind kind) {
        return switch (kind) {
            case FEE -> "fees";
            case INTEREST -> "interest";
            case PRINCIPAL -> "principal";
        };
    }

    private static Map<String, Object> line(Bill.Line line) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("loan", line.loan());
        json.put("instalment", line.number());
        json.put("of", line.of());
        json.put("principal", line.principalMinor());
        json.put("fee", line.feeMinor());
        return json;
    }
}
