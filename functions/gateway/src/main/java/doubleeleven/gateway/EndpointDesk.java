package doubleeleven.gateway;

import doubleeleven.gateway.Endpoints.Replacement.Overtaken;
import doubleeleven.gateway.Endpoints.Replacement.Replaced;
import doubleeleven.notification.Endpoint;
import doubleeleven.notification.Secret;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Where merchants want to be told what became of their payments. */
final class EndpointDesk {
    /** Hardly ever do two change one merchant's endpoint at once; so many lost rounds in a row mean that it is better to ask again. */
    private static final int ROUNDS = 5;

    private final Endpoints endpoints;
    private final Profiles profiles;
    private final boolean loopback;
    private final RandomGenerator random;
    private final Clock clock;

    /**
     * Opens the desk.
     *
     * @param loopback whether this machine may be named as well
     */
    EndpointDesk(Endpoints endpoints, Profiles profiles, boolean loopback, RandomGenerator random, Clock clock) {
        this.endpoints = endpoints;
        this.profiles = profiles;
        this.loopback = loopback;
        this.random = random;
        this.clock = clock;
    }

    Checked<Answer> set(Call call) {
        return merchant(call)
                .then(merchant ->
                        EndpointRequest.read(call.body(), loopback).then(request -> set(merchant, request.url())));
    }

    /** Whose secret somebody was shown is what the next one replaces, so none stops signing that nobody knew to be replaced. */
    private Checked<Answer> set(String merchant, URI url) {
        Optional<Endpoint> seen = endpoints.find(merchant);
        for (int round = 0; round < ROUNDS; round++) {
            Secret fresh = Secret.random(random);
            Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
            Endpoint next = seen.map(known -> known.changed(url, fresh, now))
                    .orElseGet(() -> new Endpoint(merchant, url, fresh, null, now));
            switch (endpoints.replace(seen, next)) {
                case Replaced() -> {
                    return new Checked.Passed<>(Answer.of(seen.isEmpty() ? 201 : 200, shownOnce(next)));
                }
                case Overtaken(Optional<Endpoint> by) -> seen = by;
            }
        }
        return new Checked.Refused<>(Problem.of(
                        ProblemType.ATTEMPT_CONTENDED,
                        "Others kept changing the endpoint. Make the same call again in a moment.")
                .retrySoon());
    }

    Checked<Answer> show(Call call) {
        return merchant(call)
                .then(merchant -> endpoints
                        .find(merchant)
                        .<Checked<Answer>>map(endpoint -> new Checked.Passed<>(Answer.of(200, body(endpoint))))
                        .orElseGet(() -> new Checked.Refused<>(Problem.notFound())));
    }

    Checked<Answer> remove(Call call) {
        return merchant(call).then(merchant -> {
            endpoints.remove(merchant);
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("merchant", merchant);
            body.put("links", links(merchant));
            return new Checked.Passed<>(Answer.of(200, body));
        });
    }

    private Checked<String> merchant(Call call) {
        String merchant = call.variable("merchant");
        return profiles.merchant(merchant, call.caller()).isEmpty()
                ? new Checked.Refused<>(Problem.notFound())
                : new Checked.Passed<>(merchant);
    }

    private Map<String, Object> shownOnce(Endpoint endpoint) {
        Map<String, Object> body = body(endpoint);
        body.put("secret", endpoint.secret().text());
        return body;
    }

    private Map<String, Object> body(Endpoint endpoint) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("merchant", endpoint.merchant());
        body.put("url", endpoint.url().toString());
        body.put("changedAt", endpoint.changedAt().toString());
        endpoint.formerUntil()
                .filter(until -> clock.instant().isBefore(until))
                .ifPresent(until -> body.put("formerSecretUntil", until.toString()));
        body.put("links", links(endpoint.merchant()));
        return body;
    }

    private static Map<String, Object> links(String merchant) {
        return Map.of("self", "/merchants/" + merchant + "/notification-endpoint");
    }
}
