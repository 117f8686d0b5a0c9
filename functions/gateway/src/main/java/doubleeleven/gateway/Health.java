package doubleeleven.gateway;

import java.time.Duration;
import java.util.Map;

/**
 * Whether this door can take payments, for whoever chooses between doors: the routing rule is known here, so the Region's database answers.
 * Nothing is asked of any unit: one that is lost is failed over behind the door. An environment reads the rule once in ten seconds, once a
 * second while it cannot, however often it is asked.
 */
final class Health {
    /**
     * Twenty seconds of reads that fail: a door is not given up for one of them. Payments go on by the last rule all the same, for whom
     * this door is the only one.
     */
    private static final Duration OLDEST = Duration.ofSeconds(30);

    private final Rules rules;
    private final String region;

    Health(Rules rules, String region) {
        this.rules = rules;
        this.region = region;
    }

    Checked<Answer> now() {
        return rules.isKnownWithin(OLDEST)
                ? new Checked.Passed<>(Answer.of(200, Map.of("status", "UP", "region", region)))
                : new Checked.Refused<>(Problem.doorUnhealthy());
    }
}
