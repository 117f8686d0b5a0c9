package doubleeleven.gateway.stress;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.gateway.stress.Doors.Reply;
import doubleeleven.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Load as it is sent: when it is due, as planned, and counted for what it is. */
class GeneratorTest {
    private static final Instant NOW = Instant.parse("2026-11-10T22:00:00Z");
    private static final String TYPE = "urn:double-eleven:problem:";

    private final ManualClock clock = new ManualClock();
    private final List<Map<String, Object>> sent = new ArrayList<>();
    private final List<Duration> at = new ArrayList<>();
    private Duration takes = Duration.ZERO;
    private Function<Map<String, ?>, Reply> answer = GeneratorTest::paid;

    @BeforeEach
    void begin() {
        clock.set(NOW);
    }

    /** One call after the other: one that takes long makes those after it late. */
    private final class OneAtATime implements Pace {
        private final Instant began = clock.instant();

        @Override
        public Duration elapsed() {
            return Duration.between(began, clock.instant());
        }

        @Override
        public void await(Duration since) {
            if (elapsed().compareTo(since) < 0) {
                clock.set(began.plus(since));
            }
        }

        @Override
        public boolean begin(Runnable call) {
            at.add(elapsed());
            call.run();
            return true;
        }

        @Override
        public void finish() {}
    }

    private static Plan plan(long seed) {
        return new Plan(
                List.of("https://one.example", "https://two.example"),
                10,
                List.of(50, 100),
                10,
                5,
                1,
                20,
                3,
                "GBP",
                100,
                200,
                seed,
                new Plan.Conditions(10, 1000, 5));
    }

    private Reply reply(String door, String path, Map<String, String> headers, Map<String, ?> body) {
        Map<String, Object> call = new HashMap<>(body);
        call.put("door", door);
        call.put("path", path);
        call.put("key", headers.getOrDefault("Idempotency-Key", ""));
        call.put("mark", headers.getOrDefault("Double11-Shadow", ""));
        call.put("caller", headers.getOrDefault("Authorization", ""));
        sent.add(call);
        clock.pass(takes);
        return answer.apply(body);
    }

    private static Map<String, Object> answered(Map<String, ?> body, String outcome) {
        Map<String, Object> answer = new HashMap<>(body);
        answer.put("outcome", outcome);
        answer.put("reasons", List.of("INSUFFICIENT_FUNDS"));
        return answer;
    }

    private static Reply paid(Map<String, ?> body) {
        return new Reply.Answered(201, true, answered(body, "PAID"));
    }

    private Load run(Plan plan, Slice slice, int worker) {
        return new Generator(this::reply, clock, "eve", plan, List.of("a.b.c"))
                .run(slice, worker, List.of("m0.s", "m1.s", "m2.s"), new OneAtATime());
    }

    private Load run() {
        return run(plan(7), new Slice(1, 0, 1), 0);
    }

    @Test
    void paymentsAreSentWhenTheyAreDueAndTheSliceLastsToItsEnd() {
        Load load = run();

        assertThat(at)
                .hasSize(50)
                .startsWith(Duration.ZERO, Duration.ofMillis(100))
                .endsWith(Duration.ofMillis(4900));
        assertThat(load.outcomes()).isEqualTo(Map.of(Outcome.PAID, 50L));
        assertThat(clock.instant()).isEqualTo(NOW.plusSeconds(5));
    }

    /** Coordinated omission: who is kept waiting by others' calls waited all the same. */
    @Test
    void aLatencyCountsFromWhenThePaymentWasDueThoughItWasSentLate() {
        answer = body -> {
            if (sent.size() == 1) {
                clock.pass(Duration.ofSeconds(4));
            }
            return paid(body);
        };

        Load load = run();

        assertThat(load.mostMillis()).isBetween(4000L, 4040L);
        assertThat(load.slowerThan(1000))
                .as("all that were due in the first three seconds of the stall")
                .isBetween(29L, 31L);
        assertThat(load.millisAt(50)).isBetween(1400L, 1700L);
    }

    @Test
    void theSamePlanMakesTheSamePaymentsAndAnotherSeedOthers() {
        run();
        List<Object> first = amounts();
        run();
        List<Object> second = amounts();
        run(plan(8), new Slice(1, 0, 1), 0);

        assertThat(second).isEqualTo(first);
        assertThat(amounts()).isNotEqualTo(first);
    }

    private List<Object> amounts() {
        List<Object> amounts = sent.stream()
                .map(call -> (Object) (call.get("key") + " " + call.get("payer") + " " + call.get("amount") + " "
                        + call.get("door") + " " + call.get("caller")))
                .toList();
        sent.clear();
        return amounts;
    }

    @Test
    void everyPaymentHasAnOrderOfItsOwnInEverySliceOfEveryStepByEveryWorker() {
        for (int step = 0; step < 2; step++) {
            for (int slice = 0; slice < 2; slice++) {
                for (int worker = 0; worker < 3; worker++) {
                    run(plan(7), new Slice(step, slice, 3), worker);
                }
            }
        }

        assertThat(sent).hasSize(150).extracting(call -> call.get("key")).doesNotHaveDuplicates();
        assertThat(sent).extracting(call -> call.get("door")).contains("https://one.example", "https://two.example");
        assertThat(sent).allSatisfy(call -> {
            assertThat(call.get("merchantOrder")).isEqualTo(call.get("key"));
            assertThat((Long) call.get("amount")).isBetween(100L, 200L);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "202, none, true, OPEN",
        "429, too-many-requests, true, REFUSED",
        "429, too-many-requests, false, DOOR_BUSY",
        "503, unit-unreachable, true, FAILED",
        "502, outcome-unknown, false, DOOR_FAILED",
        "500, internal-error, false, DOOR_FAILED",
        "403, shadow-refused, true, TURNED_AWAY",
        "403, forbidden, true, WRONG",
        "404, not-found, false, WRONG"
    })
    void anAnswerIsCountedForWhatItIsAndForWhoGaveIt(int status, String type, boolean ours, Outcome outcome) {
        answer = _ -> new Reply.Answered(status, ours, Map.of("type", TYPE + type));

        assertThat(run().outcomes().keySet()).contains(outcome).isSubsetOf(outcome, Outcome.NOT_SENT);
    }

    @Test
    void noAnswerIsCounted() {
        answer = _ -> new Reply.TimedOut();
        assertThat(run().outcomes()).containsOnlyKeys(Outcome.TIMED_OUT);

        answer = _ -> new Reply.Unreached("refused");
        assertThat(run().outcomes()).containsOnlyKeys(Outcome.UNREACHED);
    }

    @Test
    void anAnswerThatIsOfAnotherPaymentIsWrong() {
        for (String field : List.of("merchantOrder", "payer", "amount", "currency", "outcome")) {
            answer = body -> {
                Map<String, Object> other = answered(body, "PAID");
                other.put(field, field.equals("amount") ? 1 : "another");
                return new Reply.Answered(201, true, other);
            };
            assertThat(run().outcomes()).as(field).isEqualTo(Map.of(Outcome.WRONG, 50L));
        }
        answer = body -> new Reply.Answered(200, true, answered(body, "DECLINED"));
        assertThat(run().outcomes()).isEqualTo(Map.of(Outcome.DECLINED, 50L));
        answer = body -> {
            Map<String, Object> silent = answered(body, "DECLINED");
            silent.put("reasons", List.of());
            return new Reply.Answered(200, true, silent);
        };
        assertThat(run().outcomes()).as("a decline says why").isEqualTo(Map.of(Outcome.WRONG, 50L));
    }

    @Test
    void whoIsTurnedAwayTenTimesInARowSendsNoMoreInThisSlice() {
        answer = _ -> new Reply.Answered(403, true, Map.of("type", TYPE + "shadow-refused"));

        Load load = run();

        assertThat(sent).hasSize(10);
        assertThat(load.outcomes()).isEqualTo(Map.of(Outcome.TURNED_AWAY, 10L, Outcome.NOT_SENT, 40L));
        assertThat(clock.instant()).as("and is back at once").isEqualTo(NOW.plusMillis(900));
    }

    @Test
    void whoIsTurnedAwayNowAndThenGoesOn() {
        answer = body -> sent.size() % 3 == 0
                ? paid(body)
                : new Reply.Answered(403, true, Map.of("type", TYPE + "shadow-refused"));

        assertThat(run().outcomes()).isEqualTo(Map.of(Outcome.TURNED_AWAY, 34L, Outcome.PAID, 16L));
    }

    @Test
    void merchantsThatAreThereAlreadyGetNewKeys() {
        answer = body -> new Reply.Answered(
                200, true, body.isEmpty() ? Map.of("apiKey", "new.key") : Map.of("merchant", "there"));

        assertThat(new Generator(this::reply, clock, "eve", plan(7), List.of("a.b.c")).openMerchants("op.key"))
                .containsExactly("new.key", "new.key", "new.key");
    }

    @Test
    void openersShareTheCustomersEachOfWhomCanPayAnyShare() {
        answer = _ -> new Reply.Answered(201, true, Map.of());
        Generator generator = new Generator(this::reply, clock, "eve", plan(7), List.of("a.b.c"));

        assertThat(generator.openCustomers("op.key", 0, 3)
                        + generator.openCustomers("op.key", 1, 3)
                        + generator.openCustomers("op.key", 2, 3))
                .isEqualTo(20);

        assertThat(sent)
                .extracting(call -> call.get("customer"))
                .doesNotHaveDuplicates()
                .hasSize(20);
        assertThat(sent)
                .allSatisfy(
                        call -> assertThat((Long) call.get("openingBalance")).isGreaterThan(200L * 100));
    }

    @Test
    void aMarkIsTakenThatIsGoodNowTheLatestOfThem() {
        Marks marks = new Marks(List.of(mark(0, 600), mark(500, 1100), mark(1000, 1600)));

        assertThat(marks.at(NOW.plusSeconds(10))).isEqualTo(mark(0, 600));
        assertThat(marks.at(NOW.plusSeconds(550))).isEqualTo(mark(500, 1100));
        assertThat(marks.at(NOW.plusSeconds(1599))).isEqualTo(mark(1000, 1600));
        assertThat(marks.at(NOW.plusSeconds(9999)))
                .as("whose time is over, too")
                .isEqualTo(mark(1000, 1600));
    }

    private static String mark(long from, long until) {
        String claims =
                "{\"iat\": " + (NOW.getEpochSecond() + from) + ", \"exp\": " + (NOW.getEpochSecond() + until) + "}";
        return "e30."
                + java.util.Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(claims.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                + ".c2ln";
    }
}
