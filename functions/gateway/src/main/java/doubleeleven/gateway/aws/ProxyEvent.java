package doubleeleven.gateway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import doubleeleven.aws.Json;
import doubleeleven.gateway.Answer;
import doubleeleven.gateway.Request;
import java.net.URLDecoder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events of API Gateway's REST proxy integration. */
final class ProxyEvent {
    private ProxyEvent() {}

    static Request request(Map<String, Object> event) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (event.get("headers") instanceof Map<?, ?> given) {
            given.forEach((name, value) -> headers.put(String.valueOf(name), String.valueOf(value)));
        }
        return new Request(Json.text(event, "httpMethod"), path(event), headers, query(event), body(event));
    }

    private static Map<String, List<String>> query(Map<String, Object> event) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        if (event.get("multiValueQueryStringParameters") instanceof Map<?, ?> given) {
            given.forEach((name, values) -> {
                if (values instanceof List<?> list) {
                    query.put(
                            String.valueOf(name),
                            list.stream().map(String::valueOf).toList());
                }
            });
        } else if (event.get("queryStringParameters") instanceof Map<?, ?> given) {
            given.forEach((name, value) -> query.put(String.valueOf(name), List.of(String.valueOf(value))));
        }
        return query;
    }

    static Map<String, Object> response(Answer answer) {
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("statusCode", answer.status());
        response.put("headers", answer.headers());
        response.put("body", Json.write(answer.body()));
        response.put("isBase64Encoded", false);
        return response;
    }

    /** The event of a call that goes on to another function; reading it gives the same request. */
    static Map<String, Object> event(Request request) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("httpMethod", request.method());
        event.put("path", request.path().replace("%", "%25"));
        event.put("headers", request.headers());
        event.put("multiValueQueryStringParameters", request.query());
        event.put("body", request.body());
        return event;
    }

    /** What that function answered. */
    static Answer answer(Map<String, Object> response) {
        Map<String, String> headers = new LinkedHashMap<>();
        Json.child(response, "headers").forEach((name, value) -> headers.put(name, String.valueOf(value)));
        return new Answer(
                Math.toIntExact(Json.integer(response, "statusCode")),
                headers,
                Json.object(Json.text(response, "body")));
    }

    private static String path(Map<String, Object> event) {
        try {
            return URLDecoder.decode(Json.text(event, "path").replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException e) {
            return Json.text(event, "path");
        }
    }

    private static @Nullable String body(Map<String, Object> event) {
        if (!(event.get("body") instanceof String body)) {
            return null;
        }
        return Boolean.TRUE.equals(event.get("isBase64Encoded"))
                ? new String(Base64.getDecoder().decode(body), UTF_8)
                : body;
    }
}
