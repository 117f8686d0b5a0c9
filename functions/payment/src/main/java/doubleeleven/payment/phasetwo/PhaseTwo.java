package doubleeleven.payment.phasetwo;

import doubleeleven.account.AccountKey;
import doubleeleven.payment.Branch;
import doubleeleven.payment.Command;
import doubleeleven.payment.DeclineReason;
import doubleeleven.payment.Payee;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentStatus;
import doubleeleven.payment.Step;
import doubleeleven.payment.phasetwo.Accounts.Applied;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Confirm and Cancel. Always after a durable decision, always for the item's own attempt; a hold of any other attempt is cancelled only
 * once that attempt is aborted. Every step may be repeated, by anyone, at any time.
 */
public final class PhaseTwo {
    /** A lost race changes the item at most once for each claim of the order; far more rounds than that mean something is broken. */
    private static final int ROUNDS = 8;

    private final Payments payments;
    private final Accounts accounts;
    private final Postings postings;
    private final Pruner pruner;
    private final Setbacks setbacks;
    private final Clock clock;

    public PhaseTwo(Payments payments, Accounts accounts, Postings postings, Setbacks setbacks, Clock clock) {
        this.payments = payments;
        this.accounts = accounts;
        this.postings = postings;
        this.pruner = new Pruner(payments, accounts);
        this.setbacks = setbacks;
        this.clock = clock;
    }

    /**
     * Brings the task's attempt as far as it can be brought now.
     *
     * @throws HoldMissing where a committed payment's hold is gone
     */
    public Settlement settle(SettlementTask task) {
        for (int round = 0; round < ROUNDS; round++) {
            Optional<Settlement> settlement = payments.find(task.order())
                    .map(payment -> payment.attempt().equals(task.attempt())
                            ? settleOwn(payment, task)
                            : reclaim(payment, task))
                    .orElseGet(() -> reclaimUnclaimed(task));
            if (settlement.isPresent()) {
                return settlement.get();
            }
        }
        throw new IllegalStateException("payment " + task.order() + " kept changing under phase two");
    }

    private Optional<Settlement> settleOwn(Payment payment, SettlementTask task) {
        return switch (payment.status()) {
            case TRYING -> expire(payment);
            case COMMITTED -> confirm(payment, task);
            case ABORTED -> cancel(payment, task);
            case SUCCEEDED, CLOSED -> {
                cancelAll(task.branches(), task);
                yield Optional.of(new Settlement.AlreadyOver());
            }
        };
    }

    private Optional<Settlement> expire(Payment payment) {
        Instant now = clock.instant();
        if (payment.dueAt() != null && payment.dueAt().isAfter(now)) {
            return Optional.of(new Settlement.Undecided());
        }
        payments.abort(payment.order(), payment.attempt(), DeclineReason.EXPIRED, now);
        return Optional.empty();
    }

    private Optional<Settlement> confirm(Payment payment, SettlementTask task) {
        Command command = commandOf(payment);
        List<Step> steps = new ArrayList<>();
        for (Branch branch : command.branches()) {
            Instant now = clock.instant();
            Applied applied = accounts.confirm(branch, payment.attempt(), payment.order(), now);
            switch (applied) {
                case Applied.Done done -> prune(task, branch, done, now);
                case Applied.DoneBefore _, Applied.NoAccount _ -> {}
                case Applied.NothingThere _ ->
                    throw new HoldMissing(payment.order(), payment.attempt(), branch.account());
            }
            steps.add(new Step(branch.account().toString(), "CONFIRMED", now));
        }
        payment.loan().ifPresent(loan -> {
            accounts.lend(loan);
            steps.add(new Step(loan.key().toString(), "LENT", clock.instant()));
        });
        for (Payee payee : command.payees()) {
            steps.add(credit(payment, command, payee));
        }
        return finish(payment, steps);
    }

    private Step credit(Payment payment, Command command, Payee payee) {
        accounts.credit(payment.entryOf(payee));
        // Asked for before the payment is finished: a crash in between is driven again, so no entry is ever left
        // unposted.
        postings.request(payee, Objects.requireNonNull(payment.decidedAt()), command.trace());
        return new Step(AccountKey.bucketOf(payee.merchant(), payee.bucket()).toString(), "CREDITED", clock.instant());
    }

    private Optional<Settlement> cancel(Payment payment, SettlementTask task) {
        List<Branch> branches = new ArrayList<>(task.branches());
        Command command = payment.command();
        if (command != null) {
            command.branches().stream()
                    .filter(branch -> !branches.contains(branch))
                    .forEach(branches::add);
        }
        return finish(payment, cancelAll(branches, task));
    }

    private Optional<Settlement> finish(Payment payment, List<Step> steps) {
        return payments.finish(payment, steps, clock.instant())
                ? Optional.of(new Settlement.Finished(
                        payment.status() == PaymentStatus.COMMITTED ? PaymentStatus.SUCCEEDED : PaymentStatus.CLOSED))
                : Optional.empty();
    }

    /** Holds of an attempt that does not own the order: abort first, because a racing claim must win or lose before its hold is touched. */
    private Optional<Settlement> reclaim(Payment payment, SettlementTask task) {
        if (task.branches().isEmpty()) {
            return Optional.of(new Settlement.AlreadyOver());
        }
        if (!payment.isOver(task.attempt())
                && !payments.abortLoser(task.order(), task.attempt(), DeclineReason.SUPERSEDED)) {
            return Optional.empty();
        }
        cancelAll(task.branches(), task);
        return Optional.of(new Settlement.Reclaimed());
    }

    private Optional<Settlement> reclaimUnclaimed(SettlementTask task) {
        payments.abortUnclaimed(task.order(), task.attempt(), task.command(), DeclineReason.EXPIRED, clock.instant());
        return Optional.empty();
    }

    private List<Step> cancelAll(List<Branch> branches, SettlementTask task) {
        List<Step> steps = new ArrayList<>();
        for (Branch branch : branches) {
            Instant now = clock.instant();
            switch (accounts.cancel(branch, task.attempt(), task.order(), now)) {
                case Applied.Done done -> prune(task, branch, done, now);
                case Applied.DoneBefore _, Applied.NoAccount _ -> {}
                case Applied.NothingThere _ ->
                    throw new IllegalStateException("attempt " + task.attempt() + " of payment " + task.order()
                            + " can be neither cancelled nor fenced on " + branch.account());
            }
            steps.add(new Step(branch.account().toString(), "CANCELLED", now));
        }
        return steps;
    }

    private void prune(SettlementTask task, Branch branch, Applied.Done done, Instant now) {
        try {
            pruner.prune(branch, done.tombstones(), now);
        } catch (RuntimeException e) {
            setbacks.notPruned(task, branch.account(), e);
        }
    }

    private static Command commandOf(Payment payment) {
        Command command = payment.command();
        if (command == null) {
            throw new IllegalStateException("payment " + payment.order() + " is committed without a command");
        }
        return command;
    }
}
