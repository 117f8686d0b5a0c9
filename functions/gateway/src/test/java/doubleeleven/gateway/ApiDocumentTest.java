package doubleeleven.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import doubleeleven.gateway.Checked.Passed;
import doubleeleven.gateway.Checked.Refused;
import doubleeleven.ids.PaymentId;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
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
            Map.entry("NotificationEndpointRequest", json -> EndpointRequest.read(json, false)),
            Map.entry("RetryRequest", OperationsRequests.Retry::read),
            Map.entry("DecisionRequest", OperationsRequests.Forced::read),
            Map.entry("PublicationRequest", RuleRequests.Publication::read),
            Map.entry("ReleaseRequest", ReleaseRequests.Beginning::read),
            Map.entry("ReleaseAnswerRequest", ReleaseRequests.Answer::read),
            Map.entry("RollbackRequest", RuleRequests.Rollback::read),
            Map.entry("SpreadRequest", RuleRequests.Spread::read),
            Map.entry("StressRunRequest", json -> StressRunRequest.read("eve", json, _ -> true)),
            Map.entry("StressTestRequest", StressTestDesk.Wish::read),
            Map.entry("StressTestStop", StressTestDesk.Stop::read),
            Map.entry("FailoverRequest", FailoverDesk.Wish::read),
            Map.entry("RedriveRequest", OperationsRequests.Redrive::read));

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
    void everyCallButTheDoorsHealthIsSecuredAndCallsThatMoveMoneyNeedAKey() {
        assertThat(Arrays.stream(Route.values()).filter(Route::needsNoKey)).containsExactly(Route.HEALTH);
        for (Route route : Route.values()) {
            Operation operation = operation(route);
            assertThat(operation.getSecurity()).as(route.name()).hasSize(route.needsNoKey() ? 0 : 1);
            if (route.needsNoKey()) {
                assertThat(operation.getResponses()).as(route.name()).doesNotContainKeys("401", "403");
            } else {
                assertThat(operation.getResponses()).as(route.name()).containsKeys("401", "403", "500");
            }
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
        return READERS.keySet().stream()
                .sorted()
                .flatMap(name -> FieldCases.of(DOCUMENT, DOCUMENT.schema(name)).stream()
                        .map(each -> DynamicTest.dynamicTest(name + ": " + each.name(), () -> check(name, each))));
    }

    /** With its null fields, which the writer of answers leaves out. */
    static String written(Object body) {
        try {
            return JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void check(String name, FieldCases.Case each) {
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
}
