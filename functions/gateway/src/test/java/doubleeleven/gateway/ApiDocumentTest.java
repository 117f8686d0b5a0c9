package doubleeleven.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import doubleeleven.aws.Json;
import doubleeleven.gateway.Checked.Passed;
import doubleeleven.gateway.Checked.Refused;
import doubleeleven.ids.PaymentId;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The document and the code say the same. */
class ApiDocumentTest {
    private static final Path API_GATEWAYS_OWN =
            Path.of("../../cdk/src/main/java/doubleeleven/cdk/construct/OpenApi.java");

    private static final ApiDocument DOCUMENT = ApiDocument.read();

    private static final Map<String, Function<Map<String, Object>, Checked<?>>> READERS = Map.ofEntries(
            Map.entry("PaymentRequest", PaymentRequest::read),
            Map.entry("RefundRequest", RefundRequest::read),
            Map.entry("TransferRequest", TransferRequest::read),
            Map.entry("RepaymentRequest", RepaymentRequest::read),
            Map.entry("ApplicationRequest", ApplicationRequest::read),
            Map.entry("LimitRequest", OperationsRequests.Limit::read),
            Map.entry("VerdictRequest", OperationsRequests.Verdict::read),
            Map.entry("TopUpRequest", TopUpRequest::read),
            Map.entry("CustomerRequest", OpeningRequests.Customer::read),
            Map.entry("CouponRequest", OpeningRequests.Coupon::read),
            Map.entry("MandateRequest", OpeningRequests.Mandate::read),
            Map.entry("MerchantRequest", OpeningRequests.Merchant::read),
            Map.entry("RetryRequest", OperationsRequests.Retry::read),
            Map.entry("DecisionRequest", OperationsRequests.Forced::read),
            Map.entry("RedriveRequest", OperationsRequests.Redrive::read));

    /** A body that the document accepts or refuses because of one field. */
    private record Case(String name, Map<String, Object> body, String field, boolean accepted) {}

    @Test
    void versionIsWhatApiGatewayImports() throws IOException {
        assertThat(DOCUMENT.api().getOpenapi()).isEqualTo("3.0.3");
        assertThat(DOCUMENT.api().getComponents().getSchemas().keySet()).allMatch(name -> name.matches("[A-Za-z0-9]+"));
        assertThat(Files.readString(ApiDocument.FILE))
                .doesNotContain("oneOf", "anyOf", "discriminator", "nullable", "exclusiveM", "readOnly", "x-amazon");
    }

    @Test
    void routesAndPathsAreTheSame() {
        Set<String> documented = new HashSet<>();
        DOCUMENT.api()
                .getPaths()
                .forEach((path, item) ->
                        item.readOperationsMap().keySet().forEach(method -> documented.add(method + " " + path)));

        assertThat(Arrays.stream(Route.values()).map(route -> route.method() + " " + route.path()))
                .containsExactlyInAnyOrderElementsOf(documented);
    }

    @Test
    void everyCallIsSecuredAndCallsThatMoveMoneyNeedAKey() {
        for (Route route : Route.values()) {
            Operation operation = operation(route);
            assertThat(operation.getSecurity()).as(route.name()).hasSize(1);
            assertThat(operation.getResponses()).as(route.name()).containsKeys("401", "403", "500");
            boolean key = parameters(operation).stream()
                    .anyMatch(parameter -> parameter.getName().equals("Idempotency-Key") && parameter.getRequired());
            assertThat(key).as(route.name()).isEqualTo(route.movesMoney());
            assertThat(operation.getRequestBody() != null).as(route.name()).isEqualTo(route.takesBody());
        }
    }

    private static List<Parameter> parameters(Operation operation) {
        return operation.getParameters() == null ? List.of() : operation.getParameters();
    }

    private static Operation operation(Route route) {
        return DOCUMENT.api()
                .getPaths()
                .get(route.path())
                .readOperationsMap()
                .get(io.swagger.v3.oas.models.PathItem.HttpMethod.valueOf(route.method()));
    }

    @Test
    void documentListsTheProblemsOfTheGatewayAndOfApiGatewayAndNoOthers() throws IOException {
        Set<String> answered = new HashSet<>();
        Arrays.stream(ProblemType.values()).map(ProblemType::uri).forEach(answered::add);
        Matcher apiGateways = Pattern.compile("problem\\(\\s*problems,\\s*\"\\w+\",\\s*\\w+,\\s*\"([a-z-]+)\"")
                .matcher(Files.readString(API_GATEWAYS_OWN));
        while (apiGateways.find()) {
            answered.add("urn:double-eleven:problem:" + apiGateways.group(1));
        }
        assertThat(answered).contains("urn:double-eleven:problem:outcome-unknown");

        Schema<?> type = DOCUMENT.schema("Problem").getProperties().get("type");
        assertThat(type.getEnum().stream().map(String::valueOf)).containsExactlyInAnyOrderElementsOf(answered);
    }

    @Test
    void descriptionsNameOnlyProblemsThatThereAre() {
        Set<String> types = new HashSet<>();
        Arrays.stream(ProblemType.values())
                .forEach(type -> types.add(type.uri().substring(type.uri().lastIndexOf(':') + 1)));
        Set<String> named = new HashSet<>();
        for (Route route : Route.values()) {
            operation(route).getResponses().forEach((status, response) -> {
                if (status.startsWith("4") || status.startsWith("5")) {
                    Matcher name = Pattern.compile("([a-z]+(?:-[a-z]+)*): ").matcher(response.getDescription());
                    while (name.find()) {
                        named.add(name.group(1));
                    }
                }
            });
        }

        named.remove("started");
        assertThat(named).isSubsetOf(types);
        types.removeAll(List.of("method-not-allowed"));
        assertThat(named).containsAll(types);
    }

    @Test
    void dispatchLeavesTheFunctionTimeToAnswer() {
        // The function is given 25 s; what is read before takes milliseconds.
        assertThat(Dispatcher.LONGEST).isLessThanOrEqualTo(Duration.ofSeconds(22));
    }

    @Test
    void everyRequestSchemaHasItsReader() {
        Set<String> used = new HashSet<>();
        for (Route route : Route.values()) {
            if (operation(route).getRequestBody() != null) {
                String reference = operation(route)
                        .getRequestBody()
                        .getContent()
                        .get("application/json")
                        .getSchema()
                        .get$ref();
                used.add(reference.substring(reference.lastIndexOf('/') + 1));
            }
        }
        assertThat(READERS.keySet()).isEqualTo(used);
    }

    @Test
    void idempotencyKeysHaveTheDocumentsLimits() {
        Schema<?> schema = parameters(operation(Route.PAY)).stream()
                .filter(parameter -> parameter.getName().equals("Idempotency-Key"))
                .findFirst()
                .orElseThrow()
                .getSchema();
        for (String key : List.of("", "k", "k".repeat(255), "k".repeat(256), "ü", "a\tb", "a b")) {
            boolean documented = key.length() >= schema.getMinLength()
                    && key.length() <= schema.getMaxLength()
                    && Pattern.matches(schema.getPattern(), key);
            assertThat(Text.IDEMPOTENCY_KEY.accepts(key)).as(key).isEqualTo(documented);
        }
    }

    @Test
    void documentedIdsArePaymentIds() {
        for (Route route : List.of(Route.PAYMENT, Route.REFUND, Route.REFUND_STATE, Route.TRANSFER_STATE)) {
            Parameter id = parameters(operation(route)).getFirst();
            assertThat(PaymentId.parse(id.getExample().toString())).isPresent();
            assertThat(id.getExample().toString()).matches(id.getSchema().getPattern());
        }
    }

    @TestFactory
    Stream<DynamicTest> everyBoundaryOfEveryFieldIsTheSame() {
        return READERS.keySet().stream().sorted().flatMap(name -> {
            List<Case> cases = new ArrayList<>();
            Map<String, Object> example = example(DOCUMENT.schema(name));
            cases.add(new Case("example", example, "", true));
            mutate(DOCUMENT.schema(name), example, "", body -> body, cases);
            return cases.stream()
                    .map(each -> DynamicTest.dynamicTest(name + ": " + each.name(), () -> check(name, each)));
        });
    }

    /** With its null fields, which the writer of answers leaves out. */
    private static String written(Object body) {
        try {
            return JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void check(String name, Case each) {
        Checked<?> read = StrictJson.object(written(each.body()))
                .then(json -> cast(READERS.get(name).apply(json)));
        List<String> wrong = switch (read) {
            case Passed<?> passed -> List.of();
            case Refused<?>(Problem problem) ->
                problem.errors().stream().map(FieldError::field).toList();
        };
        if (each.field().isEmpty()) {
            assertThat(wrong).isEmpty();
        } else if (each.accepted()) {
            assertThat(wrong).doesNotContain(each.field());
        } else {
            assertThat(wrong).contains(each.field());
        }
    }

    @SuppressWarnings("unchecked")
    private static Checked<Object> cast(Checked<?> checked) {
        return (Checked<Object>) checked;
    }

    /** The examples of all properties, or of as many as an object may have. */
    private static Map<String, Object> example(Schema<?> declared) {
        Schema<?> schema = DOCUMENT.resolved(declared);
        Map<String, Object> object = new LinkedHashMap<>();
        schema.getProperties().forEach((name, property) -> {
            if (schema.getMaxProperties() == null || object.size() < schema.getMaxProperties()) {
                Schema<?> resolved = DOCUMENT.resolved(property);
                object.put(
                        name, "object".equals(resolved.getType()) ? example(resolved) : plain(resolved.getExample()));
            }
        });
        return object;
    }

    /** The parser gives examples of lists as JSON trees. */
    private static Object plain(Object example) {
        return example instanceof com.fasterxml.jackson.databind.JsonNode node
                ? Json.object("{\"x\":" + node + "}").get("x")
                : example;
    }

    private static void mutate(
            Schema<?> schema,
            Map<String, Object> example,
            String prefix,
            Function<Map<String, Object>, Map<String, Object>> inPlace,
            List<Case> cases) {
        cases.add(new Case(
                prefix + "unknown field", inPlace.apply(with(example, "unknown", 1)), prefix + "unknown", false));
        schema.getProperties().forEach((name, declared) -> {
            if (!example.containsKey(name)) {
                return;
            }
            Schema<?> property = DOCUMENT.resolved(declared);
            String field = prefix + name;
            boolean required =
                    schema.getRequired() != null && schema.getRequired().contains(name);
            // Which source names a coupon is a rule between fields, told in words.
            if (!field.endsWith(".coupon") && schema.getMinProperties() == null) {
                cases.add(new Case(field + " missing", inPlace.apply(without(example, name)), field, !required));
            }
            values(property, example.get(name))
                    .forEach((what, value) -> cases.add(new Case(
                            field + " " + what,
                            inPlace.apply(with(example, name, value)),
                            field,
                            what.startsWith("good"))));
            if ("object".equals(property.getType())) {
                nested(
                        property,
                        castMap(example.get(name)),
                        field,
                        body -> inPlace.apply(with(example, name, body)),
                        cases);
            } else if ("array".equals(property.getType())) {
                elements(
                        property,
                        (List<?>) example.get(name),
                        field,
                        list -> inPlace.apply(with(example, name, list)),
                        cases);
            }
        });
    }

    private static void nested(
            Schema<?> schema,
            Map<String, Object> example,
            String field,
            Function<Map<String, Object>, Map<String, Object>> inPlace,
            List<Case> cases) {
        mutate(schema, example, field + ".", inPlace, cases);
        if (schema.getMaxProperties() != null) {
            Map<String, Object> all = new LinkedHashMap<>();
            schema.getProperties().forEach((name, property) -> all.put(name, property.getExample()));
            cases.add(new Case(field + " with too much", inPlace.apply(all), field, false));
            cases.add(new Case(field + " with too little", inPlace.apply(Map.of()), field, false));
            all.forEach((name, value) ->
                    cases.add(new Case(field + " with " + name, inPlace.apply(Map.of(name, value)), field, true)));
        }
    }

    private static void elements(
            Schema<?> schema,
            List<?> example,
            String field,
            Function<List<Object>, Map<String, Object>> inPlace,
            List<Case> cases) {
        int last = example.size() - 1;
        Function<Object, Map<String, Object>> replaced = element -> {
            List<Object> list = new ArrayList<>(example);
            list.set(last, element);
            return inPlace.apply(list);
        };
        String place = field + "[" + last + "]";
        cases.add(new Case(place + " of another type", replaced.apply("x"), place, false));
        cases.add(new Case(place + " null", replaced.apply(null), place, false));
        mutate(DOCUMENT.resolved(schema.getItems()), castMap(example.get(last)), place + ".", replaced::apply, cases);
    }

    /** Values of one property by what they are; those that begin with "good" are accepted. */
    private static Map<String, Object> values(Schema<?> schema, Object example) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("null", null);
        values.put("boolean", true);
        switch (schema.getType()) {
            case "integer" -> {
                BigDecimal min = schema.getMinimum();
                BigDecimal max = schema.getMaximum();
                values.put("good minimum", min.toBigInteger());
                values.put("good maximum", max.toBigInteger());
                values.put("below minimum", min.subtract(BigDecimal.ONE).toBigInteger());
                values.put("above maximum", max.add(BigDecimal.ONE).toBigInteger());
                values.put("beyond 64 bits", max.toBigInteger().shiftLeft(70));
                values.put("fraction", new BigDecimal("12.5"));
                values.put("whole fraction", new BigDecimal("12.0"));
                values.put("exponent", new BigDecimal("1E+1"));
                values.put("text", "12");
            }
            case "string" -> texts(schema, (String) example, values);
            case "array" -> {
                Object first = ((List<?>) example).getFirst();
                values.put("object", Map.of());
                values.put("too few", Collections.nCopies(schema.getMinItems() - 1, Map.of()));
                values.put("too many", Collections.nCopies(schema.getMaxItems() + 1, first));
            }
            default -> values.put("text", "x");
        }
        return values;
    }

    private static void texts(Schema<?> schema, String example, Map<String, Object> values) {
        values.put("number", 1);
        values.put("empty", "");
        if (schema.getEnum() != null) {
            schema.getEnum().forEach(choice -> values.put("good choice " + choice, choice));
            values.put("no choice", "CASH");
            values.put(
                    "choice in another case",
                    schema.getEnum().getFirst().toString().toLowerCase(java.util.Locale.ROOT));
            return;
        }
        String longest =
                example + example.substring(example.length() - 1).repeat(schema.getMaxLength() - example.length());
        values.put("good example", example);
        values.put("too long", longest + longest.charAt(longest.length() - 1));
        values.put("against the pattern", " " + example.substring(1));
        values.put("with a line after it", example + "\n");
        if (longest.matches(schema.getPattern())) {
            values.put("good longest", longest);
        }
        String shortest = "a".repeat(schema.getMinLength());
        if (shortest.matches(schema.getPattern()) && schema.getMinLength() < schema.getMaxLength()) {
            values.put("good shortest", shortest);
        }
        if (schema.getMinLength() > 1) {
            values.put("too short", example.substring(0, schema.getMinLength() - 1));
        }
    }

    private static Map<String, Object> with(Map<String, Object> object, String name, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(object);
        changed.put(name, value);
        return changed;
    }

    private static Map<String, Object> without(Map<String, Object> object, String name) {
        Map<String, Object> changed = new LinkedHashMap<>(object);
        changed.remove(name);
        return changed;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> castMap(Object object) {
        return (Map<String, Object>) object;
    }
}
