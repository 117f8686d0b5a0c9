package doubleeleven.it.blackbox;

import static doubleeleven.it.blackbox.World.OPERATOR;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Rules;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The routing rule that was in force when a class of tests began. It is in force again after each of them. */
final class RuleAtFirst implements AfterEachCallback {
    static final String PATH = "/operations/routing-rule";

    private final Answer answer = OPERATOR.get(PATH);

    RuleAtFirst() {
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    long version() {
        return answer.integer("version");
    }

    Map<String, Object> document() {
        return document(answer);
    }

    /** The document of the rule that is in force now. */
    static Map<String, Object> now() {
        return document(OPERATOR.get(PATH));
    }

    /** What the rule that is in force now says of a unit. */
    static Object now(String unit, String field) {
        return Rules.units(OPERATOR).stream()
                .filter(each -> unit.equals(each.get("name")))
                .findFirst()
                .orElseThrow()
                .get(field);
    }

    @SuppressWarnings("unchecked") // jackson-jr makes every JSON object a Map<String, Object>
    private static Map<String, Object> document(Answer rule) {
        return (Map<String, Object>) rule.body().getOrDefault("document", Map.of());
    }

    /** Puts it in force again. */
    Answer restore() {
        long now = OPERATOR.get(PATH).integer("version");
        Answer restored = OPERATOR.post(
                PATH + "/rollback", Map.of("toVersion", version(), "expectedVersion", now, "reason", "as it was"));
        assertThat(restored.status()).as(restored.text()).isEqualTo(201);
        return restored;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (!now().equals(document())) {
            restore();
        }
        assertThat(now()).isEqualTo(document());
    }
}
