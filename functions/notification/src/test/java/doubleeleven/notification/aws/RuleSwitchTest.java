package doubleeleven.notification.aws;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.dynamodb.RuleItems;
import doubleeleven.routing.Feature;
import doubleeleven.routing.First;
import doubleeleven.routing.Flows;
import doubleeleven.routing.InForce;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RuleSwitchTest {
    private static LocalTables tables;

    private final ManualClock clock = new ManualClock();
    private final List<RuntimeException> unreadable = new ArrayList<>();
    private final RuleSwitch off = offOf(LocalTables.CONTROL);

    @BeforeAll
    static void open() {
        tables = LocalTables.inProcess();
    }

    @AfterAll
    static void close() {
        tables.close();
    }

    @BeforeEach
    void beforeAnyPublication() {
        tables.client()
                .deleteItem(request -> request.tableName(LocalTables.CONTROL).key(RuleItems.CURRENT));
    }

    @Test
    void merchantsAreToldUnlessTheRuleSaysOtherwise() {
        assertThat(off.getAsBoolean()).isFalse();
        assertThat(unreadable)
                .as("before any publication there is nothing to read")
                .isEmpty();

        publish(InForce.ofAll(version(1, Set.of(Feature.COUPONS))));
        clock.pass(Duration.ofSeconds(10));

        assertThat(off.getAsBoolean()).isFalse();
    }

    @Test
    void theSwitchIsObeyedWithinTenSecondsEitherWay() {
        assertThat(off.getAsBoolean()).isFalse();

        publish(InForce.ofAll(version(1, Set.of(Feature.NOTIFICATIONS))));
        clock.pass(Duration.ofSeconds(10));
        assertThat(off.getAsBoolean()).isTrue();

        publish(InForce.ofAll(version(2, Set.of())));
        clock.pass(Duration.ofSeconds(10));
        assertThat(off.getAsBoolean()).isFalse();
    }

    @Test
    void theRuleIsReadOnceInTenSecondsHoweverManyAreTold() {
        RuleSwitch unread = offOf("no-such-table");
        for (int told = 0; told < 5; told++) {
            unread.getAsBoolean();
            clock.pass(Duration.ofSeconds(3));
        }

        assertThat(unreadable).as("at 0 s and at 12 s").hasSize(2);
    }

    @Test
    void whatOnlySomeGatewaysTryDoesNotSwitchAnything() {
        publish(InForce.ofAll(version(1, Set.of()))
                .tryingFirst(version(2, Set.of(Feature.NOTIFICATIONS)), new First("us-east-1", 50)));

        assertThat(off.getAsBoolean()).isFalse();
    }

    @Test
    void whereTheRuleCannotBeReadWhatWasReadLastHolds() {
        publish(InForce.ofAll(version(1, Set.of(Feature.NOTIFICATIONS))));
        assertThat(off.getAsBoolean()).isTrue();
        tables.client()
                .putItem(request -> request.tableName(LocalTables.CONTROL).item(RuleItems.CURRENT));
        clock.pass(Duration.ofSeconds(10));

        assertThat(off.getAsBoolean()).isTrue();
        assertThat(unreadable).hasSize(1);
    }

    @Test
    void whereItNeverCouldBeReadMerchantsAreTold() {
        assertThat(offOf("no-such-table").getAsBoolean()).isFalse();
        assertThat(unreadable).hasSize(1);
    }

    private RuleSwitch offOf(String table) {
        return new RuleSwitch(tables.client(), table, unreadable::add, clock);
    }

    private static void publish(InForce inForce) {
        tables.client()
                .putItem(request -> request.tableName(LocalTables.CONTROL).item(RuleItems.item(inForce)));
    }

    private PublishedRule version(long version, Set<Feature> switchedOff) {
        RoutingRule rule = new RoutingRule(
                version,
                100,
                Collections.nCopies(100, "RZ01"),
                Map.of(
                        "RZ01", new Unit("RZ01", "us-east-1", "RZ02", 100, new TreeMap<>(Map.of("a", 100))),
                        "RZ02", new Unit("RZ02", "us-east-2", "RZ01", 100, new TreeMap<>(Map.of("a", 100)))),
                Flows.NONE,
                switchedOff);
        return new PublishedRule(rule, clock.instant(), "op_1", "a drill", null);
    }
}
