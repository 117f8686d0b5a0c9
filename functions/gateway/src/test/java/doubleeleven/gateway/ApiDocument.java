package doubleeleven.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The API's document, and whether an answer keeps to it. */
public final class ApiDocument {
    static final Path FILE = Path.of("openapi.yaml");

    private final OpenAPI api;

    private ApiDocument(OpenAPI api) {
        this.api = api;
    }

    public static ApiDocument read() {
        ParseOptions options = new ParseOptions();
        SwaggerParseResult result = new OpenAPIV3Parser().readLocation(FILE.toString(), null, options);
        assertThat(result.getMessages()).as("faults of the document").isEmpty();
        return new ApiDocument(result.getOpenAPI());
    }

    OpenAPI api() {
        return api;
    }

    Schema<?> schema(String name) {
        return api.getComponents().getSchemas().get(name);
    }

    Schema<?> resolved(Schema<?> schema) {
        String reference = schema.get$ref();
        return reference == null ? schema : schema(reference.substring(reference.lastIndexOf('/') + 1));
    }

    /** Fails where a call under one of the document's paths was answered otherwise than the document says. */
    public void check(String method, String path, int status, Map<String, String> headers, Map<String, Object> body) {
        assertThat(headers).containsKeys("Content-Type", "traceparent");
        Optional<Operation> operation = operation(method, path);
        if (operation.isEmpty()) {
            assertThat(status).isIn(404, 405);
            checkValue("problem", schema("Problem"), body);
            return;
        }
        // An address whose variable part cannot be one is nowhere to be found; every operation may answer so.
        if (status == 404 && operation.get().getResponses().get("404") == null) {
            checkValue("problem", schema("Problem"), body);
            return;
        }
        ApiResponse response = operation.get().getResponses().get(Integer.toString(status));
        assertThat(response)
                .as("%s %s answers %d, says the document", method, path, status)
                .isNotNull();
        MediaType content = response.getContent().get(headers.get("Content-Type"));
        assertThat(content)
                .as("%s %s answers %s", method, path, headers.get("Content-Type"))
                .isNotNull();
        checkValue("body", content.getSchema(), body);
        assertThat(response.getHeaders().keySet())
                .containsAll(headers.keySet().stream()
                        .filter(name -> !name.equals("Content-Type"))
                        .toList());
    }

    private Optional<Operation> operation(String method, String path) {
        return api.getPaths().entrySet().stream()
                .filter(entry -> Pattern.matches(entry.getKey().replaceAll("\\{[a-z]+}", "[^/]+"), path))
                .map(entry -> entry.getValue().readOperationsMap().get(PathItem.HttpMethod.valueOf(method)))
                .filter(operation -> operation != null)
                .findFirst();
    }

    private void checkValue(String place, Schema<?> declared, Object value) {
        Schema<?> schema = resolved(declared);
        switch (schema.getType()) {
            case "object" -> {
                assertThat(value).as(place).isInstanceOf(Map.class);
                Map<?, ?> object = (Map<?, ?>) value;
                if (schema.getRequired() != null) {
                    assertThat(object.keySet().stream().map(String::valueOf))
                            .as(place)
                            .containsAll(schema.getRequired());
                }
                object.forEach((name, field) -> {
                    Schema<?> property = schema.getProperties().get(String.valueOf(name));
                    assertThat(property).as("%s.%s is documented", place, name).isNotNull();
                    checkValue(place + "." + name, property, field);
                });
            }
            case "array" -> {
                assertThat(value).as(place).isInstanceOf(List.class);
                ((List<?>) value).forEach(element -> checkValue(place + "[]", schema.getItems(), element));
            }
            case "integer" -> assertThat(value).as(place).isInstanceOfAny(Integer.class, Long.class);
            case "boolean" -> assertThat(value).as(place).isInstanceOf(Boolean.class);
            case "string" -> {
                assertThat(value).as(place).isInstanceOf(String.class);
                if (schema.getPattern() != null) {
                    assertThat((String) value).as(place).matches(schema.getPattern());
                }
                if (schema.getEnum() != null) {
                    assertThat(schema.getEnum().stream().map(String::valueOf))
                            .as(place)
                            .contains((String) value);
                }
            }
            default -> throw new AssertionError(place + " has type " + schema.getType());
        }
    }
}
