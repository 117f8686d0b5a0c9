package doubleeleven.it.blackbox;

import static doubleeleven.it.blackbox.World.OPERATOR;
import static doubleeleven.it.blackbox.World.STACK;
import static doubleeleven.it.blackbox.World.eventually;
import static doubleeleven.it.blackbox.World.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import doubleeleven.ids.Shard;
import doubleeleven.it.blackbox.World.Payer;
import doubleeleven.it.blackbox.World.Shop;
import doubleeleven.it.blackbox.World.Unit;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Pause;
import doubleeleven.routing.RoutingRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.sfn.SfnClient;

/** Releases on the deployed stack under real payments: a good colour comes to serve all, a bad one is taken back by itself. */
final class ReleaseIT {
    private static final String UNIT = "RZ01";
    private static final String RELEASES = "/operations/units/" + UNIT + "/releases";
    /** Payments of each colour to wait for: as many as the local stack has in a few looks. */
    private static final int LEAST = 12;

    private static final int OF_EACH_KIND = 4;
    private static final long WORTH = 100_000;

    @RegisterExtension
    static final RuleAtFirst FIRST = new RuleAtFirst();

    private static Shop shop;
    private static Unit unit;
    private static List<Payer> payers;

    @BeforeAll
    static void open() {
        shop = Shop.open();
        unit = Unit.named(UNIT);
        payers = new ArrayList<>();
        // Some see b from a tenth on, some from a half on, some at the end.
        payers.addAll(seeing(90, 100));
        payers.addAll(seeing(50, 90));
        payers.addAll(seeing(0, 50));
    }

    @Test
    void aGoodColourComesToServeEveryCustomerOfTheUnit() {
        Map<Integer, Integer> answers = new ConcurrentHashMap<>();
        Answer ended = underLoad(answers, ReleaseIT::release);

        assertThat(ended.text("state")).as(ended.text()).isEqualTo("SUCCEEDED");
        assertThat(RuleAtFirst.now(UNIT, "colours")).isEqualTo(Map.of("a", 0, "b", 100));
        assertThat(ended.objects("stages"))
                .extracting(stage -> stage.get("weight") + " " + stage.get("verdict"))
                .containsExactly("10 GO_ON", "50 GO_ON", "100 GO_ON");
        assertThat(answers).containsOnlyKeys(201);
    }

    @Test
    void aColourWithADefectIsTakenBackByItselfAndItsCustomersGoOnPaying() {
        Map<Integer, Integer> answers = new ConcurrentHashMap<>();
        Answer ended = withDefect(() -> underLoad(answers, ReleaseIT::release));

        assertThat(ended.text("state")).as(ended.text()).isEqualTo("ROLLED_BACK");
        assertThat(ended.text("why")).contains("failed");
        assertThat(RuleAtFirst.now(UNIT, "colours")).isEqualTo(Map.of("a", 100, "b", 0));
        assertThat(answers).as("the standby unit serves what the colour fails").containsOnlyKeys(201);
    }

    @Test
    void anOperatorAgreesFirstWhereThatWasAskedForAndStopsWhatIsUnderWay() {
        Map<String, Object> body = beginning();
        body.put("approval", true);
        String id = begin(body);
        eventually().until(() -> show(id).text("state").equals("AWAITING_APPROVAL"));
        assertThat(OPERATOR.post(RELEASES, beginning()).problem()).isEqualTo("release-at-work");

        decide(id, true);
        eventually().until(() -> show(id).text("state").equals("VERIFYING"));
        decide(id, false);
        eventually().until(() -> show(id).find("endedAt").isPresent());

        assertThat(show(id).text("state")).isEqualTo("ROLLED_BACK");
        assertThat(show(id).text("why")).contains("stopped by", "a drill");
    }

    @Test
    void noMerchantBeginsAReleaseAndAWrongFieldIsNamed() {
        assertThat(shop.api().post(RELEASES, beginning()).status()).isEqualTo(403);
        Map<String, Object> falling = beginning();
        falling.put("steps", List.of(50, 10));
        assertThat(OPERATOR.post(RELEASES, falling).wrongFields()).containsExactly("steps");
    }

    private static Answer release() {
        String id = begin(beginning());
        eventually().until(() -> show(id).find("endedAt").isPresent());
        return show(id);
    }

    private static Map<String, Object> beginning() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("to", "b");
        body.put("reason", "a drill");
        body.put("steps", List.of(10, 50, 100));
        body.put("least", LEAST);
        return body;
    }

    private static String begin(Map<String, Object> body) {
        Answer answer = OPERATOR.post(RELEASES, body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.text("release");
    }

    private static Answer show(String id) {
        return OPERATOR.get(RELEASES + "/" + id);
    }

    private static void decide(String id, boolean approve) {
        Answer answer =
                OPERATOR.post(RELEASES + "/" + id + "/decision", Map.of("approve", approve, "reason", "a drill"));
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
    }

    /** While something is done, customers of the unit pay at every door. */
    private static Answer underLoad(Map<Integer, Integer> answers, Supplier<Answer> something) {
        AtomicBoolean over = new AtomicBoolean();
        List<String> doors = STACK.regions();
        try (ExecutorService executor = Executors.newFixedThreadPool(doors.size())) {
            List<CompletableFuture<Void>> loads = doors.stream()
                    .map(door -> CompletableFuture.runAsync(() -> pay(shop.at(door), answers, over), executor))
                    .toList();
            try {
                return something.get();
            } finally {
                over.set(true);
                loads.forEach(CompletableFuture::join);
            }
        }
    }

    private static void pay(Shop there, Map<Integer, Integer> answers, AtomicBoolean over) {
        while (!over.get()) {
            for (Payer payer : payers) {
                Answer answer = there.pay(payer, unique("order"), 1);
                answers.merge(answer.status(), 1, Integer::sum);
                Pause.millis(50);
            }
        }
    }

    /** Half of the payments that b is asked for break before anything is written. */
    private static Answer withDefect(Supplier<Answer> something) {
        SfnClient workflows = STACK.workflows(unit.region());
        String arn = workflows.listStateMachinesPaginator().stateMachines().stream()
                .filter(machine -> machine.name().equals("double11-rz01-b-payment-tcc"))
                .findFirst()
                .orElseThrow()
                .stateMachineArn();
        String sound = workflows
                .describeStateMachine(request -> request.stateMachineArn(arn))
                .definition();
        workflows.updateStateMachine(request -> request.stateMachineArn(arn).definition(defective(sound)));
        try {
            return something.get();
        } finally {
            workflows.updateStateMachine(request -> request.stateMachineArn(arn).definition(sound));
        }
    }

    @SuppressWarnings("unchecked") // JSON objects have texts as names
    private static String defective(String sound) {
        try {
            Map<String, Object> definition = JSON.std.mapFrom(sound);
            Map<String, Object> states = (Map<String, Object>) definition.get("States");
            // Not every payment: what fails altogether is noticed by anybody.
            states.put(
                    "Defect",
                    Map.of(
                            "Type",
                            "Choice",
                            "Choices",
                            List.of(Map.of("Condition", "{% $random() < 0.5 %}", "Next", "DefectFails")),
                            "Default",
                            String.valueOf(definition.get("StartAt"))));
            states.put("DefectFails", Map.of("Type", "Fail", "Error", "Defect", "Cause", "a build with a defect"));
            definition.put("StartAt", "Defect");
            return JSON.std.asString(definition);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Customers of the unit whose colour turns to b at weights between 100 less these. */
    private static List<Payer> seeing(int from, int to) {
        return Stream.generate(() -> unique("customer"))
                .filter(id -> unit.owns(Shard.of(id)))
                .filter(id -> colour(id, 100 - from).equals("b")
                        && colour(id, 100 - to).equals("a"))
                .limit(OF_EACH_KIND)
                .map(id -> Payer.with(id, WORTH))
                .toList();
    }

    private static String colour(String customer, int weightOfB) {
        return RoutingRule.colourFor(
                customer,
                new doubleeleven.routing.Unit(
                        UNIT,
                        unit.region(),
                        unit.standby(),
                        0,
                        new TreeMap<>(Map.of("a", 100 - weightOfB, "b", weightOfB))));
    }
}
