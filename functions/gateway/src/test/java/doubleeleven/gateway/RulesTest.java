package doubleeleven.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;
import doubleeleven.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** How old a gateway's rule may be. */
class RulesTest {
    private final List<RuntimeException> told = new ArrayList<>();
    private final ManualClock clock = new ManualClock();
    private Supplier<Optional<RoutingRule>> control = Optional::empty;
    private int reads;
    private final Rules rules = new Rules(version(1), this::read, told::add, clock);

    private Optional<RoutingRule> read() {
        reads++;
        return control.get();
    }

    private static RoutingRule version(long version) {
        return new RoutingRule(
                version,
                100,
                Collections.nCopies(100, "RZ01"),
                Map.of(
                        "RZ01", new Unit("RZ01", "us-east-1", "RZ02", 100, new TreeMap<>(Map.of("a", 100))),
                        "RZ02", new Unit("RZ02", "us-east-2", "RZ01", 100, new TreeMap<>(Map.of("a", 100)))));
    }

    private void inForce(long version) {
        control = () -> Optional.of(version(version));
    }

    private long obeyedAfter(Duration time) {
        clock.pass(time);
        return rules.current().version();
    }

    @Test
    void theTopologyIsObeyedBeforeAnythingWasPublished() {
        assertThat(obeyedAfter(Duration.ZERO)).isEqualTo(1);
    }

    @Test
    void aPublishedVersionIsObeyedTenSecondsLaterAtTheLatest() {
        inForce(2);
        assertThat(obeyedAfter(Duration.ZERO)).isEqualTo(2);
        inForce(3);

        assertThat(obeyedAfter(Duration.ofMillis(9_999))).isEqualTo(2);
        assertThat(obeyedAfter(Duration.ofMillis(1))).isEqualTo(3);
        assertThat(reads).isEqualTo(2);
    }

    /** What is read may have been replaced since the read began. */
    @Test
    void theAgeOfARuleCountsFromWhenItsReadBegan() {
        control = () -> {
            clock.pass(Duration.ofSeconds(6));
            return Optional.of(version(2));
        };
        rules.current();
        inForce(3);

        assertThat(obeyedAfter(Duration.ofSeconds(4))).isEqualTo(3);
    }

    @Test
    void noGatewayGoesBackToAnOlderVersionWhateverItReads() {
        inForce(7);
        rules.current();

        for (long older : new long[] {6, 1}) {
            inForce(older);
            assertThat(obeyedAfter(Duration.ofSeconds(10))).isEqualTo(7);
        }
        control = Optional::empty;
        assertThat(obeyedAfter(Duration.ofSeconds(10))).isEqualTo(7);
        inForce(8);
        assertThat(obeyedAfter(Duration.ofSeconds(10))).isEqualTo(8);
    }

    @Test
    void aRuleIsKnownForAsLongAsItsLastReadIsNoOlderThanThat() {
        inForce(2);
        assertThat(rules.isKnownWithin(Duration.ofSeconds(30))).isTrue();
        control = () -> {
            throw new IllegalStateException("unreachable");
        };

        clock.pass(Duration.ofSeconds(30));
        assertThat(rules.isKnownWithin(Duration.ofSeconds(30))).isTrue();
        clock.pass(Duration.ofMillis(1));
        assertThat(rules.isKnownWithin(Duration.ofSeconds(30))).isFalse();

        inForce(2);
        clock.pass(Duration.ofSeconds(1));
        assertThat(rules.isKnownWithin(Duration.ofSeconds(30))).isTrue();
    }

    /** What was read may have been replaced since the read began. */
    @Test
    void aRuleIsKnownSinceItsReadBegan() {
        control = () -> {
            clock.pass(Duration.ofSeconds(6));
            return Optional.of(version(2));
        };

        assertThat(rules.isKnownWithin(Duration.ofSeconds(5))).isFalse();
        assertThat(rules.isKnownWithin(Duration.ofSeconds(6))).isTrue();
    }

    @Test
    void theTopologysRuleIsNotKnownToBeInForceUntilTheTableWasReadOnce() {
        control = () -> {
            throw new IllegalStateException("unreachable");
        };

        assertThat(rules.isKnownWithin(Duration.ofDays(1))).isFalse();
    }

    /** Whoever asks all day long makes no more reads than payments do. */
    @Test
    void askingHowOldARuleIsReadsItOnceInTenSecondsAndOnceASecondWhileItCannotBeRead() {
        for (int asked = 0; asked < 100; asked++) {
            rules.isKnownWithin(Duration.ofSeconds(30));
            clock.pass(Duration.ofMillis(100));
        }
        assertThat(reads).isEqualTo(1);

        control = () -> {
            throw new IllegalStateException("unreachable");
        };
        for (int asked = 0; asked < 100; asked++) {
            rules.isKnownWithin(Duration.ofSeconds(30));
            clock.pass(Duration.ofMillis(100));
        }
        assertThat(reads).isEqualTo(1 + 10);
    }

    @Test
    void aRuleThatCannotBeReadStaysTheLastOneAndIsAskedForAgainASecondLater() {
        inForce(2);
        rules.current();
        control = () -> {
            throw new IllegalStateException("throttled");
        };

        assertThat(obeyedAfter(Duration.ofSeconds(10))).isEqualTo(2);
        assertThat(told).hasSize(1);
        inForce(3);
        assertThat(obeyedAfter(Duration.ofMillis(999))).isEqualTo(2);
        assertThat(obeyedAfter(Duration.ofMillis(1))).isEqualTo(3);
        assertThat(told).hasSize(1);
    }
}
