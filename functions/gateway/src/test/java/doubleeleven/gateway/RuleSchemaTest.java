package doubleeleven.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import doubleeleven.aws.Json;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.gateway.FieldCases.Case;
import doubleeleven.routing.RuleDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The JSON Schema of the routing rule, the API's document and the reader of what is published say the same. */
class RuleSchemaTest {
    private static final String TEXT = read(Path.of("routing-rule.schema.json"));
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12,
                    builder -> builder.schemaRegistryConfig(SchemaRegistryConfig.builder()
                            .regularExpressionFactory(RuleSchemaTest::asInEcmaScript)
                            .build()))
            .getSchema(TEXT, InputFormat.JSON);
    private static final ApiDocument API = ApiDocument.read();

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** There a dollar is the end; here a line may end after it. */
    private static com.networknt.schema.regex.RegularExpression asInEcmaScript(String regex) {
        Pattern pattern = Pattern.compile(regex.replaceFirst("\\$$", "\\\\z"));
        return value -> pattern.matcher(value).find();
    }

    private static boolean isValid(String document) {
        return SCHEMA.validate(document, InputFormat.JSON).isEmpty();
    }

    @Test
    void theApisDocumentHasTheSameShape() {
        Map<String, Object> schema = Json.object(TEXT);

        assertThat(schema).containsEntry("$schema", "https://json-schema.org/draft/2020-12/schema");
        assertThat(shape(schema)).isEqualTo(shape(API.schema("RoutingRuleDocument")));
    }

    @TestFactory
    Stream<DynamicTest> whatTheSchemaRefusesIsWhatTheReaderRefuses() {
        return FieldCases.of(API, API.schema("RoutingRuleDocument")).stream()
                // To a schema 12.0 is an integer: it knows values, not how they are written.
                .filter(each ->
                        !each.name().endsWith("exponent") && !each.name().endsWith("whole fraction"))
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> check(each)));
    }

    private static void check(Case each) {
        String document = ApiDocumentTest.written(each.body());
        boolean taken = StrictJson.object(document).then(json -> Fields.read(json, RuleRequests::draft))
                instanceof Checked.Passed<?>;

        assertThat(taken).as(document).isEqualTo(each.accepted());
        assertThat(isValid(document)).as(document).isEqualTo(each.accepted());
    }

    @Test
    void whatIsDeployedFirstKeepsToTheSchema() {
        for (String topology : List.of("sandbox", "production")) {
            String json = read(Path.of("../../cdk/topologies", topology + ".json"));

            assertThat(isValid(Json.write(RuleDocument.of(RoutingDocument.read(json)))))
                    .as(topology)
                    .isTrue();
        }
    }

    /** What counts of a JSON Schema. */
    private static Map<String, Object> shape(Map<String, Object> schema) {
        Map<String, Object> shape = new LinkedHashMap<>();
        schema.forEach((keyword, value) -> {
            switch (keyword) {
                case "properties" -> {
                    Map<String, Object> properties = new LinkedHashMap<>();
                    Json.child(schema, keyword)
                            .forEach((name, property) ->
                                    properties.put(name, shape(Json.child(Json.child(schema, keyword), name))));
                    shape.put(keyword, properties);
                }
                case "items" -> shape.put(keyword, shape(Json.child(schema, keyword)));
                case "required" -> shape.put(keyword, new TreeSet<>(Json.texts(schema, keyword)));
                case "additionalProperties" -> assertThat(value).isEqualTo(false);
                case "$schema", "$id", "title", "description" -> {}
                default -> shape.put(keyword, value.toString());
            }
        });
        return shape;
    }

    private static Map<String, Object> shape(io.swagger.v3.oas.models.media.Schema<?> declared) {
        io.swagger.v3.oas.models.media.Schema<?> schema = API.resolved(declared);
        Map<String, Object> shape = new LinkedHashMap<>();
        put(shape, "type", schema.getType());
        put(shape, "minimum", schema.getMinimum());
        put(shape, "maximum", schema.getMaximum());
        put(shape, "minLength", schema.getMinLength());
        put(shape, "maxLength", schema.getMaxLength());
        put(shape, "pattern", schema.getPattern());
        put(shape, "enum", schema.getEnum());
        put(shape, "minItems", schema.getMinItems());
        put(shape, "maxItems", schema.getMaxItems());
        if (schema.getRequired() != null) {
            shape.put("required", new TreeSet<>(schema.getRequired()));
        }
        if (schema.getProperties() != null) {
            Map<String, Object> properties = new LinkedHashMap<>();
            schema.getProperties().forEach((name, property) -> properties.put(name, shape(property)));
            shape.put("properties", properties);
        }
        if (schema.getItems() != null) {
            shape.put("items", shape(schema.getItems()));
        }
        return shape;
    }

    private static void put(Map<String, Object> shape, String keyword, Object value) {
        if (value != null) {
            shape.put(keyword, value instanceof BigDecimal number ? number.toPlainString() : value.toString());
        }
    }
}
