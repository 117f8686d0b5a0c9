package doubleeleven.gateway.operations;

import doubleeleven.routing.PublishedRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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
        /** The version is there, perhaps since an earlier call that published the same. */
        record Published(PublishedRule rule, PublishedRule before) implements Outcome {}

        /** The expected version is not in force, but that one. */
        record Overtaken(long current) implements Outcome {}

        /** What is in force says the same. */
        record Unchanged(long current) implements Outcome {}
    }

    /** A part of the history; nothing older is there where {@code next} is empty. */
    public record Page(List<PublishedRule> rules, Optional<Long> next) {
        public Page {
            rules = List.copyOf(rules);
        }
    }

    public Optional<PublishedRule> current() {
        return history.current();
    }

    public Optional<PublishedRule> find(long version) {
        return history.current().filter(rule -> rule.version() == version).or(() -> history.kept(version));
    }

    /** Versions up to that one, the newest first. */
    public Page upTo(long version, int most) {
        List<PublishedRule> rules = new ArrayList<>();
        history.current().ifPresent(current -> {
            if (current.version() <= version) {
                rules.add(current);
            }
            rules.addAll(history.keptUpTo(Math.min(version, current.version() - 1), most + 1 - rules.size()));
        });
        return rules.size() > most
                ? new Page(rules.subList(0, most), Optional.of(rules.get(most).version()))
                : new Page(rules, Optional.empty());
    }

    /**
     * Publishes a version in place of the one before it. The same publication once more has the same outcome, and tells the units again: the
     * first may have broken off before it told them all.
     */
    public Outcome publish(PublishedRule wanted) {
        long expected = wanted.version() - 1;
        PublishedRule current = inForce();
        if (current.version() == expected) {
            if (current.rule().saysTheSameAs(wanted.rule())) {
                history.spread(current.rule());
                return new Outcome.Unchanged(expected);
            }
            history.keep(current);
            if (history.replace(wanted)) {
                history.keep(wanted);
                history.spread(wanted.rule());
                return new Outcome.Published(wanted, current);
            }
        }
        Optional<PublishedRule> there =
                find(wanted.version()).filter(rule -> rule.rule().saysTheSameAs(wanted.rule()));
        PublishedRule now = inForce();
        if (there.isEmpty()) {
            return new Outcome.Overtaken(now.version());
        }
        history.spread(now.rule());
        return new Outcome.Published(there.get(), find(expected).orElseThrow());
    }

    /**
     * Puts another version in force on top of whatever is, anew where somebody else was quicker.
     *
     * @param mostRaces how often somebody else may be
     * @param change the version that shall follow the one in force; empty where none may
     * @return what is in force then: the version that followed, or the one that said the same already; empty where none may follow
     * @throws IllegalStateException where others were quicker each time
     */
    public Optional<PublishedRule> change(int mostRaces, Function<PublishedRule, Optional<PublishedRule>> change) {
        for (int race = 0; race < mostRaces; race++) {
            PublishedRule current = inForce();
            Optional<PublishedRule> wanted = change.apply(current);
            if (wanted.isEmpty()) {
                return Optional.empty();
            }
            switch (publish(wanted.get())) {
                case Outcome.Published(PublishedRule there, PublishedRule _) -> {
                    return Optional.of(there);
                }
                case Outcome.Unchanged _ -> {
                    return Optional.of(current);
                }
                case Outcome.Overtaken _ -> {}
            }
        }
        throw new IllegalStateException("others published the rule " + mostRaces + " times meanwhile");
    }

    public PublishedRule inForce() {
        return history.current().orElseThrow(() -> new IllegalStateException("no rule was ever deployed"));
    }
}
