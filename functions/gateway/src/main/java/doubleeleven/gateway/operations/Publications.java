package doubleeleven.gateway.operations;

import doubleeleven.routing.First;
import doubleeleven.routing.InForce;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.RuleDiff;
import doubleeleven.routing.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The versions of the routing rule. The write that puts a version in force is the one that makes it, with the record of who did so and why;
 * the one before it is kept first, and the units are told last. So whenever a publisher dies, each version is either in force or kept, and none is two rules.
 */
public final class Publications {
    private final RuleHistory history;

    public Publications(RuleHistory history) {
        this.history = history;
    }

    /** What came of a publication. */
    public sealed interface Outcome {
        /**
         * The version is there, perhaps since an earlier call that published the same.
         *
         * @param before what all gateways obeyed before it, but those that tried something
         */
        record Published(PublishedRule rule, RoutingRule before) implements Outcome {}

        /** The expected version is not in force, but that one; or it is, and was given to all at this moment. */
        record Overtaken(long current) implements Outcome {}

        /** What is in force says the same, to the same gateways. */
        record Unchanged(long current) implements Outcome {}

        /**
         * It is not for some of the gateways alone to obey.
         *
         * @param beyond what is not, in words
         */
        record Indivisible(List<String> beyond) implements Outcome {
            public Indivisible {
                beyond = List.copyOf(beyond);
            }
        }
    }

    /** What came of giving a version to all. */
    public sealed interface Spreading {
        /**
         * All obey it, perhaps since an earlier call.
         *
         * @param before what those obeyed until then that did not try it
         */
        record Done(PublishedRule rule, RoutingRule before) implements Spreading {}

        /** That one is in force instead. */
        record Overtaken(long current) implements Spreading {}

        /** It was for all from the beginning. */
        record NeverTried() implements Spreading {}
    }

    /** A part of the history; nothing older is there where {@code next} is empty. */
    public record Page(List<PublishedRule> rules, Optional<Long> next) {
        public Page {
            rules = List.copyOf(rules);
        }
    }

    public Optional<InForce> current() {
        return history.current();
    }

    public Optional<PublishedRule> find(long version) {
        return history.current()
                .map(InForce::published)
                .filter(rule -> rule.version() == version)
                .or(() -> history.kept(version));
    }

    /** Versions up to that one, the newest first. */
    public Page upTo(long version, int most) {
        List<PublishedRule> rules = new ArrayList<>();
        history.current().ifPresent(current -> {
            if (current.version() <= version) {
                rules.add(current.published());
            }
            rules.addAll(history.keptUpTo(Math.min(version, current.version() - 1), most + 1 - rules.size()));
        });
        return rules.size() > most
                ? new Page(rules.subList(0, most), Optional.of(rules.get(most).version()))
                : new Page(rules, Optional.empty());
    }

    /**
     * Publishes a version in place of the one before it, for all gateways. The same publication once more has the same outcome, and tells the
     * units again: the first may have broken off before it told them all.
     */
    public Outcome publish(PublishedRule wanted) {
        return publish(inForce(), wanted, null);
    }

    /** In the same way, for some gateways first: all others go on obeying what they obey now, until it is spread. */
    public Outcome publishFirst(PublishedRule wanted, First first) {
        return publish(inForce(), wanted, first);
    }

    private Outcome publish(InForce current, PublishedRule wanted, @Nullable First first) {
        long expected = wanted.version() - 1;
        if (current.version() == expected) {
            if (says(current, wanted.rule(), first)) {
                history.spread(current.rule());
                return new Outcome.Unchanged(expected);
            }
            List<String> beyond = first == null
                    ? List.of()
                    : RuleDiff.between(current.rule(), wanted.rule()).beyondGateways();
            if (!beyond.isEmpty()) {
                return new Outcome.Indivisible(beyond);
            }
            InForce next = first == null ? InForce.ofAll(wanted) : current.tryingFirst(wanted, first);
            history.keep(current.published());
            if (history.replace(current, next)) {
                history.keep(next.published());
                history.spread(next.rule());
                return new Outcome.Published(next.published(), current.rest());
            }
        }
        Optional<PublishedRule> there = find(wanted.version())
                .filter(rule -> rule.rule().saysTheSameAs(wanted.rule()) && Objects.equals(rule.first(), first));
        InForce now = inForce();
        if (there.isEmpty()) {
            return new Outcome.Overtaken(now.version());
        }
        history.spread(now.rule());
        return new Outcome.Published(there.get(), obeyedBy(expected));
    }

    /** Whether the same gateways are told the same already. While something is tried, no version for all is. */
    private static boolean says(InForce current, RoutingRule wanted, @Nullable First first) {
        PublishedRule published = current.published();
        if (first == null) {
            return !current.isTrial() && published.rule().saysTheSameAs(wanted);
        }
        return current.rule().saysTheSameAs(wanted)
                || (current.isTrial()
                        && first.equals(published.first())
                        && published.rule().saysTheSameAs(wanted));
    }

    /** What a version had all gateways obey but those that tried it. */
    private RoutingRule obeyedBy(long version) {
        PublishedRule published = find(version).orElseThrow();
        Trial trial = published.trial();
        return trial == null || !published.isOnlyTried()
                ? published.rule()
                : find(trial.rest()).orElseThrow().rule();
    }

    /** Gives all gateways the version that some of them obey. Once more has the same outcome. */
    public Spreading spread(long version, Trial.Spread spread) {
        InForce current = inForce();
        if (current.version() == version && current.isTrial()) {
            InForce all = InForce.ofAll(current.published().spread(spread));
            current = history.replace(current, all) ? all : inForce();
        }
        Trial trial = current.published().trial();
        if (current.version() != version) {
            return new Spreading.Overtaken(current.version());
        }
        if (trial == null) {
            return new Spreading.NeverTried();
        }
        history.keep(current.published());
        return new Spreading.Done(
                current.published(), find(trial.rest()).orElseThrow().rule());
    }

    /**
     * Puts another version in force on top of what all gateways obey that try nothing, anew where somebody else was quicker. It is for all, so
     * it ends what is tried; where nothing is to be changed, that goes on.
     *
     * @param mostRaces how often somebody else may be
     * @param change the version that shall follow the one in force; empty where none may
     * @return what is in force then: the version that followed, or the one that said the same already; empty where none may follow
     * @throws IllegalStateException where others were quicker each time
     */
    public Optional<InForce> change(int mostRaces, Function<InForce, Optional<PublishedRule>> change) {
        for (int race = 0; race < mostRaces; race++) {
            InForce current = inForce();
            Optional<PublishedRule> wanted = change.apply(current);
            if (wanted.isEmpty()) {
                return Optional.empty();
            }
            if (current.rule().saysTheSameAs(wanted.get().rule())) {
                history.spread(current.rule());
                return Optional.of(current);
            }
            if (publish(current, wanted.get(), null) instanceof Outcome.Published(PublishedRule there, RoutingRule _)) {
                return Optional.of(InForce.ofAll(there));
            }
        }
        throw new IllegalStateException("others published the rule " + mostRaces + " times meanwhile");
    }

    public InForce inForce() {
        return history.current().orElseThrow(() -> new IllegalStateException("no rule was ever deployed"));
    }
}
