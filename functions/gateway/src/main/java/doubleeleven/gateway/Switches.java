package doubleeleven.gateway;

import doubleeleven.routing.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Refuses what the rule has switched off, before anything is begun. What was begun before goes on. */
final class Switches {
    /** Operators switch back in minutes at best, and gateways notice within ten seconds. */
    private static final String RETRY_SECONDS = "60";

    private final Rules rules;
    private final Journal journal;

    Switches(Rules rules, Journal journal) {
        this.rules = rules;
        this.journal = journal;
    }

    /** Lets through what the payer agreed to, if the request does without whatever is switched off. */
    <T> Checked<T> allow(PaymentRequest request, T agreed) {
        Set<Feature> off = rules.current().switchedOff();
        List<FieldError> errors = new ArrayList<>();
        for (Feature feature : off) {
            objection(request, feature).ifPresent(objection -> {
                journal.count("SwitchedOff", "feature", feature.name());
                errors.add(objection);
            });
        }
        return errors.isEmpty()
                ? new Checked.Passed<>(agreed)
                : new Checked.Refused<>(Problem.of(
                                ProblemType.SWITCHED_OFF,
                                "Nothing was started. Pay without it, or make the same call again later.")
                        .with(errors)
                        .withHeader("Retry-After", RETRY_SECONDS));
    }

    private static Optional<FieldError> objection(PaymentRequest request, Feature feature) {
        return switch (feature) {
            case COUPONS ->
                anySource(
                        request,
                        source -> source.type() == Source.Type.COUPON,
                        new FieldError("sources.coupon", "must be left out while coupons are switched off"));
            case INSTALMENTS ->
                anySource(
                        request,
                        source -> source.instalments() > 1,
                        new FieldError(
                                "sources.instalments", "must be 1 or left out while instalments are switched off"));
            case AUTOMATIC_FAILOVER, HEDGING, NOTIFICATIONS -> Optional.empty();
        };
    }

    private static Optional<FieldError> anySource(
            PaymentRequest request, Predicate<Source> uses, FieldError objection) {
        return request.sources().stream().anyMatch(uses) ? Optional.of(objection) : Optional.empty();
    }
}
