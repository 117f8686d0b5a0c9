package doubleeleven.rig;

import static java.nio.charset.StandardCharsets.UTF_8;

import doubleeleven.aws.Json;
import doubleeleven.it.client.Answer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A Region's API: hands calls to the functions that serve them, and answers, as API Gateway does. */
record Door(Function gateway, Function operations) {
    /** What the addresses of all doors end with. */
    static final String HOSTS = ".doors.example";

    private static final String SCHEME = "https://";
    private static final String OPERATIONS = "/operations/";

    /** Where it is, for those who call it from outside. */
    static String address(String region) {
        return SCHEME + region + HOSTS;
    }

    /** The Region whose door is there. */
    static String regionOf(String address) {
        return address.substring(SCHEME.length(), address.length() - HOSTS.length());
    }

    Answer call(String method, String path, Map<String, String> headers, @Nullable String body) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("resource", path);
        event.put("path", path);
        event.put("httpMethod", method);
        event.put("headers", headers);
        event.put("requestContext", Map.of("accountId", Place.ACCOUNT, "stage", "live", "httpMethod", method));
        event.put("body", body);
        event.put("isBase64Encoded", false);
        byte[] answer;
        try {
            answer = (path.startsWith(OPERATIONS) ? operations : gateway)
                    .invoke(Json.write(event).getBytes(UTF_8));
        } catch (Function.Failed | Course.Cut e) {
            // As API Gateway answers for a function that fails.
            return new Answer(502, "{\"message\": \"Internal server error\"}", Map.of());
        }
        Map<String, Object> response = Json.object(new String(answer, UTF_8));
        Map<String, List<String>> answered = ((Map<?, ?>) response.getOrDefault("headers", Map.of()))
                .entrySet().stream()
                        .collect(Collectors.toMap(
                                header -> (String) header.getKey(), header -> List.of((String) header.getValue())));
        return new Answer(Math.toIntExact(Json.integer(response, "statusCode")), Json.text(response, "body"), answered);
    }
}
