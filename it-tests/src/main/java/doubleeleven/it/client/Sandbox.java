package doubleeleven.it.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the local stack offers beyond AWS: faults on order, killed functions, a meter of requests. */
public final class Sandbox {
    private final URI endpoint;

    private Sandbox(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** The sandbox behind the endpoint of the environment; empty on AWS itself. */
    public static Optional<Sandbox> fromEnvironment() {
        return Optional.ofNullable(System.getenv("AWS_ENDPOINT_URL"))
                .map(url -> new Sandbox(URI.create(url.replaceFirst("/$", ""))));
    }

    /** Starts to break requests that fit the rule, until removed. */
    public Fault inject(Rule rule) {
        Answer answer = post("/_double11/faults", rule.toJson());
        if (answer.status() >= 300) {
            throw new IllegalStateException("the fault injector refused " + rule + ": " + answer);
        }
        return new Fault(this, answer.text("id"));
    }

    /** Ends every execution environment of the function at once, whatever it is doing. */
    public Answer kill(String function, String region) {
        return post("/_double11/kill", Map.of("function", function, "region", region));
    }

    /** Requests answered since the stack began, each row with Region, service, operation, resource, status class and count. */
    public List<Map<String, Object>> meter() {
        return send(request("/_double11/meter").GET().build()).objects("requests");
    }

    private Answer post(String path, Map<String, ?> body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Api.json(body)))
                .build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(endpoint.resolve(path)).timeout(Duration.ofSeconds(30));
    }

    private static Answer send(HttpRequest request) {
        try {
            return Api.send(request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Which requests to break, and how. What is not said fits everything. */
    public record Rule(Map<String, Object> fields) {
        public static Rule mode(String mode) {
            return new Rule(Map.of("mode", mode));
        }

        public Rule region(String region) {
            return with("region", region);
        }

        public Rule call(String service, String operation) {
            return with("service", service).with("operation", operation);
        }

        /** Only requests with this text in them. */
        public Rule contains(String text) {
            return with("contains", text);
        }

        /** Only so many times. */
        public Rule count(int count) {
            return with("count", count);
        }

        /** Only for so long: a test that dies leaves no fault behind. */
        public Rule seconds(int seconds) {
            return with("seconds", seconds);
        }

        /** For the mode {@code slow}. */
        public Rule delayMillis(int millis) {
            return with("delayMillis", millis);
        }

        private Rule with(String name, Object value) {
            Map<String, Object> more = new LinkedHashMap<>(fields);
            more.put(name, value);
            return new Rule(more);
        }

        Map<String, Object> toJson() {
            return fields;
        }
    }

    /** A fault at work. */
    public record Fault(Sandbox sandbox, String id) {
        /** How many requests it has broken; none where it is over. */
        public long hits() {
            return send(sandbox.request("/_double11/faults").GET().build()).objects("rules").stream()
                    .filter(rule -> id.equals(String.valueOf(rule.get("id"))))
                    .mapToLong(rule -> ((Number) rule.getOrDefault("hits", 0L)).longValue())
                    .sum();
        }

        public void remove() {
            send(sandbox.request("/_double11/faults/" + id).DELETE().build());
        }
    }
}
