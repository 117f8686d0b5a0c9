package doubleeleven.it.audit;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * One effective write of an item, known by what it changed.
 *
 * @param attempt the attempt it was made for; empty where a write serves several
 */
public record Write(Kind kind, String attempt) {
    /** What a write was for. */
    public enum Kind {
        CLAIM,
        HOLD,
        ANNOUNCE,
        DECIDE,
        CONFIRM,
        CANCEL,
        ENTRY,
        FINISH,
        /** A tombstone where no hold was. */
        FENCE,
        ABORT_LOSER,
        /** Recovery drove phase two again. */
        POSTPONE,
        POST,
        MARK_POSTED,
        END_POSTING,
        PRUNE,
        OPEN,
        OTHER;

        /** The steps of the protocol for a payment; everything else is recovery, posting or housekeeping. */
        public boolean isProtocol() {
            return compareTo(FINISH) <= 0;
        }
    }

    /** Tells what a change of an item of the payment table was. */
    static Write ofPayment(Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
        if (after.isEmpty()) {
            return new Write(Kind.OTHER, "");
        }
        String attempt = Snapshot.text(after, "attempt");
        String from = before.isEmpty() ? "" : Snapshot.text(before, "status");
        String to = Snapshot.text(after, "status");
        if (!from.equals(to)) {
            return new Write(
                    switch (to) {
                        case "TRYING" -> Kind.CLAIM;
                        case "COMMITTED", "ABORTED" -> Kind.DECIDE;
                        default -> Kind.FINISH;
                    },
                    attempt);
        }
        Set<String> losers = added(before, after, "aborted");
        if (!losers.isEmpty()) {
            return new Write(Kind.ABORT_LOSER, losers.iterator().next());
        }
        if (!before.getOrDefault("dueAt", AttributeValue.fromN("0")).equals(after.get("dueAt"))
                && after.containsKey("dueAt")) {
            return new Write(Kind.POSTPONE, attempt);
        }
        return ofReserved(before, after);
    }

    /** Tells what a change of an item of the account table was. */
    static Write ofAccount(
            Map<String, AttributeValue> keys, Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
        String sk = Snapshot.text(keys, "sk");
        if (sk.startsWith("E#")) {
            boolean marked = !before.containsKey("posted") && after.containsKey("posted");
            if (before.isEmpty() || marked) {
                return new Write(
                        before.isEmpty() ? Kind.ENTRY : Kind.MARK_POSTED, sk.substring(sk.lastIndexOf('#') + 1));
            }
            // Refunds of one of several shares are held on its entry.
            return ofReserved(before, after);
        }
        if (before.isEmpty()) {
            return new Write(Kind.OPEN, "");
        }
        if (!before.getOrDefault("batch", AttributeValue.fromN("0"))
                .equals(after.getOrDefault("batch", AttributeValue.fromN("0")))) {
            return new Write(Kind.POST, "");
        }
        if (before.containsKey("posting") && !after.containsKey("posting")) {
            return new Write(Kind.END_POSTING, "");
        }
        return ofReserved(before, after);
    }

    private static Write ofReserved(Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
        for (String reserved : new String[] {"holds", "incoming"}) {
            Set<String> more = added(before, after, reserved);
            if (!more.isEmpty()) {
                return new Write(
                        reserved.equals("holds") ? Kind.HOLD : Kind.ANNOUNCE,
                        more.iterator().next());
            }
            Set<String> less = added(after, before, reserved);
            if (!less.isEmpty()) {
                // Money that was held comes back when cancelled; money that was announced comes in when confirmed.
                boolean grew = Snapshot.number(after, "available") > Snapshot.number(before, "available");
                return new Write(
                        grew == reserved.equals("holds") ? Kind.CANCEL : Kind.CONFIRM,
                        less.iterator().next());
            }
        }
        Set<String> fenced = added(before, after, "finished");
        if (!fenced.isEmpty()) {
            return new Write(Kind.FENCE, fenced.iterator().next());
        }
        return new Write(added(after, before, "finished").isEmpty() ? Kind.OTHER : Kind.PRUNE, "");
    }

    private static Set<String> added(
            Map<String, AttributeValue> before, Map<String, AttributeValue> after, String name) {
        Set<String> keys = new HashSet<>(keysOf(after, name));
        keys.removeAll(keysOf(before, name));
        return keys;
    }

    private static Set<String> keysOf(Map<String, AttributeValue> item, String name) {
        AttributeValue map = item.get(name);
        return map == null ? Set.of() : map.m().keySet();
    }
}
