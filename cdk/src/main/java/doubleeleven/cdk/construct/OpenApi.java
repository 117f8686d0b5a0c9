package doubleeleven.cdk.construct;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The API's document with what API Gateway needs to serve it: the integration of every operation, and answers of its own in the format of
 * RFC 9457, of types that the document lists.
 */
public final class OpenApi {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch", "head", "options");
    private static final String PREFIX = "urn:double-eleven:problem:";
    private static final String PROBLEM = "'application/problem+json'";

    private OpenApi() {}

    /**
     * Completes a document.
     *
     * @param yaml OpenAPI 3.0 as the gateway's module keeps it
     * @param integrationUri where API Gateway sends the calls of a path
     */
    public static Map<String, Object> forApiGateway(String yaml, UnaryOperator<String> integrationUri) {
        Map<String, Object> document =
                object(new Load(LoadSettings.builder().build()).loadFromString(yaml), "the document");
        Map<String, Object> paths = object(document.get("paths"), "paths");
        int operations = 0;
        for (Map.Entry<String, Object> path : paths.entrySet()) {
            Map<String, Object> methods = object(path.getValue(), path.getKey());
            Map<String, Object> integration = integration(integrationUri.apply(path.getKey()));
            for (String method : Set.copyOf(methods.keySet())) {
                if (METHODS.contains(method.toLowerCase(Locale.ROOT))) {
                    Map<String, Object> operation = object(methods.get(method), method + " " + path.getKey());
                    operation.put("x-amazon-apigateway-integration", integration);
                    methods.put(method, operation);
                    operations++;
                }
            }
            path.setValue(methods);
        }
        if (operations == 0) {
            throw new IllegalArgumentException("the OpenAPI document has no operations");
        }
        document.put("paths", paths);
        // No request validator: only the function can name the field or header, and what would be right, and a caller
        // is asked who it is
        // before it is told what is missing.
        Map<String, Object> problems = problems();
        requireListed(problems, document);
        document.put("x-amazon-apigateway-gateway-responses", problems);
        return document;
    }

    /** Callers are written against the document: an answer of a type that it does not list fails synthesis. */
    private static void requireListed(Map<String, Object> problems, Map<String, Object> document) {
        Map<String, Object> place = document;
        for (String name : List.of("components", "schemas", "Problem", "properties", "type")) {
            place = object(place.get(name), name);
        }
        if (!(place.get("enum") instanceof List<?> types)) {
            throw new IllegalArgumentException("the OpenAPI document is wrong: it lists no types of problems");
        }
        problems.forEach((response, problem) -> {
            String body = String.valueOf(object(object(problem, response).get("responseTemplates"), response)
                    .get("application/json"));
            if (types.stream().noneMatch(type -> body.contains("\"" + type + "\""))) {
                throw new IllegalArgumentException("the OpenAPI document does not list the problem of " + response);
            }
        });
    }

    private static Map<String, Object> integration(String uri) {
        Map<String, Object> integration = new LinkedHashMap<>();
        integration.put("type", "aws_proxy");
        integration.put("httpMethod", "POST");
        integration.put("uri", uri);
        integration.put("passthroughBehavior", "when_no_match");
        integration.put("timeoutInMillis", 29_000);
        return integration;
    }

    private static Map<String, Object> problems() {
        Map<String, Object> problems = new LinkedHashMap<>();
        problem(
                problems,
                "BAD_REQUEST_PARAMETERS",
                400,
                "malformed-request",
                "A required parameter is missing or malformed");
        problem(problems, "BAD_REQUEST_BODY", 400, "malformed-request", "The body is malformed");
        problem(problems, "UNAUTHORIZED", 401, "unauthorized", "Credentials are missing or wrong");
        problem(problems, "ACCESS_DENIED", 403, "forbidden", "The call is not allowed");
        problem(problems, "INVALID_SIGNATURE", 403, "forbidden", "The call is not allowed");
        problem(problems, "EXPIRED_TOKEN", 403, "forbidden", "The call is not allowed");
        // API Gateway takes an unknown path or method for a call that lacks a signature, and would say 403.
        problem(problems, "MISSING_AUTHENTICATION_TOKEN", 404, "not-found", "There is no such resource or method");
        problem(problems, "RESOURCE_NOT_FOUND", 404, "not-found", "There is no such resource");
        problem(problems, "REQUEST_TOO_LARGE", 413, "body-too-large", "The request is too large");
        problem(problems, "UNSUPPORTED_MEDIA_TYPE", 415, "unsupported-media-type", "The media type is not supported");
        problem(problems, "THROTTLED", 429, "too-many-requests", "Too many requests; slow down and repeat");
        problem(problems, "QUOTA_EXCEEDED", 429, "too-many-requests", "The quota is used up");
        problem(problems, "API_CONFIGURATION_ERROR", 500, "internal-error", "The API is misconfigured");
        problem(
                problems,
                "INTEGRATION_FAILURE",
                502,
                "outcome-unknown",
                "No answer; repeat with the same Idempotency-Key");
        problem(
                problems,
                "INTEGRATION_TIMEOUT",
                504,
                "outcome-unknown",
                "No answer in time; repeat with the same Idempotency-Key");
        // The status of the defaults is whatever the case at hand has, so the body cannot say it.
        problem(problems, "DEFAULT_4XX", null, "refused", "The call was refused");
        problem(
                problems,
                "DEFAULT_5XX",
                null,
                "internal-error",
                "The call failed; repeat with the same Idempotency-Key");
        return problems;
    }

    private static void problem(
            Map<String, Object> problems, String type, @Nullable Integer status, String slug, String title) {
        Map<String, Object> response = new LinkedHashMap<>();
        if (status != null) {
            response.put("statusCode", status);
        }
        response.put("responseParameters", Map.of("gatewayresponse.header.Content-Type", PROBLEM));
        String body = "{\"type\":\"" + PREFIX + slug + "\",\"title\":\"" + title + "\""
                + (status == null ? "" : ",\"status\":" + status)
                + ",\"detail\":$context.error.messageString"
                + ",\"instance\":\"$context.path\",\"traceId\":\"$context.xrayTraceId\"}";
        response.put("responseTemplates", Map.of("application/json", body));
        problems.put(type, response);
    }

    private static Map<String, Object> object(@Nullable Object value, String what) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("the OpenAPI document is wrong: " + what + " is not an object");
        }
        Map<String, Object> object = new LinkedHashMap<>();
        map.forEach((name, field) -> object.put(String.valueOf(name), field));
        return object;
    }
}
