package doubleeleven.it.audit;

import doubleeleven.it.audit.Snapshot.Debt;
import doubleeleven.it.audit.Snapshot.Entry;
import doubleeleven.it.audit.Snapshot.Fund;
import doubleeleven.it.audit.Snapshot.Leg;
import doubleeleven.it.audit.Snapshot.Payment;
import doubleeleven.it.audit.Snapshot.Share;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * Proof that no money was made or lost, from the tables alone, made while no payment is open.
 *
 * <p>In each currency: what customers and payees have, and what is credited to payees but not yet posted, is what came in from outside and what
 * was lent. That sum alone would not notice a cent taken from one and given to another, so every account is also compared with the sum of the payments that
 * touched it, every entry with its payment, and the refundable rest of every payment, and of every share of one, with its refunds.
 *
 * @param balances by currency
 * @param faults what contradicts the proof besides the sums, in words
 */
public record Conservation(SortedMap<String, Balance> balances, List<String> faults) {

    /**
     * Both sides of the sum in one currency, in minor units. An announced credit ({@code incoming}) is not money and no term; while nothing is
     * open there is none.
     *
     * @param unposted entries that are not in their payee's balance yet
     * @param opened first deposits, made with the opening of an account
     * @param deposits top-ups
     * @param paidOut nothing leaves yet: there is no payout
     * @param lent what is owed on credit lines: it was paid to payees and is not paid back. A limit is no money
     */
    public record Balance(
            long customersAvailable,
            long customersHeld,
            long payeesAvailable,
            long payeesHeld,
            long unposted,
            long opened,
            long deposits,
            long paidOut,
            long lent) {
        public long inside() {
            return customersAvailable + customersHeld + payeesAvailable + payeesHeld + unposted;
        }

        public long fromOutside() {
            return opened + deposits - paidOut;
        }

        public long difference() {
            return inside() - fromOutside() - lent;
        }
    }

    public boolean holds() {
        return faults.isEmpty() && balances.values().stream().allMatch(balance -> balance.difference() == 0);
    }

    /** Examines the tables. A payment that is still open is a fault: its money is on the way and in no account. */
    public static Conservation of(Snapshot tables) {
        List<String> faults = new ArrayList<>();
        tables.strange().forEach(key -> faults.add(key + " is of no known kind"));
        faults.addAll(unfinished(tables));
        tables.payments().forEach(payment -> checkSums(payment, faults));
        checkNothingBelowZero(tables, faults);
        checkEntries(tables, faults);
        checkAccounts(tables, faults);
        checkRefundable(tables, faults);
        checkShares(tables, faults);
        faults.addAll(Receivables.check(tables));
        return new Conservation(balances(tables), List.copyOf(faults));
    }

    private static SortedMap<String, Balance> balances(Snapshot tables) {
        Set<String> currencies = tables.funds().stream().map(Fund::currency).collect(Collectors.toSet());
        tables.entries().forEach(entry -> currencies.add(entry.currency()));
        SortedMap<String, Balance> balances = new TreeMap<>();
        for (String currency : currencies) {
            balances.put(
                    currency,
                    new Balance(
                            sum(tables, currency, true, Fund::available),
                            sum(tables, currency, true, Fund::held),
                            sum(tables, currency, false, Fund::available),
                            sum(tables, currency, false, Fund::held),
                            unposted(tables).stream()
                                    .filter(entry -> entry.currency().equals(currency))
                                    .mapToLong(Entry::amount)
                                    .sum(),
                            sum(tables, currency, true, Fund::opened) + sum(tables, currency, false, Fund::opened),
                            tables.payments().stream()
                                    .filter(payment -> payment.isSucceeded()
                                            && "DEPOSIT".equals(payment.kind())
                                            && currency.equals(payment.currency()))
                                    .mapToLong(Payment::amount)
                                    .sum(),
                            0,
                            tables.funds().stream()
                                    .filter(fund -> fund.currency().equals(currency))
                                    .mapToLong(Fund::outstanding)
                                    .sum()));
        }
        return balances;
    }

    private static long sum(Snapshot tables, String currency, boolean ofCustomers, ToLongFunction<Fund> term) {
        return tables.funds().stream()
                .filter(fund -> fund.ofCustomer() == ofCustomers
                        && fund.limit() == null
                        && fund.currency().equals(currency))
                .mapToLong(term)
                .sum();
    }

    /** Entries that are in no balance: a posting under way has added its own before it marks them. */
    public static List<Entry> unposted(Snapshot tables) {
        Map<String, Set<String>> posting = tables.funds().stream()
                .collect(Collectors.toMap(Fund::pk, Fund::posting, (one, other) -> {
                    Set<String> both = new HashSet<>(one);
                    both.addAll(other);
                    return both;
                }));
        return tables.entries().stream()
                .filter(entry -> !entry.posted()
                        && !posting.getOrDefault(entry.pk(), Set.of()).contains(entry.sk()))
                .toList();
    }

    private static void checkSums(Payment payment, List<String> faults) {
        String kind = payment.kind();
        if (kind == null) {
            return;
        }
        long debits = kind.equals("DEPOSIT") ? 0 : payment.amount();
        long credits = kind.equals("PAYMENT") ? 0 : payment.amount();
        long shares = payment.payees().stream().mapToLong(Share::amount).sum();
        if (shares != (kind.equals("PAYMENT") ? payment.amount() : 0)) {
            faults.add("the payees of payment " + payment.order() + " do not get its amount");
        }
        if (payment.sum("DEBIT") != debits || payment.sum("CREDIT") != credits) {
            faults.add("the branches of payment " + payment.order() + " do not sum to its amount");
        }
        long refunded = payment.sum("REFUNDABLE");
        if (kind.equals("REFUND") ? refunded != payment.amount() : refunded != 0) {
            faults.add("refund " + payment.order() + " takes another amount from its payment than it gives back");
        }
    }

    /** What is on the way: open payments, and money that is reserved for one. Of these faults alone it may be said that they pass. */
    public static List<String> unfinished(Snapshot tables) {
        List<String> faults = new ArrayList<>();
        tables.open().forEach(payment -> faults.add("payment " + payment.order() + " is open: " + payment.status()));
        for (Fund fund : tables.funds()) {
            fund.holds()
                    .forEach((attempt, amount) ->
                            faults.add(fund.name() + " still holds " + amount + " for " + attempt));
            fund.incoming()
                    .forEach((attempt, amount) ->
                            faults.add(fund.name() + " still awaits " + amount + " of " + attempt));
        }
        for (Debt debt : tables.debts()) {
            debt.holds()
                    .forEach((attempt, amount) ->
                            faults.add("debt " + debt.name() + " still holds " + amount + " for " + attempt));
        }
        for (Entry entry : tables.entries()) {
            entry.holds()
                    .forEach((attempt, amount) ->
                            faults.add("share " + entry.name() + " still holds " + amount + " for " + attempt));
        }
        for (Payment payment : tables.payments()) {
            payment.holds()
                    .forEach((attempt, amount) ->
                            faults.add("payment " + payment.order() + " still holds " + amount + " for " + attempt));
        }
        return faults;
    }

    private static void checkNothingBelowZero(Snapshot tables, List<String> faults) {
        tables.funds().stream()
                .filter(fund -> fund.available() < 0)
                .forEach(fund -> faults.add(fund.name() + " has less than nothing: " + fund.available()));
    }

    private static void checkEntries(Snapshot tables, List<String> faults) {
        Map<String, Payment> credited = new HashMap<>();
        tables.payments().stream()
                .filter(Payment::isSucceeded)
                .forEach(payment -> payment.payees()
                        .forEach(share -> credited.put(creditOf(payment.attempt(), share.bucket()), payment)));
        for (Entry entry : tables.entries()) {
            Payment payment = credited.remove(creditOf(entry.attempt(), entry.pk()));
            if (payment == null) {
                faults.add("entry " + entry.name() + " is of no payment that succeeded, or its second");
            } else if (!payment.payees().contains(new Share(entry.pk(), entry.amount()))
                    || !entry.currency().equals(payment.currency())
                    || !entry.order().equals(payment.order())) {
                faults.add("entry " + entry.name() + " differs from payment " + payment.order());
            } else if ((entry.refundable() != null) != (payment.payees().size() > 1)) {
                faults.add(
                        "entry " + entry.name() + " must limit refunds where there are several payees, and only then");
            }
        }
        credited.forEach((credit, payment) -> faults.add("payment " + payment.order() + " has no entry " + credit));
    }

    private static String creditOf(String attempt, String bucket) {
        return bucket + "/" + attempt;
    }

    private static void checkAccounts(Snapshot tables, List<String> faults) {
        Map<String, Long> moved = new HashMap<>();
        for (Payment payment : tables.payments()) {
            if (payment.isSucceeded()) {
                for (Leg leg : payment.legs()) {
                    switch (leg.kind()) {
                        case "DEBIT" -> moved.merge(leg.name(), -leg.amount(), Math::addExact);
                        case "CREDIT" -> moved.merge(leg.name(), leg.amount(), Math::addExact);
                        default -> {}
                    }
                }
            }
        }
        Set<String> unposted = unposted(tables).stream().map(Entry::name).collect(Collectors.toSet());
        tables.entries().stream()
                .filter(entry -> !unposted.contains(entry.name()))
                .forEach(entry -> moved.merge(entry.pk() + "/BALANCE", entry.amount(), Math::addExact));
        for (Fund fund : tables.funds()) {
            Long limit = fund.limit();
            long first = limit == null ? fund.opened() : limit;
            long expected = first + Objects.requireNonNullElse(moved.remove(fund.name()), 0L);
            if (fund.available() != expected) {
                faults.add(fund.name() + " has " + fund.available() + ", its payments say " + expected);
            }
        }
        moved.forEach((account, amount) -> faults.add(account + " was moved by " + amount + " and does not exist"));
    }

    private static void checkRefundable(Snapshot tables, List<String> faults) {
        Map<String, Long> refunded = takenByRefunds(tables, "REFUNDABLE");
        for (Payment payment : tables.payments()) {
            if (payment.isSucceeded() && "PAYMENT".equals(payment.kind())) {
                long expected = payment.amount() - Objects.requireNonNullElse(refunded.remove(payment.order()), 0L);
                Long refundable = payment.refundable();
                if (refundable == null || refundable != expected || expected < 0) {
                    faults.add("payment " + payment.order() + " can be refunded by " + refundable
                            + ", its refunds leave " + expected);
                }
            }
        }
        refunded.forEach((order, amount) -> faults.add("a refund of " + amount + " was made of no payment: " + order));
    }

    /** No payee gave back more than its share, and each refund of a shared payment took from the share what it took from the payment. */
    private static void checkShares(Snapshot tables, List<String> faults) {
        Map<String, Long> refunded = takenByRefunds(tables, "SHARE");
        for (Entry entry : tables.entries()) {
            Long refundable = entry.refundable();
            long expected = entry.amount() - Objects.requireNonNullElse(refunded.remove(entry.name()), 0L);
            if (refundable != null ? refundable != expected || expected < 0 : expected != entry.amount()) {
                faults.add("share " + entry.name() + " can be refunded by " + refundable + ", its refunds leave "
                        + expected);
            }
        }
        refunded.forEach((entry, amount) -> faults.add("a refund of " + amount + " was made of no share: " + entry));
        Set<String> shared = tables.payments().stream()
                .filter(payment -> payment.payees().size() > 1)
                .map(Payment::order)
                .collect(Collectors.toSet());
        for (Payment refund : tables.payments()) {
            String original = refund.original();
            if ("REFUND".equals(refund.kind()) && original != null) {
                checkTakenFromShare(refund, shared.contains(original), faults);
            }
        }
    }

    private static void checkTakenFromShare(Payment refund, boolean ofShared, List<String> faults) {
        if (refund.sum("SHARE") != (ofShared ? refund.amount() : 0)) {
            faults.add("refund " + refund.order() + " takes another amount from a share than it gives back");
        }
        for (Leg leg : refund.legs()) {
            boolean elsewhere = leg.kind().equals("DEBIT")
                    && ofShared
                    && refund.legs().stream()
                            .filter(share -> share.kind().equals("SHARE"))
                            .noneMatch(share -> merchantOf(share.pk()).equals(merchantOf(leg.pk())));
            if (elsewhere) {
                faults.add("refund " + refund.order() + " takes the money of another payee than the share's");
            }
        }
    }

    /** A bucket's partition without the bucket. */
    private static String merchantOf(String bucket) {
        return bucket.substring(0, bucket.lastIndexOf('#'));
    }

    /** What refunds that succeeded took, by the name of what they took it from. */
    private static Map<String, Long> takenByRefunds(Snapshot tables, String kind) {
        Map<String, Long> taken = new HashMap<>();
        tables.payments().stream()
                .filter(payment -> payment.isSucceeded() && "REFUND".equals(payment.kind()))
                .flatMap(payment -> payment.legs().stream())
                .filter(leg -> leg.kind().equals(kind))
                .forEach(leg -> taken.merge(leg.name(), leg.amount(), Math::addExact));
        return taken;
    }

    /** Every term of the sums, and every fault. */
    public String toReport() {
        StringBuilder report = new StringBuilder();
        balances.forEach((currency, balance) -> report.append("""
                Money in %s, minor units
                  customers: available %,22d
                  customers: held      %,22d
                  payees: available    %,22d
                  payees: held         %,22d
                  entries not posted   %,22d
                  = inside             %,22d
                  opening deposits     %,22d
                  top-ups              %,22d
                  paid out             %,22d
                  = from outside       %,22d
                  lent on credit       %,22d
                  difference           %,22d
                """.formatted(
                        currency,
                        balance.customersAvailable(),
                        balance.customersHeld(),
                        balance.payeesAvailable(),
                        balance.payeesHeld(),
                        balance.unposted(),
                        balance.inside(),
                        balance.opened(),
                        balance.deposits(),
                        balance.paidOut(),
                        balance.fromOutside(),
                        balance.lent(),
                        balance.difference())));
        faults.forEach(fault -> report.append("FAULT: ").append(fault).append('\n'));
        return report.toString();
    }
}
