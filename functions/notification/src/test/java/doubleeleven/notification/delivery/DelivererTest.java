package doubleeleven.notification.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.notification.Endpoint;
import doubleeleven.notification.Secret;
import doubleeleven.notification.delivery.Deliverer.Later;
import doubleeleven.notification.delivery.Deliverer.Patience;
import doubleeleven.testkit.ManualClock;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DelivererTest {
    private static final Duration HELD = Duration.ofMinutes(7);
    private static final Duration TRIED = Duration.ofHours(24);

    private final ManualClock clock = new ManualClock();
    private final Map<String, Endpoint> endpoints = new HashMap<>();
    private final Set<String> down = new HashSet<>();
    private final List<String> sent = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private boolean off;

    private final Deliverer deliverer = new Deliverer(
            merchant -> Optional.ofNullable(endpoints.get(merchant)),
            (endpoint, notification) -> {
                sent.add(notification.merchant());
                return down.contains(notification.merchant()) ? Optional.of("status 503") : Optional.empty();
            },
            () -> off,
            new Patience(HELD, TRIED),
            1,
            new Journal() {
                @Override
                public void delivered(Notification notification, Duration age) {
                    heard.add("delivered " + notification.merchant() + " " + age);
                }

                @Override
                public void refused(Notification notification, String why) {
                    heard.add("refused " + notification.merchant() + " " + why);
                }

                @Override
                public void postponed(Notification notification, Reason reason) {
                    heard.add("postponed " + notification.merchant() + " " + reason);
                }
            },
            clock);

    @Test
    void aMerchantThatWantsToKnowIsTold() {
        wants("tea");
        clock.pass(Duration.ofSeconds(2));

        assertThat(deliver("tea")).isEmpty();

        assertThat(sent).containsExactly("tea");
        assertThat(heard).containsExactly("delivered tea PT2S");
    }

    @Test
    void aDecisionOfAClockThatIsAheadIsToldAtOnce() {
        wants("tea");
        clock.pass(Duration.ofSeconds(-2));

        assertThat(deliver("tea")).isEmpty();

        assertThat(heard).containsExactly("delivered tea PT0S");
    }

    @Test
    void oneThatDoesNotIsNot() {
        assertThat(deliver("tea")).isEmpty();

        assertThat(sent).isEmpty();
    }

    @Test
    void oneThatWantsToKnowLaterIsToldWithinAMinute() {
        deliver("tea");
        wants("tea");
        clock.pass(Duration.ofSeconds(60));

        deliver("tea");

        assertThat(sent).containsExactly("tea");
    }

    @ParameterizedTest
    @CsvSource({"0, 10", "19, 10", "60, 30", "600, 300", "1800, 900", "86399, 900"})
    void whatIsNotTakenIsToldAgainLaterAndLater(long age, long in) {
        wants("tea");
        down.add("tea");
        clock.pass(Duration.ofSeconds(age));

        Later later = deliver("tea").orElseThrow();

        assertThat(later.in()).isEqualTo(Duration.ofSeconds(in));
        assertThat(later.left()).extracting(Notification::merchant).containsExactly("tea");
        assertThat(heard).containsExactly("refused tea status 503");
    }

    @Test
    void whatIsNotTakenForADayIsForAnOperatorToSee() {
        wants("tea");
        down.add("tea");
        clock.pass(TRIED);

        assertThatThrownBy(() -> deliver("tea"))
                .isInstanceOf(NotDelivered.class)
                .hasMessageContaining("tea");
        assertThat(sent).containsExactly("tea");

        down.clear();
        assertThat(deliver("tea")).as("sent back to its queue by an operator").isEmpty();
    }

    @Test
    void aPayeeThatDoesNotTakeItCostsTheOthersNothing() {
        wants("market");
        wants("toys");
        wants("gifts");
        down.add("toys");

        Later later = deliverer.deliver(Samples.shared(true).notifications()).orElseThrow();
        down.clear();
        Optional<Later> left = deliverer.deliver(later.left());

        assertThat(sent).containsExactly("market", "toys", "gifts", "toys");
        assertThat(left).isEmpty();
    }

    @Test
    void whileTheyAreSwitchedOffNobodyIsToldAndNothingIsLost() {
        wants("tea");
        off = true;

        Later later = deliver("tea").orElseThrow();

        assertThat(sent).isEmpty();
        assertThat(later.in()).isEqualTo(HELD);
        assertThat(heard).containsExactly("postponed tea SWITCHED_OFF");

        off = false;
        assertThat(deliverer.deliver(later.left())).isEmpty();
        assertThat(sent).containsExactly("tea");
    }

    @Test
    void whatNobodyWaitsForIsNotHeldEither() {
        off = true;

        assertThat(deliver("tea")).isEmpty();
    }

    @Test
    void oneThatFailsAgainAndAgainIsLeftAloneForAWhileAndThenTriedOnce() {
        wants("tea");
        wants("silk");
        down.add("tea");
        for (int i = 0; i < 5; i++) {
            assertThat(deliver("tea")).isPresent();
        }
        assertThat(sent).containsExactly("tea", "tea", "tea");
        assertThat(heard).endsWith("postponed tea AILING", "postponed tea AILING");

        deliver("silk");
        assertThat(sent).endsWith("silk").hasSize(4);

        clock.pass(Duration.ofSeconds(30));
        deliver("tea");
        deliver("tea");
        assertThat(sent).endsWith("silk", "tea").hasSize(5);
    }

    @Test
    void oneThatWorksAgainIsNotLeftAloneAtItsNextFailure() {
        wants("tea");
        down.add("tea");
        deliver("tea");
        deliver("tea");
        down.clear();
        deliver("tea");
        down.add("tea");
        sent.clear();

        deliver("tea");
        deliver("tea");

        assertThat(sent).containsExactly("tea", "tea");
    }

    private Optional<Later> deliver(String merchant) {
        return deliverer.deliver(Samples.paid(merchant).notifications());
    }

    private void wants(String merchant) {
        endpoints.put(
                merchant,
                new Endpoint(
                        merchant,
                        URI.create("https://" + merchant + ".example"),
                        Secret.random(new Random(1)),
                        null,
                        Samples.DECIDED));
    }
}
