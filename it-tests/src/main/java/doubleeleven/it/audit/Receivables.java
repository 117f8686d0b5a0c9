package doubleeleven.it.audit;

import doubleeleven.it.audit.Snapshot.Debt;
import doubleeleven.it.audit.Snapshot.Fund;
import doubleeleven.it.audit.Snapshot.Leg;
import doubleeleven.it.audit.Snapshot.Listed;
import doubleeleven.it.audit.Snapshot.Part;
import doubleeleven.it.audit.Snapshot.Payment;
import doubleeleven.it.audit.Snapshot.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What credit lines say is owed against the loans and bills on which it is owed, each of those against the payments that touched it. */
final class Receivables {
    private static final String PRINCIPAL = "#PRINCIPAL";
    private static final String FEE = "#FEE";
    private static final String INTEREST = "#INTEREST";

    private final Snapshot tables;
    private final List<String> faults = new ArrayList<>();

    private Receivables(Snapshot tables) {
        this.tables = tables;
    }

    static List<String> check(Snapshot tables) {
        Receivables receivables = new Receivables(tables);
        receivables.checkPayments();
        receivables.checkLines();
        receivables.checkLoans();
        receivables.checkDebts();
        receivables.checkStatements();
        return receivables.faults;
    }

    /** What a line gets back is principal that is owed no more; what a repayment pays is all owed no more. */
    private void checkPayments() {
        for (Payment payment : tables.payments()) {
            String kind = payment.kind();
            if (kind == null) {
                continue;
            }
            long owed = payment.sum("OWED");
            long principal = payment.legs().stream()
                    .filter(leg -> leg.kind().equals("OWED") && isPrincipal(leg))
                    .mapToLong(Leg::amount)
                    .sum();
            if (principal != line(payment, "CREDIT")) {
                faults.add("payment " + payment.order() + " gives the credit line another amount than is owed no more");
            }
            long expected = kind.equals("REPAYMENT") ? payment.amount() : principal;
            if (owed != expected) {
                faults.add("payment " + payment.order() + " takes " + owed + " of what is owed instead of " + expected);
            }
        }
    }

    private static boolean isPrincipal(Leg leg) {
        String sk = String.valueOf(leg.sk());
        return sk.startsWith("LOAN#") || sk.endsWith(PRINCIPAL);
    }

    private static long line(Payment payment, String kind) {
        return payment.legs().stream()
                .filter(leg -> leg.kind().equals(kind) && "CREDIT".equals(leg.sk()))
                .mapToLong(Leg::amount)
                .sum();
    }

    private void checkLines() {
        Map<String, Long> owed = new HashMap<>();
        tables.debts().stream()
                .filter(Debt::isPrincipal)
                .forEach(debt -> owed.merge(debt.pk(), debt.owed() + unlisted(debt), Math::addExact));
        for (Fund fund : tables.funds()) {
            if (fund.limit() != null) {
                long principal = Objects.requireNonNullElse(owed.remove(fund.pk()), 0L);
                if (fund.outstanding() != principal) {
                    faults.add(fund.name() + " has " + fund.outstanding() + " outstanding, its loans and bills say "
                            + principal);
                }
            }
        }
        owed.forEach((customer, amount) -> {
            if (amount != 0) {
                faults.add(customer + " owes " + amount + " without a credit line");
            }
        });
    }

    /** Taken after the month's bill was made, or the run died before: the next bill lists it. */
    private long unlisted(Debt loan) {
        return loan.parts().stream()
                .filter(part -> !part.sealed() && !isListed(loan, part))
                .mapToLong(Part::principal)
                .sum();
    }

    private boolean isListed(Debt loan, Part part) {
        return tables.statements().stream()
                .filter(statement -> statement.pk().equals(loan.pk()))
                .flatMap(statement -> statement.lines().stream())
                .anyMatch(line -> line.loan().equals(loan.sk()) && line.part().number() == part.number());
    }

    /** One loan for each payment on credit, for what it took. */
    private void checkLoans() {
        Map<String, Payment> lent = new HashMap<>();
        tables.payments().stream()
                .filter(payment -> payment.isSucceeded() && line(payment, "DEBIT") > 0)
                .forEach(payment -> lent.put(payment.attempt(), payment));
        for (Debt debt : tables.debts()) {
            if (debt.isLoan()) {
                Payment payment = lent.remove(debt.sk().substring(debt.sk().lastIndexOf('#') + 1));
                if (payment == null
                        || line(payment, "DEBIT") != debt.opened()
                        || !payment.order().equals(debt.order())) {
                    faults.add("loan " + debt.name() + " is of no payment that succeeded, or of another amount");
                }
            }
        }
        lent.forEach((attempt, payment) -> faults.add("payment " + payment.order() + " has no loan"));
    }

    /** What was ever owed in a place is still owed there, was billed, or was taken by a payment. */
    private void checkDebts() {
        Map<String, Long> taken = new HashMap<>();
        tables.payments().stream()
                .filter(Payment::isSucceeded)
                .flatMap(payment -> payment.legs().stream())
                .filter(leg -> leg.kind().equals("OWED"))
                .forEach(leg -> taken.merge(leg.name(), leg.amount(), Math::addExact));
        for (Debt debt : tables.debts()) {
            long gone = Objects.requireNonNullElse(taken.remove(debt.name()), 0L)
                    + debt.parts().stream().mapToLong(Part::principal).sum();
            if (debt.opened() != debt.owed() + gone || debt.available() < 0) {
                faults.add(debt.name() + " was " + debt.opened() + ", of which " + gone + " is gone and " + debt.owed()
                        + " is left");
            }
        }
        taken.forEach((name, amount) -> faults.add(amount + " was paid back on " + name + ", which does not exist"));
    }

    /** Every part of a loan is listed once, as it was taken, and what a bill lists is what was owed on it. */
    private void checkStatements() {
        Map<String, Part> parts = new HashMap<>();
        Map<String, Long> owed = new HashMap<>();
        for (Debt debt : tables.debts()) {
            debt.parts().stream()
                    .filter(part -> part.principal() + part.fee() > 0)
                    .forEach(part -> parts.put(debt.name() + "#" + part.number(), part));
            owed.put(debt.name(), debt.opened());
        }
        for (Statement statement : tables.statements()) {
            long principal = 0;
            long fees = 0;
            for (Listed line : statement.lines()) {
                principal += line.part().principal();
                fees += line.part().fee();
                String part =
                        statement.pk() + "/" + line.loan() + "#" + line.part().number();
                Part taken = parts.remove(part);
                if (taken == null || !line.part().isSame(taken)) {
                    faults.add("bill " + statement.name() + " lists " + part
                            + ", which was not taken so, or a second time");
                }
            }
            if (principal != statement.principal()
                    || fees != statement.fees()
                    || !Long.valueOf(principal).equals(owed.get(statement.name() + PRINCIPAL))
                    || !Long.valueOf(fees).equals(owed.get(statement.name() + FEE))
                    || !owed.containsKey(statement.name() + INTEREST)) {
                faults.add("bill " + statement.name() + " does not sum to what was owed on it");
            }
        }
        parts.forEach((name, part) -> {
            if (part.sealed()) {
                faults.add(name + " was taken and is on no bill");
            }
        });
    }
}
