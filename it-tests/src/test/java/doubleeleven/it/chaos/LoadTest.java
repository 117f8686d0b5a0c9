package doubleeleven.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import doubleeleven.it.chaos.Load.Call;
import doubleeleven.it.replay.Outcome;
import doubleeleven.it.replay.Outcome.Result;
import doubleeleven.it.replay.Plan;
import doubleeleven.it.replay.Plan.Event;
import doubleeleven.it.replay.Plan.Means;
import doubleeleven.it.replay.Plan.Purchase;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class LoadTest {
    private final List<Event> played = Collections.synchronizedList(new ArrayList<>());

    private Load load(int most, Function<Event, Outcome> client) {
        List<Event> events = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            for (String customer : List.of("ann", "bob", "cid")) {
                events.add(new Purchase(
                        LocalDateTime.MIN, Integer.toString(round), "shop", customer, "", 1, Means.BALANCE, 0));
            }
        }
        Plan plan = new Plan(events, new TreeMap<>(), new TreeSet<>(), Map.of());
        return new Load(plan, client, LoadTest::orderOf, most, Duration.ofMillis(1), new Random(11));
    }

    private static String orderOf(Event event) {
        return event.customer() + ((Purchase) event).invoice();
    }

    private Outcome paid(Event event) {
        played.add(event);
        return new Outcome(event, "", orderOf(event), "", Result.PAID, List.of(), 0, false);
    }

    @Test
    void nothingIsCalledUntilItIsLetAndThenEverythingInTheOrderOfEachCustomer() {
        try (Load load = load(3, this::paid)) {
            assertThat(load.isIdle()).isTrue();
            assertThat(load.calls()).isEmpty();
            load.resume();
            await().until(() -> played.size() == 12);
            load.pause();
            await().until(load::isIdle);

            assertThat(load.left()).isZero();
            for (String customer : List.of("ann", "bob", "cid")) {
                assertThat(played.stream().filter(event -> event.customer().equals(customer)))
                        .extracting(event -> ((Purchase) event).invoice())
                        .containsExactly("0", "1", "2", "3");
            }
        }
    }

    @Test
    void noMoreCallsThanAllowedAreUnderWayAtATimeAndNoneBeginsInAPause() {
        CountDownLatch answer = new CountDownLatch(1);
        try (Load load = load(2, event -> {
            await().until(() -> answer.getCount() == 0);
            return paid(event);
        })) {
            load.resume();
            await().until(() -> load.calls().size() == 2);
            await().during(Duration.ofMillis(50)).until(() -> load.calls().size() == 2);
            load.pause();
            answer.countDown();
            await().until(load::isIdle);

            assertThat(load.calls()).hasSize(2);
        }
    }

    @Test
    void aBurstComesAtOnceAndBesidesTheUsualCalls() {
        CountDownLatch answer = new CountDownLatch(1);
        try (Load load = load(1, event -> {
            await().until(() -> answer.getCount() == 0);
            return paid(event);
        })) {
            load.burst(2);
            await().until(() -> load.calls().size() == 2);
            assertThat(load.isIdle()).isFalse();
            assertThat(load.calls()).allMatch(call -> call.touches(System.nanoTime(), System.nanoTime()));
            answer.countDown();
            await().until(load::isIdle);

            assertThat(load.calls()).allMatch(call -> call.ended() != null);
            assertThat(load.left()).isEqualTo(10);
        }
    }

    @Test
    void aCallThatNobodyAnswersIsAFaultAndTheNextOneGoesOn() {
        try (Load load = load(1, event -> {
            throw new IllegalStateException("no answer");
        })) {
            load.burst(1);
            await().until(load::isIdle);

            assertThat(load.calls()).singleElement().extracting(Call::outcome).satisfies(outcome -> {
                assertThat(outcome.result()).isEqualTo(Result.FAILED);
                assertThat(outcome.reasons()).singleElement().asString().contains("no answer");
            });
            assertThat(load.left()).isEqualTo(11);
        }
    }

    @Test
    void aCallTouchesATimeThatOverlapsWithIt() {
        Call call = new Call("order", 10, 20L, null);

        assertThat(call.touches(0, 9)).isFalse();
        assertThat(call.touches(0, 10)).isTrue();
        assertThat(call.touches(20, 30)).isTrue();
        assertThat(call.touches(21, 30)).isFalse();
        assertThat(new Call("order", 10, null, null).touches(21, 30)).isTrue();
    }
}
