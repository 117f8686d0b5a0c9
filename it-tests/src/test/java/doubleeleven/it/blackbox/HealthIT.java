package doubleeleven.it.blackbox;

import static doubleeleven.it.blackbox.World.OPERATOR;
import static doubleeleven.it.blackbox.World.STACK;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.client.Answer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the watchers of the Regions see of a deployment in which nothing is broken; what they do about a loss is for chaos. */
final class HealthIT {
    /** Functions that start cold may take longer than a watcher waits. Three looks in vain would take a unit out. */
    private static final int MOST_LOOKS = 2;

    @Test
    void everyRegionSeesEveryColourOfEveryUnitServe() {
        Answer health = look();
        for (int looks = 1; looks < MOST_LOOKS && !isEachServed(health); looks++) {
            health = look();
        }

        assertThat(health.text("automaticFailover")).isEqualTo("ON");
        assertThat(health.objects("units")).allSatisfy(unit -> {
            assertThat(unit).as("%s", unit).containsEntry("health", "WELL").containsEntry("forbidden", false);
            assertThat(sights(unit)).extracting(sight -> sight.get("synthetic")).containsOnly("SERVED");
            Set<Object> regions =
                    sights(unit).stream().map(sight -> sight.get("region")).collect(Collectors.toSet());
            assertThat(regions).containsExactlyInAnyOrderElementsOf(Set.copyOf(STACK.regions()));
        });
    }

    private static Answer look() {
        STACK.regions().forEach(STACK::watch);
        Answer health = OPERATOR.get("/operations/units");
        assertThat(health.status()).as(health.text()).isEqualTo(200);
        return health;
    }

    private static boolean isEachServed(Answer health) {
        return health.objects("units").stream()
                .flatMap(unit -> sights(unit).stream())
                .allMatch(sight -> "SERVED".equals(sight.get("synthetic")));
    }

    @SuppressWarnings("unchecked") // the reader makes every JSON object a Map<String, Object>
    private static List<Map<String, Object>> sights(Map<String, Object> unit) {
        return (List<Map<String, Object>>) unit.get("sights");
    }
}
