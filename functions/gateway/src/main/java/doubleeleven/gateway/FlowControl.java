package doubleeleven.gateway;

import doubleeleven.payment.BranchKind;
import doubleeleven.payment.Command;
import doubleeleven.routing.Flow;
import doubleeleven.routing.Flows;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what is over a limit of the rule, before anything is begun. Each environment of the gateway counts for itself and enforces its
 * part: a counter that all share would be one more write before each answer, and the hottest item of all in the very minute in which it is
 * needed. An environment has one call at a time, so what one gives back was never in another one's way.
 */
final class FlowControl {
    /** Buckets in each scope. One that goes is the longest unused, so nearly always full, and a full one comes back as it was. */
    static final int MOST = 10_000;

    private static final long NANOS = 1_000_000_000;

    /** What a limit is a limit of. */
    enum Scope {
        APP("this API key", true),
        MERCHANT("this merchant", true),
        UNIT("the part of the platform that serves this customer", true),
        HOT_ACCOUNT("this customer's account", false),
        HOT_BUCKET("this payee's account", false);

        private final String words;
        /** What gives back draws from it too, and from its last part alone. */
        private final boolean keeping;

        Scope(String words, boolean keeping) {
            this.words = words;
            this.keeping = keeping;
        }
    }

    private record Limited(Scope scope, TokenBucket bucket) {}

    /** How long until what is over its limit takes on another. */
    private record Over(Scope scope, long nanos) {}

    private final Rules rules;
    private final Journal journal;
    private final Clock clock;
    private final Map<Scope, Map<String, TokenBucket>> buckets = new EnumMap<>(Scope.class);

    FlowControl(Rules rules, Journal journal, Clock clock) {
        this.rules = rules;
        this.journal = journal;
        this.clock = clock;
        for (Scope scope : Scope.values()) {
            buckets.put(scope, bounded());
        }
    }

    Pass pass(Caller caller, Command command) {
        return new Pass(caller, command);
    }

    /**
     * What one attempt is let in by. However many units it is run at, it counts once for its caller, merchant and accounts; of the units
     * for each that may have begun it.
     */
    final class Pass {
        private final Caller caller;
        private final Command command;
        /** Of the rule that the attempt began with: whoever hedges must not wait for a newer one to be read. */
        private final Flows flows = rules.current().flows();

        private final List<TokenBucket> ofAll = new ArrayList<>();
        private final Map<String, List<TokenBucket>> ofUnits = new HashMap<>();
        private boolean counted;

        private Pass(Caller caller, Command command) {
            this.caller = caller;
            this.command = command;
        }

        /** Takes a token of the unit and, the first time, of everything else that the attempt counts for; or none at all. */
        Optional<Problem> refusal(String at) {
            return take(at).map(over -> {
                journal.count("FlowRefused", "scope", over.scope().name());
                return Problem.tooMany(
                        "There is more for " + over.scope().words + " than is taken on at a time. Nothing was started."
                                + " Make the same call again, with the same idempotency key.",
                        Math.ceilDiv(over.nanos(), NANOS));
            });
        }

        private Optional<Over> take(String at) {
            synchronized (FlowControl.this) {
                long now = nanos(clock.instant());
                List<Limited> others = counted ? List.of() : others(flows, caller, command, now);
                List<Limited> served =
                        limited(flows, Scope.UNIT, at, flows.ofUnit(at), now).toList();
                Optional<Over> longest = Stream.concat(others.stream(), served.stream())
                        .map(each -> new Over(
                                each.scope(),
                                each.bucket().nanosUntil(command.kind().givesBack(), now)))
                        .filter(over -> over.nanos() > 0)
                        .max(Comparator.comparingLong(Over::nanos));
                if (longest.isEmpty()) {
                    counted = true;
                    takeAll(others, ofAll);
                    takeAll(served, ofUnits.computeIfAbsent(at, _ -> new ArrayList<>()));
                }
                return longest;
            }
        }

        /** That unit surely began nothing; what another one may have begun stays counted there. */
        void notBegun(String at) {
            synchronized (FlowControl.this) {
                giveBackAll(ofUnits.getOrDefault(at, new ArrayList<>()));
            }
        }

        /** No unit began anything, nor will. */
        void withdraw() {
            synchronized (FlowControl.this) {
                giveBackAll(ofAll);
            }
        }
    }

    private static void takeAll(List<Limited> limited, List<TokenBucket> taken) {
        for (Limited each : limited) {
            each.bucket().take();
            taken.add(each.bucket());
        }
    }

    private static void giveBackAll(List<TokenBucket> taken) {
        taken.forEach(TokenBucket::giveBack);
        taken.clear();
    }

    private List<Limited> others(Flows flows, Caller caller, Command command, long now) {
        Stream<Limited> parties = Stream.concat(
                limited(flows, Scope.APP, caller.keyId(), flows.app(), now),
                command.merchant().equals(TopUps.NO_MERCHANT)
                        ? Stream.of()
                        : limited(
                                flows, Scope.MERCHANT, command.merchant(), flows.ofMerchant(command.merchant()), now));
        if (command.kind().givesBack()) {
            return parties.toList();
        }
        Stream<Limited> accounts = accounts(command).stream()
                .flatMap(account -> limited(flows, Scope.HOT_ACCOUNT, account, flows.hotAccount(), now));
        Stream<Limited> buckets = command.payees().stream()
                .flatMap(payee -> limited(
                        flows, Scope.HOT_BUCKET, payee.merchant() + "#" + payee.bucket(), flows.hotBucket(), now));
        return Stream.of(parties, accounts, buckets).flatMap(all -> all).toList();
    }

    /** Partitions in which Try writes: the payer's, and that of a payee which gets the money at once. */
    private static Set<String> accounts(Command command) {
        Set<String> accounts = new LinkedHashSet<>();
        command.branches().stream()
                .filter(branch -> branch.kind() == BranchKind.DEBIT || branch.kind() == BranchKind.CREDIT)
                .forEach(branch -> accounts.add(branch.account().pk()));
        return accounts;
    }

    private Stream<Limited> limited(Flows flows, Scope scope, String of, @Nullable Flow flow, long now) {
        if (flow == null) {
            return Stream.of();
        }
        int among = flows.environments();
        TokenBucket bucket = Objects.requireNonNull(buckets.get(scope))
                .compute(
                        of,
                        (_, known) -> known != null && known.enforces(flow, among)
                                ? known
                                : new TokenBucket(flow, among, scope.keeping, now));
        return Stream.of(new Limited(scope, bucket));
    }

    /** Buckets that are remembered. */
    synchronized int size() {
        return buckets.values().stream().mapToInt(Map::size).sum();
    }

    private static long nanos(Instant instant) {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS), instant.getNano());
    }

    private static Map<String, TokenBucket> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, TokenBucket> eldest) {
                return size() > MOST;
            }
        };
    }
}
