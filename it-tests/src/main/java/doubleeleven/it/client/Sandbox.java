package doubleeleven.it.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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

    /** Ends those environments of the functions named like the pattern that are in the middle of a call; answers how many there were. */
    public int killBusy(String pattern) {
        return killed(post("/_double11/kill", Map.of("function", pattern, "busy", true)));
    }

    /** Ends every environment of the functions named like the pattern, in all Regions; answers how many there were. */
    public int killAll(String pattern) {
        return killed(post("/_double11/kill", Map.of("function", pattern)));
    }

    private static int killed(Answer answer) {
        return Math.toIntExact(answer.integer("killed"));
    }

    /**
     * Ends running executions of the workflows named like the pattern, wherever each of them is.
     *
     * @param share how many of them, from 0 to 1
     * @param seed says which
     * @return the states in which each of them ended
     */
    public List<List<String>> stopWorkflows(String pattern, double share, long seed) {
        Answer answer = post("/_double11/stop-workflows", Map.of("workflow", pattern, "share", share, "seed", seed));
        return answer.objects("stopped").stream()
                .map(stopped -> stopped.get("states") instanceof List<?> states
                        ? states.stream().map(String::valueOf).toList()
                        : List.<String>of())
                .toList();
    }

    /**
     * Executions of workflows that have this text in their input, the earliest first.
     *
     * @return each with name, workflow, status, output and events: the states entered and the errors of tasks, with the event before each
     */
    public List<Map<String, Object>> executions(String text) {
        return containing("executions", text).objects("executions");
    }

    /**
     * Messages that have this text in them and have not been deleted by their consumer.
     *
     * @return the names of their queues
     */
    public Set<String> queuesWith(String text) {
        Answer answer = containing("messages", text);
        if (answer.body().get("queues") instanceof Map<?, ?> queues) {
            return queues.keySet().stream().map(String::valueOf).collect(Collectors.toSet());
        }
        throw new IllegalStateException("no queues: " + answer);
    }

    /** Second copies of messages that have been ordered and have not arrived yet. */
    public long copiesOnTheWay() {
        return send(request("/_double11/faults").GET().build()).integer("copiesOnTheWay");
    }

    /** Requests answered since the stack began, each row with Region, service, operation, resource, status class and count. */
    public List<Map<String, Object>> meter() {
        return send(request("/_double11/meter").GET().build()).objects("requests");
    }

    private Answer containing(String what, String text) {
        String path = "/_double11/" + what + "?contains=" + URLEncoder.encode(text, UTF_8);
        return send(request(path).GET().build());
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

        public Rule service(String service) {
            return with("service", service);
        }

        /** Only calls that name such a table, queue, topic, function or state machine; {@code *} stands for anything. */
        public Rule resource(String pattern) {
            return with("resource", pattern);
        }

        /** The error to answer with, where it is not the mode's usual one. */
        public Rule code(String code) {
            return with("code", code);
        }

        /** Only this share of the requests, from 0 to 1; the seed says which. */
        public Rule share(double share, long seed) {
            return with("probability", share).with("seed", seed);
        }

        /** Only requests with all of these texts in them. */
        public Rule contains(String... texts) {
            return with("contains", List.of(texts));
        }

        /** Only so many times. */
        public Rule count(int count) {
            return with("count", count);
        }

        /** Only for so long: a test that dies leaves no fault behind. */
        public Rule seconds(int seconds) {
            return with("seconds", seconds);
        }

        /** For the modes {@code slow}, and {@code duplicate}, whose copies come so late at most. */
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
            end();
        }

        /** Removes it; answers how many requests it has broken in all, none where it was over before. */
        public long end() {
            return send(sandbox.request("/_double11/faults/" + id).DELETE().build()).objects("rules").stream()
                    .mapToLong(rule -> ((Number) rule.getOrDefault("hits", 0L)).longValue())
                    .sum();
        }
    }
}
