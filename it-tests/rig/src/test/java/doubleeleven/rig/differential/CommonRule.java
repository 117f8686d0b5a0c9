package doubleeleven.rig.differential;

import doubleeleven.aws.Json;
import doubleeleven.it.client.Answer;
import doubleeleven.rig.differential.Side.Call;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The rule that both sides go by while they are compared: the first of the deployment, without second runs, for those depend on how fast a
 * side is. What was in force before is in force again after it.
 */
final class CommonRule implements AutoCloseable {
    private static final String RULE = "/operations/routing-rule";
    /** Longer than any gateway goes by a rule without looking for a newer one. */
    private static final Duration KNOWN_TO_ALL = Duration.ofSeconds(11);

    private final Side side;
    private final String door;
    private final Map<String, Object> before;

    CommonRule(Side side, String door) {
        this.side = side;
        this.door = door;
        this.before = document(get(RULE));
        Map<String, Object> document = new HashMap<>(document(get(RULE + "/versions/1")));
        document.put("switches", Map.of("hedging", "OFF"));
        publish(document);
    }

    private static Map<String, Object> document(Answer answer) {
        return Json.child(answer.body(), "document");
    }

    private Answer get(String path) {
        return sound(side.call(new Call(door, side.operatorKey(), "GET", path, "", "")), 200);
    }

    private void publish(Map<String, Object> document) {
        Map<String, Object> body = Map.of(
                "document",
                document,
                "expectedVersion",
                get(RULE).integer("version"),
                "reason",
                "the rig and the stack are compared");
        sound(side.call(new Call(door, side.operatorKey(), "POST", RULE, Json.write(body), "")), 201);
        side.pass(KNOWN_TO_ALL);
    }

    private static Answer sound(Answer answer, int status) {
        if (answer.status() != status) {
            throw new AssertionError(answer.text());
        }
        return answer;
    }

    @Override
    public void close() {
        publish(before);
    }
}
