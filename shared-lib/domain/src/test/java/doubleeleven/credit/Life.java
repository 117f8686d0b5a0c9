package doubleeleven.credit;

import static doubleeleven.credit.Samples.CUSTOMER;
import static doubleeleven.credit.Samples.TERMS;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Hold;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;

/**
 * A customer with a credit line, whose book is kept by the domain's types alone. Beside the book it counts by itself, from what it asked for,
 * what must have become of it.
 */
final class Life {
    private static final int[] COUNTS = {1, 1, 3, 6, 9, 12};

    private final Random random;
    private final long limit;
    private long available;
    private long held;
    private final Map<AccountKey, Loan> loans = new LinkedHashMap<>();
    private final Map<YearMonth, Bill> bills = new TreeMap<>();
    private final Map<AccountKey, Owed> owed = new LinkedHashMap<>();
    private final List<Pending> pending = new ArrayList<>();
    private LocalDate today;
    private int payments;

    private long lent;
    private long repaid;
    private long lenderGot;
    private long refundedToLine;
    private long refundedToBalance;
    private long refunds;
    private final Map<AccountKey, Long> refundable = new HashMap<>();
    private final Map<AccountKey, Long> takenFromLoan = new HashMap<>();
    private final Map<YearMonth, LocalDate> reckoned = new HashMap<>();
    private final Map<YearMonth, BigDecimal> exactInterest = new HashMap<>();

    /** What was seen, so that a test can tell that a life was not an empty one. */
    final Map<String, Integer> seen = new TreeMap<>();

    /** What phase two will confirm or cancel. */
    private record Pending(
            AttemptId attempt, List<Share> shares, long ofLine, Runnable confirmed, Runnable cancelled) {}

    Life(Random random, long limit, LocalDate begin) {
        this.random = random;
        this.limit = limit;
        this.available = limit;
        this.today = begin;
    }

    void day() {
        today = today.plusDays(1);
        if (today.getDayOfMonth() == 1) {
            bill(YearMonth.from(today).minusMonths(1));
        }
        if (random.nextInt(10) > 0) {
            accrue();
        }
        for (int actions = random.nextInt(3); actions > 0; actions--) {
            act();
            check();
        }
    }

    /** Everything under way ends, and everything owed is repaid. */
    void end() {
        while (!pending.isEmpty()) {
            settle(pending.removeFirst(), random.nextBoolean());
        }
        if (Repayment.of(Samples.gbp(Math.max(1, most())), list(owed), list(loans))
                instanceof Repayment.Allocated everything) {
            settle(repayment(everything), true);
        }
        check();
        assertThat(limit - available - held).as("outstanding").isZero();
        assertThat(owed.values()).allMatch(each -> each.owedMinor() == 0);
        assertThat(loans.values())
                .as("parts and what was taken early are the principal")
                .allMatch(loan -> parts(loan) + takenFromLoan.getOrDefault(loan.key(), 0L) == loan.principalMinor());
    }

    private void act() {
        switch (random.nextInt(10)) {
            case 0, 1, 2, 3 -> buy();
            case 4 -> refund();
            case 5, 6 -> repaySome();
            default -> settle();
        }
    }

    private void buy() {
        long amount = 1 + random.nextLong(random.nextBoolean() ? 30 : Math.max(1, limit / 4));
        boolean frozen = bills.values().stream()
                .anyMatch(bill ->
                        bill.isOverdue(today) && owedOn(bill.month()).stream().anyMatch(each -> each.owedMinor() > 0));
        if (frozen || amount > available) {
            count(frozen ? "refused, a bill is overdue" : "refused, over the limit");
            return;
        }
        InstalmentPlan plan = TERMS.plan(COUNTS[random.nextInt(COUNTS.length)]).orElseThrow();
        AttemptId attempt = attempt();
        OrderHash order = Samples.order(attempt.value());
        available -= amount;
        held += amount;
        begin(new Pending(
                attempt,
                List.of(),
                amount,
                () -> {
                    Loan loan = Loan.open(CUSTOMER, now(), attempt, order, Samples.gbp(amount), plan);
                    loans.put(loan.key(), loan);
                    refundable.put(loan.key(), amount);
                    lent += amount;
                    count(plan.count() == 1 ? "bought without a plan" : "bought with a plan");
                },
                () -> available += amount));
    }

    private void refund() {
        List<Loan> refundables = loans.values().stream()
                .filter(loan -> refundable.getOrDefault(loan.key(), 0L) > 0)
                .toList();
        if (refundables.isEmpty()) {
            return;
        }
        // Young loans mostly: their plans are under way.
        Loan loan = refundables.get(refundables.size() - 1 - random.nextInt(Math.min(8, refundables.size())));
        long rest = refundable.getOrDefault(loan.key(), 0L);
        long amount = random.nextInt(3) == 0 ? rest : 1 + random.nextLong(rest);
        RefundSplit split = RefundSplit.of(amount, loan, List.copyOf(bills.values()), list(owed));
        assertThat(split.lineMinor() + split.balanceMinor()).isEqualTo(amount);
        refundable.merge(loan.key(), -amount, Long::sum);
        begin(new Pending(
                hold(split.owed()),
                split.owed(),
                0,
                () -> {
                    available += split.lineMinor();
                    refundedToLine += split.lineMinor();
                    refundedToBalance += split.balanceMinor();
                    refunds += amount;
                    count(split.balanceMinor() == 0 ? "refunded to the line" : "refunded to the balance too");
                },
                () -> refundable.merge(loan.key(), amount, Long::sum)));
    }

    private void repaySome() {
        long most = most();
        long amount = switch (random.nextInt(5)) {
            case 0 -> most;
            case 1 -> most + 1 + random.nextInt(3);
            case 2 -> oldestBill();
            default -> most == 0 ? 0 : 1 + random.nextLong(most);
        };
        switch (Repayment.of(Samples.gbp(amount), list(owed), list(loans))) {
            case Repayment.Allocated allocated -> {
                assertThat(amount).isBetween(1L, most);
                assertThat(allocated.shares().stream()
                                .mapToLong(Share::amountMinor)
                                .sum())
                        .isEqualTo(amount);
                repay(allocated);
            }
            case Repayment.OutOfRange range -> {
                assertThat(amount).matches(asked -> asked <= 0 || asked > most);
                assertThat(range.most()).isEqualTo(Samples.gbp(most));
                count("refused, more than is owed");
            }
        }
    }

    private void repay(Repayment.Allocated allocated) {
        begin(repayment(allocated));
    }

    private Pending repayment(Repayment.Allocated allocated) {
        long amount = allocated.shares().stream().mapToLong(Share::amountMinor).sum();
        return new Pending(
                hold(allocated.shares()),
                allocated.shares(),
                0,
                () -> {
                    available += allocated.principalMinor();
                    lenderGot += allocated.costMinor();
                    repaid += amount;
                    count("repaid");
                },
                () -> {});
    }

    private long most() {
        return loans.values().stream().mapToLong(Loan::unbilledMinor).sum()
                + owed.values().stream().mapToLong(Owed::availableMinor).sum();
    }

    private long oldestBill() {
        return bills.keySet().stream()
                .mapToLong(month ->
                        owedOn(month).stream().mapToLong(Owed::availableMinor).sum())
                .filter(sum -> sum > 0)
                .findFirst()
                .orElse(0);
    }

    /** Most end at once; some are still under way when a bill closes. */
    private void begin(Pending begun) {
        pending.add(begun);
        if (random.nextInt(4) > 0) {
            settle();
        }
    }

    private void settle() {
        if (!pending.isEmpty()) {
            settle(pending.remove(random.nextInt(pending.size())), random.nextInt(5) > 0);
        }
    }

    private void settle(Pending ended, boolean confirmed) {
        held -= ended.ofLine();
        for (Share share : ended.shares()) {
            long back = confirmed ? 0 : share.amountMinor();
            loans.computeIfPresent(share.item(), (key, loan) -> {
                if (confirmed) {
                    takenFromLoan.merge(key, share.amountMinor(), Long::sum);
                }
                return Samples.with(loan, loan.unbilledMinor() + back, without(loan.holds(), ended.attempt()));
            });
            owed.computeIfPresent(
                    share.item(),
                    (_, each) ->
                            Samples.with(each, each.availableMinor() + back, without(each.holds(), ended.attempt())));
        }
        (confirmed ? ended.confirmed() : ended.cancelled()).run();
    }

    private AttemptId hold(List<Share> shares) {
        AttemptId attempt = attempt();
        for (Share share : shares) {
            Hold hold = new Hold(share.amountMinor(), Samples.order(attempt.value()), now());
            loans.computeIfPresent(
                    share.item(),
                    (_, loan) -> Samples.with(
                            loan, loan.unbilledMinor() - hold.amountMinor(), plus(loan.holds(), attempt, hold)));
            owed.computeIfPresent(
                    share.item(),
                    (_, each) -> Samples.with(
                            each, each.availableMinor() - hold.amountMinor(), plus(each.holds(), attempt, hold)));
        }
        return attempt;
    }

    private void bill(YearMonth month) {
        takeParts(month);
        Bill.of(CUSTOMER, month, today, TERMS, list(loans)).ifPresent(bill -> {
            bills.put(month, bill);
            for (Owed.Kind kind : Owed.Kind.values()) {
                Owed each = Owed.of(bill, kind, TERMS);
                owed.put(each.key(), each);
            }
            loans.replaceAll((_, loan) -> loan.sealedBy(bill));
            reckoned.put(month, bill.dueOn());
            exactInterest.put(month, BigDecimal.ZERO);
            assertThat(bill.lines().stream()
                            .mapToLong(Bill.Line::principalMinor)
                            .sum())
                    .isEqualTo(bill.principalMinor());
            assertThat(bill.lines().stream().mapToLong(Bill.Line::feeMinor).sum())
                    .isEqualTo(bill.feeMinor());
            count("billed");
        });
        takeParts(month);
        assertThat(Bill.of(CUSTOMER, month, today, TERMS, list(loans)))
                .as("billed again")
                .isEmpty();
        assertThat(loans.values()).as("fees").allMatch(Life::costsWhatWasAgreed);
        check();
    }

    private void takeParts(YearMonth month) {
        loans.replaceAll((_, loan) -> Samples.billed(loan, month));
    }

    private void accrue() {
        owed.replaceAll((key, each) -> {
            Interest interest = each.interest();
            if (interest == null) {
                return each;
            }
            long principal = principalOwed(each.bill());
            Interest.Accrual accrual = interest.accrue(today, principal);
            expect(each.bill(), principal);
            return new Owed(
                    key,
                    each.currency(),
                    each.availableMinor() + accrual.amountMinor(),
                    each.holds(),
                    each.finished(),
                    each.openedMinor() + accrual.amountMinor(),
                    accrual.carried());
        });
        check();
    }

    /** The same interest by itself, day by day. */
    private void expect(YearMonth month, long principal) {
        LocalDate last = reckoned.getOrDefault(month, today);
        for (LocalDate day = last.plusDays(1); !day.isAfter(today); day = day.plusDays(1)) {
            exactInterest.merge(month, new BigDecimal(principal).multiply(new BigDecimal("0.0005")), BigDecimal::add);
            reckoned.put(month, day);
            if (principal > 0) {
                count("days of interest");
            }
        }
    }

    private long principalOwed(YearMonth month) {
        return owedOn(month, Owed.Kind.PRINCIPAL).owedMinor();
    }

    private Owed owedOn(YearMonth month, Owed.Kind kind) {
        return Objects.requireNonNull(owed.get(Owed.keyOf(bills.get(month).key(), kind)));
    }

    private List<Owed> owedOn(YearMonth month) {
        return Arrays.stream(Owed.Kind.values())
                .map(kind -> owedOn(month, kind))
                .toList();
    }

    private void check() {
        long unbilled = loans.values().stream().mapToLong(Loan::owedMinor).sum();
        long principalOwed = sum(Owed.Kind.PRINCIPAL);
        assertThat(limit - available - held)
                .as("what the line says is outstanding")
                .isEqualTo(unbilled + principalOwed)
                .isEqualTo(lent - refundedToLine - (repaid - lenderGot));
        assertThat(available).isNotNegative();
        assertThat(held).isNotNegative();

        long fees = bills.values().stream().mapToLong(Bill::feeMinor).sum();
        long interest = charged(Owed.Kind.INTEREST);
        assertThat(repaid + refundedToLine + unbilled + principalOwed + sum(Owed.Kind.FEE) + sum(Owed.Kind.INTEREST))
                .as("repaid, refunded and owed is what was charged")
                .isEqualTo(lent + fees + interest);
        assertThat(refundedToLine + refundedToBalance).isEqualTo(refunds);
        assertThat(lenderGot).isEqualTo(fees + interest - sum(Owed.Kind.FEE) - sum(Owed.Kind.INTEREST));

        assertThat(exactInterest)
                .as("interest is the exact one rounded down once")
                .allSatisfy((month, exact) -> assertThat(
                                owedOn(month, Owed.Kind.INTEREST).openedMinor())
                        .isEqualTo(exact.setScale(0, RoundingMode.DOWN).longValueExact()));
        assertThat(owed.values()).allMatch(each -> each.availableMinor() >= 0);
        assertThat(loans.values())
                .as("parts, what is unbilled and what was taken early are the principal")
                .allMatch(loan -> loan.unbilledMinor() >= 0
                        && parts(loan) + loan.owedMinor() + takenFromLoan.getOrDefault(loan.key(), 0L)
                                == loan.principalMinor());
    }

    /** A loan that went by its plan costs the plan's fee exactly, any other one at most that. */
    private static boolean costsWhatWasAgreed(Loan loan) {
        List<Instalment> schedule = loan.plan().schedule(loan.principalMinor());
        boolean planned = loan.parts().stream()
                .map(Part::principalMinor)
                .toList()
                .equals(schedule.stream().map(Instalment::principalMinor).toList());
        long cost = loan.parts().stream().mapToLong(Part::feeMinor).sum();
        long agreed = loan.plan().feeMinor(loan.principalMinor());
        return planned ? cost == agreed : cost <= agreed;
    }

    private static long parts(Loan loan) {
        return loan.parts().stream().mapToLong(Part::principalMinor).sum();
    }

    private long sum(Owed.Kind kind) {
        return bills.keySet().stream()
                .mapToLong(month -> owedOn(month, kind).owedMinor())
                .sum();
    }

    private long charged(Owed.Kind kind) {
        return bills.keySet().stream()
                .mapToLong(month -> owedOn(month, kind).openedMinor())
                .sum();
    }

    private AttemptId attempt() {
        payments++;
        return Samples.attempt(Integer.toString(payments));
    }

    private Instant now() {
        return today.atStartOfDay(ZoneOffset.UTC).toInstant().plusMillis(random.nextInt(86_400_000));
    }

    private void count(String what) {
        seen.merge(what, 1, Integer::sum);
    }

    private static <V> List<V> list(Map<?, V> map) {
        return List.copyOf(map.values());
    }

    private static Map<AttemptId, Hold> plus(Map<AttemptId, Hold> holds, AttemptId attempt, Hold hold) {
        Map<AttemptId, Hold> more = new HashMap<>(holds);
        more.put(attempt, hold);
        return more;
    }

    private static Map<AttemptId, Hold> without(Map<AttemptId, Hold> holds, AttemptId attempt) {
        Map<AttemptId, Hold> less = new HashMap<>(holds);
        less.remove(attempt);
        return less;
    }
}
