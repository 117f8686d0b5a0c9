package doubleeleven.it.blackbox;

import static doubleeleven.it.blackbox.World.CURRENCY;
import static doubleeleven.it.blackbox.World.OPERATOR;
import static doubleeleven.it.blackbox.World.unique;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.Project;
import doubleeleven.it.blackbox.World.Payer;
import doubleeleven.it.blackbox.World.Shop;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Api;
import doubleeleven.it.client.Customer;
import doubleeleven.it.client.Payments;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/** Every limit that the API's document states is kept, field by field, and whoever breaks one is told which. */
final class BadRequestIT {
    private static final long BALANCE = 10_000;
    private static final String NOBODY = unique("nobody");
    private static Shop shop;
    private static Payer payer;
    private static String paid;
    private static Map<String, Object> document;

    @BeforeAll
    static void open() throws IOException {
        document = new Yaml().load(Files.readString(Project.root().resolve("functions/gateway/openapi.yaml")));
        shop = Shop.open();
        payer = Payer.with(BALANCE);
        Answer answer = shop.pay(payer, unique("order"), 100);
        paid = answer.text("id");
        shop.settled(paid, "SUCCEEDED");
    }

    @AfterAll
    static void nothingChanged() {
        assertThat(payer.available()).isEqualTo(BALANCE - 100);
        assertThat(payer.held()).isZero();
        assertThat(OPERATOR.get("/customers/" + payer.id() + "/accounts").objects("accounts"))
                .hasSize(1);
        assertThat(OPERATOR.get("/customers/" + NOBODY + "/accounts").status()).isEqualTo(404);
        assertThat(OPERATOR.get("/merchants/" + NOBODY + "/balance").status()).isEqualTo(404);
        assertThat(shop.payment(paid).integer("refundable")).isEqualTo(100);
    }

    /** A call that is right, to be made wrong in one field after another. */
    private record Call(String template, String path, Api api, Map<String, Object> body) {}

    private static List<Call> calls() {
        Customer customer = Customer.of(NOBODY);
        Map<String, Object> payment = Payments.withCoupon(shop.payment(payer, unique("order"), 50), "GIFT", 20);
        return List.of(
                new Call("/payments", "/payments", shop.api(), payment),
                new Call(
                        "/payments",
                        "/payments",
                        shop.api(),
                        Payments.shared(
                                payer.customer(),
                                shop.id(),
                                unique("order"),
                                CURRENCY,
                                List.of(Payments.share(shop.id(), 20), Payments.share(NOBODY, 30)))),
                new Call(
                        "/payments/{id}/refunds",
                        "/payments/" + paid + "/refunds",
                        shop.api(),
                        Payments.refund(unique("refund"), shop.id(), 10)),
                new Call(
                        "/transfers",
                        "/transfers",
                        OPERATOR,
                        Payments.transfer(payer.customer(), NOBODY, unique("transfer"), 5, CURRENCY)),
                new Call("/customers", "/customers", OPERATOR, customer.opening(CURRENCY, 5)),
                new Call(
                        "/customers/{customer}/top-ups",
                        "/customers/" + payer.id() + "/top-ups",
                        OPERATOR,
                        Map.of("reference", unique("ref"), "amount", 5, "currency", CURRENCY)),
                new Call(
                        "/customers/{customer}/coupons",
                        "/customers/" + payer.id() + "/coupons",
                        OPERATOR,
                        Map.of(
                                "coupon",
                                "GIFT",
                                "amount",
                                5,
                                "currency",
                                CURRENCY,
                                "expiresAt",
                                "2099-11-11T00:00:00Z")),
                new Call(
                        "/customers/{customer}/mandates",
                        "/customers/" + payer.id() + "/mandates",
                        shop.api(),
                        Map.of("token", payer.customer().mandate(shop.id(), CURRENCY, 5, 5, "m"))),
                new Call(
                        "/merchants",
                        "/merchants",
                        OPERATOR,
                        Map.of("merchant", NOBODY, "currency", CURRENCY, "buckets", 1)),
                new Call(
                        "/merchants/{merchant}/top-ups",
                        "/merchants/" + shop.id() + "/top-ups",
                        OPERATOR,
                        Map.of("reference", unique("ref"), "amount", 5, "currency", CURRENCY)),
                new Call(
                        "/operations/payments/{id}/retry",
                        "/operations/payments/" + paid + "/retry",
                        OPERATOR,
                        Map.of("reason", "to see")),
                new Call(
                        "/operations/payments/{id}/decision",
                        "/operations/payments/" + paid + "/decision",
                        OPERATOR,
                        Map.of("decision", "ABORT", "reason", "to see")),
                new Call(
                        "/operations/dead-letters/{queue}/redrive",
                        "/operations/dead-letters/double11-relay-dlq/redrive",
                        OPERATOR,
                        Map.of("reason", "to see", "most", 1)));
    }

    /** Limits of the addresses that take parameters, which have no body. */
    @ParameterizedTest
    @CsvSource({
        "/operations/payments?state=all, state",
        "/operations/payments?unit=RZ99, unit",
        "/operations/payments?limit=0, limit",
        "/operations/payments?limit=101, limit",
        "/operations/payments?limit=ten, limit",
        "/operations/payments?limit=1&limit=2, limit",
        "/operations/payments?next=nowhere, next",
        "/operations/payments?colour=a, colour",
        "/operations/dead-letters?limit=1, limit",
        "/operations/dead-letters/double11-relay-dlq?limit=11, limit"
    })
    void everyLimitOfEveryParameterIsKeptAndTheParameterNamed(String address, String parameter) {
        Answer answer = OPERATOR.get(address);

        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.wrongFields()).containsExactly(parameter);
    }

    @TestFactory
    Stream<DynamicTest> everyLimitOfEveryFieldIsKeptAndTheFieldNamed() {
        return calls().stream().flatMap(call -> {
            List<Wrong> wrongs = new ArrayList<>();
            spoil("", schemaOf(call.template()), call.body(), wrongs);
            return wrongs.stream()
                    .map(wrong -> DynamicTest.dynamicTest(
                            call.template() + ": " + wrong.field() + " " + wrong.what(), () -> refused(call, wrong)));
        });
    }

    private static void refused(Call call, Wrong wrong) {
        Answer answer = call.api().post(call.path(), wrong.body(), unique("key"));

        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.problem()).isEqualTo("invalid-request");
        assertThat(answer.wrongFields()).contains(wrong.field());
        assertThat(answer.header("Content-Type").orElse("")).startsWith("application/problem+json");
    }

    @Test
    void everyCallThatMovesMoneyNeedsAnIdempotencyKey() {
        for (Call call : calls()) {
            boolean movesMoney = call.template().matches(".*(payments|refunds|transfers|top-ups)");
            if (movesMoney) {
                Answer answer = call.api().post(call.path(), call.body());
                assertThat(answer.status()).as(answer.text()).isEqualTo(400);
                assertThat(answer.wrongFields()).containsExactly("Idempotency-Key");
            }
        }
    }

    @Test
    void whatIsNoJsonObjectIsMalformed() {
        for (String body : List.of("", "nonsense", "[]", "{\"amount\":1,", "{\"amount\":1,\"amount\":2}", "{} {}")) {
            for (Call call : calls()) {
                Answer answer = call.api().postText(call.path(), body, unique("key"));
                assertThat(answer.status())
                        .as(call.template() + " " + body + ": " + answer.text())
                        .isEqualTo(400);
            }
        }
    }

    @Test
    void sourcesMustBeDistinctAndSumToTheAmount() {
        Map<String, Object> body = shop.payment(payer, unique("order"), 50);
        Map<String, Object> balance = Map.of("type", "BALANCE", "amount", 25);

        Map<String, Object> more = Map.of("type", "BALANCE", "amount", 26);

        for (List<?> sources : List.of(List.of(balance), List.of(balance, balance), List.of(balance, more))) {
            Answer answer = shop.pay(with(body, "sources", sources), unique("key"));
            assertThat(answer.status()).as(answer.text()).isEqualTo(422);
            assertThat(answer.wrongFields()).containsExactly("sources");
        }
    }

    @Test
    void anotherCurrencyThanTheMerchantsIsRefused() {
        String order = unique("order");
        Answer answer = shop.pay(Payments.signed(payer.customer(), shop.id(), order, 50, "EUR"), unique("key"));

        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.wrongFields()).containsExactly("currency");
    }

    /** A body that is wrong in one field. */
    private record Wrong(String field, String what, Map<String, Object> body) {}

    private static void spoil(String prefix, Map<String, Object> schema, Map<String, Object> body, List<Wrong> wrongs) {
        wrongs.add(new Wrong(prefix + "surprise", "unknown", with(body, "surprise", 1)));
        List<?> required = schema.get("required") instanceof List<?> names ? names : List.of();
        object(schema, "properties").forEach((name, ignored) -> {
            String field = prefix + name;
            Map<String, Object> property = resolve(object(object(schema, "properties"), name));
            if (required.contains(name)) {
                Map<String, Object> without = new LinkedHashMap<>(body);
                without.remove(name);
                wrongs.add(new Wrong(field, "missing", without));
            }
            if (body.containsKey(name)) {
                spoilValue(field, name, property, body, wrongs);
            }
        });
    }

    private static void spoilValue(
            String field, String name, Map<String, Object> property, Map<String, Object> body, List<Wrong> wrongs) {
        wrongs.add(new Wrong(field, "null", with(body, name, null)));
        switch (String.valueOf(property.get("type"))) {
            case "string" -> {
                wrongs.add(new Wrong(field, "a number", with(body, name, 5)));
                wrongs.add(new Wrong(field, "of wrong characters", with(body, name, "a b\u00e9")));
                if (property.get("minLength") instanceof Integer) {
                    wrongs.add(new Wrong(field, "empty", with(body, name, "")));
                }
                if (property.get("maxLength") instanceof Integer most) {
                    wrongs.add(new Wrong(field, "too long", with(body, name, "A".repeat(most + 1))));
                }
            }
            case "integer" -> {
                wrongs.add(new Wrong(field, "a text", with(body, name, "5")));
                wrongs.add(new Wrong(field, "a fraction", with(body, name, 1.5)));
                long least = ((Number) property.getOrDefault("minimum", 0)).longValue();
                wrongs.add(new Wrong(field, "too small", with(body, name, least - 1)));
                long most = ((Number) property.getOrDefault("maximum", Long.MAX_VALUE - 1)).longValue();
                wrongs.add(new Wrong(field, "too large", with(body, name, most + 1)));
            }
            case "array" -> {
                wrongs.add(new Wrong(field, "no list", with(body, name, "x")));
                wrongs.add(new Wrong(field, "an empty list", with(body, name, List.of())));
                if (property.get("maxItems") instanceof Integer most && body.get(name) instanceof List<?> list) {
                    wrongs.add(new Wrong(
                            field,
                            "too long a list",
                            with(body, name, Collections.nCopies(most + 1, list.getFirst()))));
                    List<Wrong> inner = new ArrayList<>();
                    spoil(field + "[0].", resolve(object(property, "items")), element(list), inner);
                    inner.forEach(wrong -> {
                        List<Object> changed = new ArrayList<>(list);
                        changed.set(0, wrong.body());
                        wrongs.add(new Wrong(wrong.field(), wrong.what(), with(body, name, changed)));
                    });
                }
            }
            default -> {
                wrongs.add(new Wrong(field, "no object", with(body, name, "x")));
                // What is missing in it is named where it may not be missing.
                String missing = property.get("required") instanceof List<?> names ? "." + names.getFirst() : "";
                wrongs.add(new Wrong(field + missing, "an empty object", with(body, name, Map.of())));
                List<Wrong> inner = new ArrayList<>();
                spoil(field + ".", property, object(body, name), inner);
                inner.forEach(
                        wrong -> wrongs.add(new Wrong(wrong.field(), wrong.what(), with(body, name, wrong.body()))));
            }
        }
    }

    private static Map<String, Object> with(Map<String, Object> body, String name, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(body);
        changed.put(name, value);
        return changed;
    }

    private static Map<String, Object> schemaOf(String path) {
        Map<String, Object> node = document;
        for (String name : List.of("paths", path, "post", "requestBody", "content", "application/json", "schema")) {
            node = object(node, name);
        }
        return resolve(node);
    }

    private static Map<String, Object> resolve(Map<String, Object> schema) {
        if (schema.get("$ref") instanceof String reference) {
            String name = reference.substring(reference.lastIndexOf('/') + 1);
            return object(object(object(document, "components"), "schemas"), name);
        }
        return schema;
    }

    @SuppressWarnings("unchecked") // objects of YAML and JSON have text keys
    private static Map<String, Object> object(Map<String, Object> node, String name) {
        return node.get(name) instanceof Map<?, ?> found ? (Map<String, Object>) found : Map.of();
    }

    @SuppressWarnings("unchecked") // the lists of the bodies above hold objects
    private static Map<String, Object> element(List<?> list) {
        return (Map<String, Object>) list.getFirst();
    }
}
