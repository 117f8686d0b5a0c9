package doubleeleven.gateway;

import doubleeleven.gateway.operations.Publications;
import doubleeleven.gateway.operations.Publications.Outcome;
import doubleeleven.gateway.operations.Publications.Page;
import doubleeleven.gateway.operations.Publications.Spreading;
import doubleeleven.routing.Deployed;
import doubleeleven.routing.First;
import doubleeleven.routing.InForce;
import doubleeleven.routing.Objection;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.RuleDiff;
import doubleeleven.routing.RuleDraft;
import doubleeleven.routing.RuleDraft.Verdict;
import doubleeleven.routing.Trial;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The routing rule, for operators: what it says, what it said, and the next one. */
final class RuleDesk {
    private static final Pattern VERSION = Pattern.compile("[0-9]{1,8}");

    private final Publications publications;
    private final Deployed deployed;
    private final OperatorJournal journal;
    private final Clock clock;

    RuleDesk(Publications publications, Deployed deployed, Journal journal, Clock clock) {
        this.publications = publications;
        this.deployed = deployed;
        this.journal = new OperatorJournal(journal);
        this.clock = clock;
    }

    Checked<Answer> current(Call call) {
        return Fields.read(call.queryFields(), fields -> call)
                .then(asked -> whole(publications.current().map(RuleRepresentation::whole)));
    }

    Checked<Answer> show(Call call) {
        String version = call.variable("version");
        return Fields.read(call.queryFields(), fields -> call)
                .then(asked -> whole(
                        VERSION.matcher(version).matches()
                                ? publications.find(Long.parseLong(version)).map(RuleRepresentation::whole)
                                : Optional.empty()));
    }

    private static Checked<Answer> whole(Optional<Map<String, Object>> rule) {
        return rule.<Checked<Answer>>map(found -> new Checked.Passed<>(Answer.of(200, found)))
                .orElseGet(() -> new Checked.Refused<>(Problem.notFound()));
    }

    Checked<Answer> list(Call call) {
        return RuleRequests.Listing.read(call.queryFields()).then(listing -> {
            Page page = publications.upTo(listing.next(), listing.limit());
            Map<String, Object> body = new LinkedHashMap<>();
            body.put(
                    "versions",
                    page.rules().stream().map(RuleRepresentation::record).toList());
            page.next().ifPresent(next -> body.put("next", next));
            return new Checked.Passed<>(Answer.of(200, body));
        });
    }

    Checked<Answer> diff(Call call) {
        return RuleRequests.Comparison.read(call.queryFields())
                .then(versions -> found("from", versions.from())
                        .then(from -> found("to", versions.to())
                                .then(to -> new Checked.Passed<>(
                                        Answer.of(200, RuleRepresentation.of(from.rule(), to.rule()))))));
    }

    Checked<Answer> publish(Call call) {
        return RuleRequests.Publication.read(call.body())
                .then(this::whereGatewaysAre)
                .then(request -> checked(
                                request.document(),
                                request.expectedVersion(),
                                objections -> Problem.invalid(objections.stream()
                                        .map(objection ->
                                                new FieldError("document." + objection.place(), objection.message()))
                                        .toList()))
                        .then(rule -> request.dryRun()
                                ? tried(call, rule, request.first())
                                : published(call, rule, request.first(), request.reason(), null)));
    }

    private Checked<RuleRequests.Publication> whereGatewaysAre(RuleRequests.Publication request) {
        First first = request.first();
        return first == null || deployed.regions().contains(first.region())
                ? new Checked.Passed<>(request)
                : new Checked.Refused<>(Problem.invalid(
                        "first.region",
                        "must be a Region where gateways are deployed: "
                                + String.join(", ", new TreeSet<>(deployed.regions()))));
    }

    Checked<Answer> spread(Call call) {
        return RuleRequests.Spread.read(call.body()).then(request -> {
            Trial.Spread how = new Trial.Spread(now(), call.caller().keyId(), request.reason());
            return switch (publications.spread(request.expectedVersion(), how)) {
                case Spreading.Done(PublishedRule rule, RoutingRule before) -> {
                    journal.acted(call, "SPREAD_RULE", Map.of("version", rule.version()));
                    yield new Checked.Passed<>(Answer.of(200, RuleRepresentation.publication(rule, before)));
                }
                case Spreading.Overtaken(long current) -> overtaken(call, current);
                case Spreading.NeverTried() ->
                    journal.refused(
                            call,
                            Problem.of(
                                    ProblemType.NOTHING_TO_DO,
                                    "Version " + request.expectedVersion()
                                            + " was for all gateways from the beginning."));
            };
        });
    }

    Checked<Answer> rollBack(Call call) {
        return RuleRequests.Rollback.read(call.body()).then(request -> {
            if (request.toVersion() >= request.expectedVersion()) {
                return new Checked.Refused<>(Problem.invalid(
                        "toVersion", "must be an earlier version than expectedVersion, " + request.expectedVersion()));
            }
            return found("toVersion", request.toVersion())
                    .then(earlier -> checked(
                            RuleDraft.of(earlier.rule()),
                            request.expectedVersion(),
                            objections -> Problem.invalid(
                                    "toVersion",
                                    "must be a version that may be published today; of this one "
                                            + objections.stream()
                                                    .map(objection -> objection.place() + " " + objection.message())
                                                    .collect(Collectors.joining("; ")))))
                    .then(rule -> published(call, rule, null, request.reason(), request.toVersion()));
        });
    }

    private Checked<PublishedRule> found(String field, long version) {
        return publications
                .find(version)
                .<Checked<PublishedRule>>map(Checked.Passed::new)
                .orElseGet(() -> new Checked.Refused<>(Problem.invalid(
                        field,
                        "must be a version that was published, 1 to "
                                + publications.inForce().version())));
    }

    private Checked<RoutingRule> checked(
            RuleDraft draft, long expectedVersion, Function<List<Objection>, Problem> refusal) {
        return switch (draft.check(deployed, expectedVersion + 1)) {
            case Verdict.Sound(RoutingRule rule) -> new Checked.Passed<>(rule);
            case Verdict.Unsound(List<Objection> objections) -> new Checked.Refused<>(refusal.apply(objections));
        };
    }

    private Checked<Answer> tried(Call call, RoutingRule wanted, @Nullable First first) {
        InForce before = publications.inForce();
        if (before.version() != wanted.version() - 1) {
            return overtaken(call, before.version());
        }
        List<String> beyond = first == null
                ? List.of()
                : RuleDiff.between(before.rule(), wanted).beyondGateways();
        return beyond.isEmpty()
                ? new Checked.Passed<>(Answer.of(200, RuleRepresentation.dryRun(wanted, first, before.rest())))
                : new Checked.Refused<>(indivisible(beyond));
    }

    private Checked<Answer> published(
            Call call, RoutingRule rule, @Nullable First first, String reason, @Nullable Long restores) {
        PublishedRule wanted = new PublishedRule(rule, now(), call.caller().keyId(), reason, restores);
        return switch (first == null ? publications.publish(wanted) : publications.publishFirst(wanted, first)) {
            case Outcome.Published(PublishedRule there, RoutingRule before) -> {
                journal.acted(call, "PUBLISH_RULE", Map.of("version", there.version()));
                yield new Checked.Passed<>(Answer.of(201, RuleRepresentation.publication(there, before)));
            }
            case Outcome.Overtaken(long current) -> overtaken(call, current);
            case Outcome.Unchanged(long current) ->
                journal.refused(
                        call, Problem.of(ProblemType.NOTHING_TO_DO, "Version " + current + " says exactly this."));
            case Outcome.Indivisible(List<String> beyond) -> new Checked.Refused<>(indivisible(beyond));
        };
    }

    private static Problem indivisible(List<String> beyond) {
        return Problem.invalid(
                "first",
                "must be left out, for a shard has one owner at a time and units go by one rule; this is for all at once: "
                        + String.join("; ", beyond));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private Checked<Answer> overtaken(Call call, long current) {
        return journal.refused(
                call,
                Problem.of(
                                ProblemType.RULE_CHANGED,
                                "Version " + current + " is in force. See what it says and publish on top of it.")
                        .withMore("currentVersion", current));
    }
}
