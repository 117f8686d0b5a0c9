package doubleeleven.gateway;

import doubleeleven.gateway.operations.Publications;
import doubleeleven.gateway.release.Release;
import doubleeleven.gateway.release.Release.Decision;
import doubleeleven.gateway.release.Release.State;
import doubleeleven.gateway.release.ReleaseDocument;
import doubleeleven.gateway.release.Releases;
import doubleeleven.gateway.release.Workflows;
import doubleeleven.routing.Deployed;
import doubleeleven.routing.Unit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** Gradual shifts of a unit's customers to its other colour, for operators: begun, shown, agreed to and stopped. */
final class ReleaseDesk {
    /** Begins with the time, so that later ones come later. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss").withZone(ZoneOffset.UTC);
    /** Its workflow begins at once, or never. */
    private static final Duration START = Duration.ofMinutes(1);

    private final Releases releases;
    private final Workflows workflows;
    private final Publications publications;
    private final Deployed deployed;
    private final OperatorJournal journal;
    private final RandomGenerator random;
    private final Clock clock;

    ReleaseDesk(
            Releases releases,
            Workflows workflows,
            Publications publications,
            Deployed deployed,
            Journal journal,
            RandomGenerator random,
            Clock clock) {
        this.releases = releases;
        this.workflows = workflows;
        this.publications = publications;
        this.deployed = deployed;
        this.journal = new OperatorJournal(journal);
        this.random = random;
        this.clock = clock;
    }

    Checked<Answer> begin(Call call) {
        return site(call)
                .then(site -> ReleaseRequests.Beginning.read(call.body()).then(wanted -> begin(call, site, wanted)));
    }

    private Checked<Answer> begin(Call call, Deployed.Site site, ReleaseRequests.Beginning wanted) {
        String unit = call.variable("unit");
        Unit ruled = publications.inForce().rule().units().get(unit);
        if (site.colours().size() != 2 || !site.colours().contains(wanted.to()) || ruled == null) {
            return new Checked.Refused<>(Problem.invalid(
                    "to",
                    "must be one of two colours that are deployed: " + unit + " has "
                            + String.join(", ", site.colours())));
        }
        if (ruled.forbidden()) {
            return journal.refused(
                    call, Problem.of(ProblemType.NOTHING_TO_DO, unit + " is forbidden and serves nobody."));
        }
        int weight = ruled.colours().getOrDefault(wanted.to(), 0);
        int first = wanted.plan().steps().getFirst();
        if (first < weight || weight == 100) {
            return new Checked.Refused<>(Problem.invalid(
                    "steps[0]",
                    "must be " + weight + " or more, what " + wanted.to() + " has already, and that less than 100"));
        }
        TreeSet<String> others = new TreeSet<>(site.colours());
        others.remove(wanted.to());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Release release = Release.asked(
                unit,
                TIME.format(now) + "-" + Integer.toString(random.nextInt(36 * 36 * 36, 36 * 36 * 36 * 36), 36),
                wanted.to(),
                others.getFirst(),
                wanted.plan(),
                wanted.reason(),
                call.caller().keyId(),
                now);
        if (!releases.claim(release, now.plus(START), now)) {
            return journal.refused(call, Problem.of(ProblemType.RELEASE_AT_WORK, "See GET " + path(unit) + "."));
        }
        if (!releases.save(release)) {
            throw new IllegalStateException("there is a release " + release.id());
        }
        if (!workflows.start(release)) {
            // Nobody knows whether it began: it frees the unit itself when it ends, or its time is over in a minute.
            return new Checked.Refused<>(Problem.noUnit());
        }
        acted(call, "BEGIN_RELEASE", release);
        return new Checked.Passed<>(Answer.of(202, shown(release)).with("Location", path(unit) + "/" + release.id()));
    }

    Checked<Answer> list(Call call) {
        return site(call)
                .then(site -> ReleaseRequests.Listing.read(call.queryFields())
                        .then(listing -> new Checked.Passed<>(Answer.of(
                                200,
                                Map.of(
                                        "releases",
                                        releases.newest(call.variable("unit"), listing.limit()).stream()
                                                .map(ReleaseDesk::shown)
                                                .toList())))));
    }

    Checked<Answer> show(Call call) {
        return Fields.read(call.queryFields(), fields -> call)
                .then(asked -> found(call).then(release -> new Checked.Passed<>(Answer.of(200, shown(release)))));
    }

    Checked<Answer> decide(Call call) {
        return found(call)
                .then(release -> ReleaseRequests.Answer.read(call.body())
                        .then(answer -> decide(
                                call,
                                release,
                                new Decision(answer.approve(), call.caller().keyId(), answer.reason()))));
    }

    private Checked<Answer> decide(Call call, Release release, Decision decision) {
        Release.Waiting waiting = release.waiting();
        if (release.state() == State.AWAITING_APPROVAL && waiting != null) {
            return switch (workflows.answer(waiting, decision)) {
                case TAKEN -> {
                    acted(call, decision.approved() ? "APPROVE_RELEASE" : "REJECT_RELEASE", release);
                    yield new Checked.Passed<>(Answer.of(202, shown(release)));
                }
                case TOO_LATE ->
                    journal.refused(
                            call,
                            Problem.of(ProblemType.NOTHING_TO_DO, "The release was answered, or waited too long."));
                case UNREACHABLE -> new Checked.Refused<>(Problem.noUnit());
            };
        }
        if (decision.approved() || release.state().isOver() || release.state() == State.ROLLING_BACK) {
            return journal.refused(
                    call,
                    Problem.of(
                            ProblemType.NOTHING_TO_DO, "The release waits for nobody: it is " + release.state() + "."));
        }
        Release stopped = release.stoppedBy(decision);
        if (!releases.save(stopped)) {
            return journal.refused(
                    call,
                    Problem.of(
                                    ProblemType.NOTHING_TO_DO,
                                    "The release went a step at this moment. Make the same call again.")
                            .retrySoon());
        }
        acted(call, "STOP_RELEASE", release);
        return new Checked.Passed<>(Answer.of(202, shown(stopped)));
    }

    private Checked<Deployed.Site> site(Call call) {
        return Optional.ofNullable(deployed.units().get(call.variable("unit")))
                .<Checked<Deployed.Site>>map(Checked.Passed::new)
                .orElseGet(() -> new Checked.Refused<>(Problem.notFound()));
    }

    private Checked<Release> found(Call call) {
        return releases.find(call.variable("unit"), call.variable("release"))
                .<Checked<Release>>map(Checked.Passed::new)
                .orElseGet(() -> new Checked.Refused<>(Problem.notFound()));
    }

    private static Map<String, Object> shown(Release release) {
        Map<String, Object> json = new LinkedHashMap<>(ReleaseDocument.shown(release));
        json.put("links", Map.of("self", path(release.unit()) + "/" + release.id()));
        return json;
    }

    private static String path(String unit) {
        return "/operations/units/" + unit + "/releases";
    }

    private void acted(Call call, String action, Release release) {
        journal.acted(call, action, Map.of("unit", release.unit(), "release", release.id()));
    }
}
