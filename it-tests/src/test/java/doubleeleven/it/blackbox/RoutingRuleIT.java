package doubleeleven.it.blackbox;

import static doubleeleven.it.blackbox.World.OPERATOR;
import static doubleeleven.it.blackbox.World.STACK;
import static doubleeleven.it.blackbox.World.eventually;
import static doubleeleven.it.blackbox.World.unique;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.ids.Shard;
import doubleeleven.it.blackbox.World.Payer;
import doubleeleven.it.blackbox.World.Shop;
import doubleeleven.it.blackbox.World.Unit;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Pause;
import doubleeleven.it.client.Receiver;
import doubleeleven.routing.RoutingRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The routing rule is published, obeyed and rolled back. */
final class RoutingRuleIT {
    private static final String RULE = RuleAtFirst.PATH;
    /** No gateway holds a rule for longer. */
    private static final Duration OLDEST = Duration.ofSeconds(10);

    private static final String UNIT = "RZ01";
    private static final String OTHER = "RZ02";

    private static Shop shop;

    @RegisterExtension
    static final RuleAtFirst FIRST = new RuleAtFirst();

    private Unit unit;
    /** What was paid for, to be seen in the payer's balance. */
    private long paid;

    @BeforeAll
    static void see() {
        shop = Shop.open();
    }

    @BeforeEach
    void find() {
        unit = Unit.named(UNIT);
    }

    @Test
    void weightsAreObeyedAtEveryDoorWithinTenSecondsAndSoIsTheirRollback() {
        Payer payer = payerOf("a");
        long version = version();

        Answer published = publish(changed(UNIT, fields -> with(fields, "colours", Map.of("a", 0, "b", 100))));
        assertThat(published.status()).as(published.text()).isEqualTo(201);
        assertThat(published.integer("version")).isEqualTo(version + 1);
        Pause.millis(OLDEST.toMillis());
        STACK.regions().forEach(door -> servedBy("RZ01-b", "RZ01-a", payer, door));

        Answer restored = FIRST.restore();
        assertThat(restored.integer("version")).isEqualTo(version + 2);
        assertThat(restored.integer("restores")).isEqualTo(FIRST.version());
        Pause.millis(OLDEST.toMillis());
        STACK.regions().forEach(door -> servedBy("RZ01-a", "RZ01-b", payer, door));

        assertThat(OPERATOR.get(RULE + "/versions?limit=2").objects("versions"))
                .extracting(each -> each.get("version") + " " + each.get("reason"))
                .containsExactly((version + 2) + " as it was", (version + 1) + " a drill");
        assertThat(OPERATOR.get(RULE + "/diff?from=" + version + "&to=" + (version + 1))
                        .objects("units"))
                .singleElement()
                .satisfies(diff -> assertThat(diff.toString()).contains("unit=RZ01", "to={a=0, b=100}"));
        assertThat(OPERATOR.get(RULE + "/diff?from=" + version + "&to=" + (version + 2))
                        .objects("units"))
                .isEmpty();
    }

    @Test
    void aVersionForOneRegionIsObeyedAtItsDoorAloneUntilItIsGivenToAll() {
        Payer payer = payerOf("a");
        String tries = STACK.regions().getLast();
        long version = version();

        Answer published = OPERATOR.post(
                RULE, firstIn(tries, changed(UNIT, fields -> with(fields, "colours", Map.of("a", 0, "b", 100)))));
        assertThat(published.status()).as(published.text()).isEqualTo(201);
        Pause.millis(OLDEST.toMillis());
        for (String door : STACK.regions()) {
            boolean obeys = door.equals(tries);
            servedBy(obeys ? "RZ01-b" : "RZ01-a", obeys ? "RZ01-a" : "RZ01-b", payer, door);
        }
        Answer inForce = OPERATOR.get(RULE);
        assertThat(inForce.integer("version")).isEqualTo(version + 1);
        assertThat(inForce.body().get("rest"))
                .isEqualTo(Map.of("version", (int) version, "document", FIRST.document()));

        Answer spread =
                OPERATOR.post(RULE + "/spread", Map.of("expectedVersion", version + 1, "reason", "nothing got worse"));
        assertThat(spread.status()).as(spread.text()).isEqualTo(200);
        Pause.millis(OLDEST.toMillis());
        STACK.regions().forEach(door -> servedBy("RZ01-b", "RZ01-a", payer, door));
        assertThat(OPERATOR.get(RULE + "/versions/" + (version + 1)).text())
                .contains("\"spread\":{", "nothing got worse");
    }

    @Test
    void whoServesWhomIsForAllGatewaysAtOnce() {
        Answer before = OPERATOR.get(RULE);
        String tries = STACK.regions().getLast();

        Answer moved =
                OPERATOR.post(RULE, firstIn(tries, moved(new Shard(unit.shards().getFirst()))));
        Answer nowhere = OPERATOR.post(RULE, firstIn("eu-west-9", FIRST.document()));

        assertThat(moved.status()).as(moved.text()).isEqualTo(422);
        assertThat(moved.wrongFields()).containsExactly("first");
        assertThat(nowhere.wrongFields()).containsExactly("first.region");
        assertThat(OPERATOR.get(RULE).text()).isEqualTo(before.text());
    }

    /** Whatever a gateway still believes: the unit that lost the shard says who has it. */
    @Test
    void aShardThatMovesIsServedByItsNewUnitAtOnceAndItsMoneyStaysWhereItWas() {
        Payer payer = Payer.of(unit, 1000);
        Shard shard = Shard.of(payer.id());
        Answer before = shop.pay(payer, unique("order"), 100);
        assertThat(before.status()).as(before.text()).isEqualTo(201);

        Answer published = publish(moved(shard));
        assertThat(published.status()).as(published.text()).isEqualTo(201);
        assertThat(((Map<?, ?>) published.body().getOrDefault("diff", Map.of())).get("shards"))
                .isEqualTo(List.of(Map.of("shards", shard + "-" + shard, "from", UNIT, "to", OTHER)));
        for (String door : STACK.regions()) {
            servedBy(OTHER, UNIT, payer, door);
        }

        shop.settled(before.text("id"), "SUCCEEDED");
        assertThat(payer.held()).isZero();
        assertThat(payer.available()).isEqualTo(1000 - 100 - paid);
    }

    @Test
    void aUnitThatIsForbiddenIsServedByItsStandbyAtOnceAndServesAgainWhenItIsAllowedTo() {
        Payer payer = Payer.of(unit, 1000);
        Map<String, Object> document = changed(UNIT, fields -> with(fields, "forbidden", true));
        List<Map<String, Object>> units = new ArrayList<>(units(document));
        // Nobody may fall back on it meanwhile.
        units.replaceAll(fields -> UNIT.equals(fields.get("standby")) ? with(fields, "standby", OTHER) : fields);
        document.put("units", units);

        Answer published = publish(document);
        assertThat(published.status()).as(published.text()).isEqualTo(201);
        for (String door : STACK.regions()) {
            servedBy(unit.standby(), UNIT, payer, door);
        }

        FIRST.restore();
        for (String door : STACK.regions()) {
            servedBy(UNIT, OTHER, payer, door);
        }
        assertThat(payer.available()).isEqualTo(1000 - paid);
    }

    @Test
    void whileNotificationsAreSwitchedOffNobodyIsToldAndAfterwardsEachMerchantIs() {
        Payer payer = Payer.of(unit, 1000);
        Shop told = Shop.open();
        Map<String, Object> document = new LinkedHashMap<>(FIRST.document());
        document.put("switches", Map.of("notifications", "OFF"));
        String endpoint = "/merchants/" + told.id() + "/notification-endpoint";
        try (Receiver receiver = Receiver.open()) {
            Answer wanted = told.api().post(endpoint, Map.of("url", receiver.url()));
            assertThat(wanted.status()).as(wanted.text()).isBetween(200, 201);
            assertThat(publish(document).status()).isEqualTo(201);
            Pause.millis(OLDEST.toMillis());

            Answer bought = told.pay(payer, unique("order"), 10);
            told.settled(bought.text("id"), "SUCCEEDED");
            eventually().until(() -> held() > 0);
            assertThat(receiver.told()).isEmpty();

            FIRST.restore();
            eventually().until(() -> !receiver.told().isEmpty());
            assertThat(receiver.told()).extracting(each -> each.about("id")).containsOnly(bought.text("id"));
            told.api().delete(endpoint);
        }
    }

    @Test
    void aRuleThatNobodyCouldCarryIsRefusedWithItsFieldAndChangesNothing() {
        Answer before = OPERATOR.get(RULE);
        int standby = indexOf(unit.standby());
        Map<String, Object> poor = changed(unit.standby(), fields -> with(fields, "capacity", 1));

        Answer refused = publish(poor);

        assertThat(refused.status()).as(refused.text()).isEqualTo(422);
        assertThat(refused.wrongFields()).containsExactly("document.units[" + standby + "].capacity");
        assertThat(refused.objects("errors").getFirst().get("message").toString())
                .contains("its standby " + unit.standby() + " has to carry", "is provisioned for 1");
        Answer unknown = publish(changed(UNIT, fields -> with(fields, "weight", 1)));
        assertThat(unknown.wrongFields()).containsExactly("document.units[" + indexOf(UNIT) + "].weight");
        assertThat(OPERATOR.get(RULE).text()).isEqualTo(before.text());
    }

    @Test
    void aDryRunAndWhoeverExpectsAnotherVersionChangeNothing() {
        Answer before = OPERATOR.get(RULE);
        Map<String, Object> document = changed(UNIT, fields -> with(fields, "colours", Map.of("a", 0, "b", 100)));

        Map<String, Object> dry = publication(document, version());
        dry.put("dryRun", true);
        Answer tried = OPERATOR.post(RULE, dry);
        Answer late = OPERATOR.post(RULE, publication(document, version() + 1));

        assertThat(tried.status()).as(tried.text()).isEqualTo(200);
        assertThat(tried.text()).contains("\"to\":{\"a\":0,\"b\":100}");
        assertThat(late.problem()).as(late.text()).isEqualTo("rule-changed");
        assertThat(late.integer("currentVersion")).isEqualTo(version());
        assertThat(OPERATOR.get(RULE).text()).isEqualTo(before.text());
    }

    @Test
    void noMerchantSeesOrPublishesTheRule() {
        assertThat(shop.api().get(RULE).status()).isEqualTo(403);
        assertThat(shop.api()
                        .post(RULE, publication(FIRST.document(), version()))
                        .status())
                .isEqualTo(403);
    }

    /** Pays at a door until a payment is claimed where it is meant to; none may be claimed where it is no longer. */
    private void servedBy(String wanted, String nobody, Payer payer, String door) {
        Shop there = shop.at(door);
        eventually().until(() -> {
            Answer answer = there.pay(payer, unique("order"), 1);
            assertThat(answer.status()).as(answer.text()).isEqualTo(201);
            paid++;
            String by = claimedBy(there.settled(answer.text("id"), "SUCCEEDED"));
            assertThat(by).as("door %s", door).doesNotStartWith(nobody);
            return by.startsWith(wanted);
        });
    }

    private static String claimedBy(Answer payment) {
        return payment.objects("timeline").stream()
                .filter(step -> "CLAIM".equals(step.get("step")))
                .map(step -> String.valueOf(step.get("by")))
                .findFirst()
                .orElseThrow();
    }

    /** A customer of the unit who sees that colour by the weights of the rule that was in force at first. */
    private Payer payerOf(String colour) {
        Map<String, Object> ruled = units(FIRST.document()).get(indexOf(UNIT));
        TreeMap<String, Integer> weights = new TreeMap<>();
        ((Map<?, ?>) ruled.getOrDefault("colours", Map.of()))
                .forEach((name, weight) -> weights.put(String.valueOf(name), ((Number) weight).intValue()));
        doubleeleven.routing.Unit weighted =
                new doubleeleven.routing.Unit(UNIT, unit.region(), unit.standby(), 0, weights);
        String id = Stream.generate(() -> unique("customer"))
                .filter(name -> unit.owns(Shard.of(name)))
                .filter(name -> RoutingRule.colourFor(name, weighted).equals(colour))
                .findFirst()
                .orElseThrow();
        return Payer.with(id, 1000);
    }

    /** Notifications of the unit's payments that wait to be looked at again. */
    private long held() {
        SqsClient sqs = STACK.sqs(unit.region());
        return Stream.of("a", "b")
                .map(colour -> "double11-" + unit.name().toLowerCase(Locale.ROOT) + "-" + colour + "-notifications")
                .map(queue ->
                        sqs.getQueueUrl(request -> request.queueName(queue)).queueUrl())
                .mapToLong(url -> Long.parseLong(sqs.getQueueAttributes(request -> request.queueUrl(url)
                                .attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
                        .attributes()
                        .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED)))
                .sum();
    }

    private static long version() {
        return OPERATOR.get(RULE).integer("version");
    }

    private static Answer publish(Map<String, Object> document) {
        return OPERATOR.post(RULE, publication(document, version()));
    }

    private static Map<String, Object> firstIn(String region, Map<String, Object> document) {
        Map<String, Object> body = publication(document, version());
        body.put("first", Map.of("region", region, "percent", 100));
        return body;
    }

    private static Map<String, Object> publication(Map<String, Object> document, long expectedVersion) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("document", document);
        body.put("expectedVersion", expectedVersion);
        body.put("reason", "a drill");
        return body;
    }

    @SuppressWarnings("unchecked") // jackson-jr makes every JSON object a Map<String, Object>
    private static List<Map<String, Object>> units(Map<String, Object> document) {
        return (List<Map<String, Object>>) document.getOrDefault("units", List.of());
    }

    private static int indexOf(String name) {
        return units(FIRST.document()).stream()
                .map(fields -> fields.get("name"))
                .toList()
                .indexOf(name);
    }

    /** The document that was in force at first, with another unit of that name. */
    private static Map<String, Object> changed(String name, UnaryOperator<Map<String, Object>> change) {
        Map<String, Object> document = new LinkedHashMap<>(FIRST.document());
        List<Map<String, Object>> units = new ArrayList<>(units(document));
        units.replaceAll(fields -> name.equals(fields.get("name")) ? change.apply(fields) : fields);
        document.put("units", units);
        return document;
    }

    private static Map<String, Object> with(Map<String, Object> fields, String name, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(fields);
        changed.put(name, value);
        return changed;
    }

    /** The document with that shard at the other unit. */
    private static Map<String, Object> moved(Shard shard) {
        Map<String, Object> document = changed(UNIT, fields -> {
            List<String> ranges = Unit.named(UNIT).shards().stream()
                    .filter(number -> number != shard.number())
                    .map(number -> new Shard(number) + "-" + new Shard(number))
                    .toList();
            return with(fields, "shards", ranges);
        });
        List<Map<String, Object>> units = new ArrayList<>(units(document));
        units.replaceAll(fields -> {
            if (!OTHER.equals(fields.get("name"))) {
                return fields;
            }
            List<Object> ranges = new ArrayList<>((List<?>) fields.getOrDefault("shards", List.of()));
            ranges.add(shard + "-" + shard);
            return with(fields, "shards", ranges);
        });
        document.put("units", units);
        return document;
    }
}
