package doubleeleven.gateway;

import doubleeleven.account.AccountKey;
import doubleeleven.account.CustomerProfile;
import doubleeleven.account.Fund;
import doubleeleven.credit.Application;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.joda.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * POST /customers/{customer}/credit-applications: takes the request down, then has a workflow decide on it. A call that died in between is
 * simply made again: the same request is the same application, and the same workflow.
 */
final class ApplicationDesk {
    private final Accounts accounts;
    private final Credits credits;
    private final Profiles profiles;
    private final Consents consents;
    private final Dispatcher dispatcher;
    private final Clock clock;

    ApplicationDesk(
            Accounts accounts,
            Credits credits,
            Profiles profiles,
            Consents consents,
            Dispatcher dispatcher,
            Clock clock) {
        this.accounts = accounts;
        this.credits = credits;
        this.profiles = profiles;
        this.consents = consents;
        this.dispatcher = dispatcher;
        this.clock = clock;
    }

    Checked<Answer> apply(Call call) {
        String customer = call.variable("customer");
        return ApplicationRequest.read(call.body()).then(request -> {
            Optional<CustomerProfile> profile = profiles.customer(customer);
            if (profile.isEmpty()) {
                return new Checked.Refused<>(Problem.notFound());
            }
            if (!profile.get().currency().equals(request.requested().getCurrencyUnit())) {
                return new Checked.Refused<>(Problem.invalid(
                        "currency", "must be " + profile.get().currency() + ", the currency of the customer"));
            }
            Optional<Application> known = credits.findApplication(customer, request.application());
            if (known.isPresent()) {
                return again(customer, request, known.get());
            }
            return consents.forApplication(customer, profile.get(), request)
                    .then(consent -> isOpen(customer)
                            ? new Checked.Refused<>(Problem.of(
                                    ProblemType.ALREADY_OPENED,
                                    "The customer has a credit line; an operator can change its limit."))
                            : first(customer, request));
        });
    }

    private boolean isOpen(String customer) {
        return accounts.findFund(AccountKey.creditLineOf(customer))
                .filter(line -> !Fund.CLOSED.equals(line.frozen()))
                .isPresent();
    }

    private Checked<Answer> first(String customer, ApplicationRequest request) {
        Application received = Application.received(
                customer,
                request.application(),
                request.requested(),
                request.applicant(),
                request.fingerprint(customer),
                clock.instant());
        return again(customer, request, credits.receive(received).orElse(received));
    }

    private Checked<Answer> again(String customer, ApplicationRequest request, Application application) {
        if (!application.fingerprint().equals(request.fingerprint(customer))) {
            return new Checked.Refused<>(Problem.of(
                    ProblemType.ALREADY_OPENED, "There is such an application already, with another content."));
        }
        if (!application.status().isDecided() && !dispatcher.decide(application)) {
            return new Checked.Refused<>(Problem.noUnit());
        }
        String address = address(application);
        return new Checked.Passed<>(
                application.status().isDecided()
                        ? Answer.of(200, body(application))
                        : Answer.of(202, body(application))
                                .with("Location", address)
                                .with("Retry-After", "1"));
    }

    /** GET /customers/{customer}/credit-applications/{application}. */
    Checked<Answer> show(Call call) {
        return credits.findApplication(call.variable("customer"), call.variable("application"))
                .<Checked<Answer>>map(application -> new Checked.Passed<>(Answer.of(200, body(application))))
                .orElseGet(() -> new Checked.Refused<>(Problem.notFound()));
    }

    static String address(Application application) {
        return "/customers/" + application.customer() + "/credit-applications/" + application.number();
    }

    static Map<String, Object> body(Application application) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("customer", application.customer());
        body.put("application", application.number());
        body.put("status", application.status().name());
        body.put("requestedLimit", application.requested().getAmountMinorLong());
        body.put("currency", application.requested().getCurrencyUnit().getCode());
        body.put("receivedAt", application.receivedAt().toString());
        Money limit = application.limit();
        if (limit != null) {
            body.put("limit", limit.getAmountMinorLong());
        }
        body.put("reasons", application.reasons());
        body.put("degraded", application.degraded());
        put(body, "policy", application.policy());
        put(body, "reviewer", application.reviewer());
        put(body, "reviewReason", application.reviewReason());
        put(body, "decidedAt", application.decidedAt());
        body.put(
                "links",
                Map.of("self", address(application), "credit", "/customers/" + application.customer() + "/credit"));
        return body;
    }

    private static void put(Map<String, Object> body, String name, @Nullable Object value) {
        if (value != null) {
            body.put(name, value.toString());
        }
    }
}
