package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.Fingerprint;
import doubleeleven.ids.OrderHash;
import doubleeleven.payment.Branch;
import doubleeleven.payment.BranchKind;
import doubleeleven.payment.Command;
import java.util.ArrayList;
import java.util.List;

/**
 * One attempt to pay one order, ready to be run. Equal requests make equal attempts with equal branches, wherever and however often they
 * are made: that is what lets any unit run it again.
 */
public record Attempt(AttemptId id, Command command, List<Try> tries) {

    /**
     * What Try asks of one branch.
     *
     * @param cap open holds that the item may have, this one included
     * @param floor what must be available at least: the amount, or more where the attempt was planned on what was seen
     * @param ceiling what may be available at most
     */
    public record Try(Branch branch, int cap, long floor, long ceiling) {
        static Try of(BranchKind kind, AccountKey account, long amountMinor) {
            return new Try(new Branch(kind, account, amountMinor), Limits.MOST_HOLDS, amountMinor, Limits.NO_CEILING);
        }

        /** Granted only while nobody else holds and exactly that much is available: the plan rests on it. */
        static Try alone(BranchKind kind, AccountKey account, long amountMinor, long seenMinor) {
            return new Try(new Branch(kind, account, amountMinor), 1, Math.max(seenMinor, amountMinor), seenMinor);
        }
    }

    public OrderHash order() {
        return command.id().order();
    }

    static Attempt of(AttemptId id, Command command, List<Try> tries) {
        return new Attempt(id, command, List.copyOf(tries));
    }

    static List<Branch> branches(List<Try> tries) {
        return tries.stream().map(Try::branch).toList();
    }

    /** Digest of an idempotency key, as stored. */
    static String keyDigest(String idempotencyKey) {
        return Fingerprint.of("IDEMPOTENCY-KEY", idempotencyKey);
    }

    /** Two plans of one request are two attempts: only one of them can own the refund, and it brings its own branches with it. */
    static String planned(String fingerprint, List<Try> tries) {
        List<String> parts = new ArrayList<>(List.of(fingerprint));
        for (Try each : tries) {
            parts.add(each.branch().kind().name());
            parts.add(each.branch().account().toString());
            parts.add(Long.toString(each.branch().amountMinor()));
        }
        return Fingerprint.of(parts.toArray(String[]::new));
    }
}
