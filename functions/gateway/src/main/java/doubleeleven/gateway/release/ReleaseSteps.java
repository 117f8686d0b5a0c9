package doubleeleven.gateway.release;

import doubleeleven.gateway.operations.Publications;
import doubleeleven.gateway.release.Release.Decision;
import doubleeleven.gateway.release.Release.State;
import doubleeleven.gateway.release.Release.Waiting;
import doubleeleven.routing.InForce;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.Unit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a release. Each reads how far the release is and may be repeated, whatever died under it: what is wanted is on record before
 * it is published, and a weight that is in force already counts as published.
 */
public final class ReleaseSteps {
    /** Payments that a step sees at first are overdue after so many looks at the earliest. */
    private static final int SOAK_LOOKS = 3;

    private static final int ALL = 100;
    /** Others publish too, each of them rarely. */
    private static final int MOST_RACES = 5;

    private static final Duration ALIVE = Duration.ofMinutes(10);
    /** An approval is waited for a day at most; see the workflow. */
    private static final Duration APPROVAL = Duration.ofDays(1).plus(ALIVE);

    private final Releases releases;
    private final Publications publications;
    private final Figures figures;
    private final Clock clock;

    public ReleaseSteps(Releases releases, Publications publications, Figures figures, Clock clock) {
        this.releases = releases;
        this.publications = publications;
        this.figures = figures;
        this.clock = clock;
    }

    /** What the workflow does next. */
    public enum Next {
        APPROVE,
        SHIFT,
        WAIT,
        ROLL_BACK,
        DONE
    }

    public Next begin(String unit, String id) {
        Release release = find(unit, id);
        if (release.state() == State.BEGUN && alive(release, ALIVE)) {
            return release.plan().approval() ? Next.APPROVE : Next.SHIFT;
        }
        return next(release);
    }

    /** Keeps the token that the operator's answer goes to. */
    public void await(String unit, String id, Waiting waiting) {
        Release release = find(unit, id);
        if (release.stopped() != null || release.state().compareTo(State.AWAITING_APPROVAL) > 0) {
            throw new IllegalStateException("release " + id + " waits for nobody: it is " + release.state());
        }
        if (!alive(release, APPROVAL)) {
            throw new IllegalStateException("another release is at work in " + unit);
        }
        save(release.change().to(State.AWAITING_APPROVAL).waiting(waiting));
    }

    public Next decided(String unit, String id, Decision decision) {
        Release release = find(unit, id);
        if (release.state() != State.AWAITING_APPROVAL) {
            return next(release);
        }
        Release.Changed changed = release.change().waiting(null).decision(decision);
        return decision.approved()
                ? next(save(changed.to(State.SHIFTING)))
                : end(changed.because(decision.reason()), State.REJECTED);
    }

    /** Publishes the weight of the step that is next. */
    public Next shift(String unit, String id) {
        Release release = find(unit, id);
        if (release.state() != State.BEGUN && release.state() != State.SHIFTING) {
            return next(release);
        }
        if (release.stopped() != null) {
            return rollBackBecause(release, stopped(release.stopped()));
        }
        if (!alive(release, ALIVE)) {
            return overtaken(release, "another release is at work in " + unit);
        }
        int target = release.target();
        Release intended = Objects.equals(release.intended(), target)
                ? release
                : save(release.change().to(State.SHIFTING).intending(target));
        return publish(intended, target, published -> shifted(intended, target, published));
    }

    private Next shifted(Release intended, int target, InForce published) {
        Instant now = now();
        Release.Changed changed = intended.change()
                .to(State.VERIFYING)
                .published(target)
                .stages(with(intended.stages(), Stage.shifted(target, now, published.version())));
        if (target < ALL || intended.before().isEmpty()) {
            changed.counting(now, figures.of(published.rule().unit(intended.unit()), now));
        }
        // At the last step nobody is left to compare with, and gateways count no more: the figures of the step before
        // stay.
        save(changed);
        return Next.WAIT;
    }

    /** Looks at the figures of the step. */
    public Next verify(String unit, String id) {
        Release release = find(unit, id);
        if (release.state() != State.VERIFYING) {
            return next(release);
        }
        if (release.stopped() != null) {
            return rollBackBecause(release, stopped(release.stopped()));
        }
        if (!alive(release, ALIVE)) {
            return overtaken(release, "another release is at work in " + unit);
        }
        InForce inForce = publications.inForce();
        Optional<String> change = foreignChange(release, inForce);
        if (change.isPresent()) {
            return overtaken(release, change.get());
        }
        Unit ruled = inForce.rule().unit(unit);
        Map<String, Standing> now = figures.of(ruled, release.since());
        Stage stage = release.stages().getLast();
        boolean first = release.warm().isEmpty();
        Map<String, Tally> warm = first ? tallies(now) : release.warm();
        Comparison comparison =
                new Comparison(sample(release, release.to(), now, warm), sample(release, release.from(), now, warm));
        boolean alone = stage.weight() == ALL;
        Verdict verdict =
                comparison.at(release.looks() + 1, alone ? 0 : release.plan().least(), stage.looks() + 1 >= SOAK_LOOKS);
        Release.Changed changed = release.change().looked().warm(warm);
        List<Stage> stages = new ArrayList<>(release.stages());
        stages.set(stages.size() - 1, stage.looked(now(), name(verdict), verdict.why(), shown(comparison, release)));
        changed.stages(stages);
        return switch (verdict) {
            case Verdict.RollBack(String why) ->
                next(save(changed.to(State.ROLLING_BACK).because(why)));
            case Verdict.GoOn goOn -> {
                if (release.isLastStep()) {
                    yield end(changed.because("every step went well"), State.SUCCEEDED);
                }
                yield next(save(changed.to(State.SHIFTING).next(release.next() + 1)));
            }
            case Verdict.NotEnough(String why) -> {
                if (stage.looks() + 1 < release.plan().mostLooks()) {
                    save(changed);
                    yield Next.WAIT;
                }
                yield release.plan().rollBackWhereStarved()
                        ? next(save(changed.to(State.ROLLING_BACK).because("not enough to go on: " + why)))
                        : end(changed.because(why), State.STARVED);
            }
        };
    }

    /**
     * Gives everything back to the colour that served before.
     *
     * @param fault what broke, where it was no verdict
     */
    public Next rollBack(String unit, String id, @Nullable String fault) {
        Release release = find(unit, id);
        if (release.state().isOver()) {
            return next(release);
        }
        if (release.weight() == null && release.intended() == null) {
            return end(release.change().because(because(release, fault)), State.FAILED);
        }
        // On record first: whoever dies after the publication must know its own work again.
        Release leaving = release.state() == State.ROLLING_BACK
                ? release
                : save(release.change().to(State.ROLLING_BACK).because(because(release, fault)));
        return publish(
                leaving,
                0,
                published -> end(
                        leaving.change()
                                .published(0)
                                .stages(with(leaving.stages(), Stage.shifted(0, now(), published.version()))),
                        State.ROLLED_BACK));
    }

    /** Why nothing may be touched any more: what this release published is no longer what is in force, or the unit serves nobody. */
    private static Optional<String> foreignChange(Release release, InForce current) {
        Unit unit = current.rule().units().get(release.unit());
        if (unit == null || unit.forbidden()) {
            return Optional.of("version " + current.version() + " of the rule "
                    + (unit == null ? "has no unit " : "forbids ") + release.unit());
        }
        int weight = unit.colours().getOrDefault(release.to(), 0);
        // Before the first shift any weight is as good as that of the first step; after that, only what this release
        // published or was about to.
        boolean ours = release.weight() == null
                ? weight <= release.plan().steps().getFirst() || Objects.equals(release.intended(), weight)
                : weight == release.weight() || Objects.equals(release.intended(), weight);
        return ours || (weight == 0 && release.state() == State.ROLLING_BACK)
                ? Optional.empty()
                : Optional.of("version " + current.version() + " of the rule gives " + release.to() + " " + weight
                        + " %, by " + current.published().publishedBy() + ": "
                        + current.published().reason());
    }

    /** Publishes a weight on top of whatever is in force, all else of which stays, and goes on; ends where that is no longer this release's to change. */
    private Next publish(Release release, int weight, Function<InForce, Next> then) {
        TreeMap<String, Integer> colours = new TreeMap<>(Map.of(release.to(), weight, release.from(), ALL - weight));
        AtomicReference<String> foreign = new AtomicReference<>("");
        return publications
                .change(MOST_RACES, current -> {
                    Optional<String> change = foreignChange(release, current);
                    change.ifPresent(foreign::set);
                    return change.isPresent()
                            ? Optional.empty()
                            : Optional.of(new PublishedRule(
                                    current.rule().withColours(release.unit(), colours),
                                    now(),
                                    release.by(),
                                    "release " + release.id() + ": " + release.to() + " to " + weight + " %",
                                    null));
                })
                .map(then)
                .orElseGet(() -> overtaken(release, foreign.get()));
    }

    private Next rollBackBecause(Release release, String why) {
        return next(save(release.change().to(State.ROLLING_BACK).because(why)));
    }

    private Next overtaken(Release release, String why) {
        return end(release.change().because(why), State.OVERTAKEN);
    }

    private Next end(Release.Changed changed, State how) {
        return next(save(changed.ended(how, now())));
    }

    /** Where a release goes on that is as far as this. What is over holds nobody up, also where its end was not told. */
    private Next next(Release release) {
        return switch (release.state()) {
            case BEGUN -> Next.SHIFT;
            case AWAITING_APPROVAL -> Next.APPROVE;
            case SHIFTING -> Next.SHIFT;
            case VERIFYING -> Next.WAIT;
            case ROLLING_BACK -> Next.ROLL_BACK;
            case SUCCEEDED, ROLLED_BACK, REJECTED, OVERTAKEN, STARVED, FAILED -> {
                releases.free(release);
                yield Next.DONE;
            }
        };
    }

    private boolean alive(Release release, Duration howLong) {
        Instant now = now();
        return releases.claim(release, now.plus(howLong), now);
    }

    private Release find(String unit, String id) {
        return releases.find(unit, id).orElseThrow(() -> new IllegalStateException("no release " + id + " of " + unit));
    }

    private Release save(Release.Changed changed) {
        Release release = changed.release();
        if (!releases.save(release)) {
            throw new IllegalStateException("release " + release.id() + " was changed by another one");
        }
        return release;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static String because(Release release, @Nullable String fault) {
        if (release.why() != null) {
            return release.why();
        }
        return fault == null ? "nobody said why" : fault;
    }

    private static String stopped(Decision decision) {
        return "stopped by " + decision.by() + ": " + decision.reason();
    }

    private static List<Stage> with(List<Stage> stages, Stage stage) {
        List<Stage> more = new ArrayList<>(stages);
        more.add(stage);
        return more;
    }

    private static Map<String, Tally> tallies(Map<String, Standing> standings) {
        return standings.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().tally()));
    }

    private static Comparison.Sample sample(
            Release release, String colour, Map<String, Standing> now, Map<String, Tally> warm) {
        Standing standing = Objects.requireNonNull(now.get(colour), colour);
        Standing before = release.before().getOrDefault(colour, new Standing(Tally.NONE, 0, 0));
        return new Comparison.Sample(
                standing.tally().since(before.tally()),
                standing.tally().since(warm.getOrDefault(colour, Tally.NONE)),
                standing.overdue(),
                Math.max(0, standing.deadLetters() - before.deadLetters()));
    }

    private static String name(Verdict verdict) {
        return switch (verdict) {
            case Verdict.GoOn _ -> "GO_ON";
            case Verdict.NotEnough _ -> "NOT_ENOUGH";
            case Verdict.RollBack _ -> "ROLL_BACK";
        };
    }

    private static Map<String, Map<String, Long>> shown(Comparison comparison, Release release) {
        Map<String, Map<String, Long>> shown = new TreeMap<>();
        shown.put(release.to(), shown(comparison.green()));
        shown.put(release.from(), shown(comparison.blue()));
        return shown;
    }

    private static Map<String, Long> shown(Comparison.Sample sample) {
        Map<String, Long> shown = new LinkedHashMap<>();
        shown.put("payments", sample.tally().payments());
        shown.put("paid", sample.tally().of(Ending.PAID));
        shown.put("declined", sample.tally().of(Ending.DECLINED));
        shown.put("riskDeclined", sample.tally().of(Ending.RISK_DECLINED));
        shown.put("open", sample.tally().of(Ending.OPEN));
        shown.put("failed", sample.tally().of(Ending.FAILED));
        if (sample.tally().answered() > 0) {
            shown.put("p50Millis", Latencies.belowMillis(sample.tally().quantile(0.5)));
            shown.put("p99Millis", Latencies.belowMillis(sample.tally().quantile(0.99)));
        }
        shown.put("overdue", sample.overdue());
        shown.put("deadLetters", sample.deadLetters());
        return shown;
    }
}
