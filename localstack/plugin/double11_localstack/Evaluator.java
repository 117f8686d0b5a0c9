import com.dashjoin.jsonata.Jsonata;
import com.dashjoin.jsonata.Parser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Evaluates JSONata: each line read is a JSON object of {@code text} and {@code variables}, and the line written after it holds the
 * {@code value}, the {@code error}, or neither where the expression has no value that is plainly one of JSON. Ends with its input.
 */
final class Evaluator {
    /** Its clock is that of the expression which was compiled last, so an expression that reads it is compiled each time. */
    private static final Pattern CLOCK = Pattern.compile("\\$(?:millis|now)\\b");

    private static final int KEPT = 1_000;

    private final ObjectMapper json = new ObjectMapper();

    private final Map<String, Jsonata> compiled = new LinkedHashMap<>(KEPT, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Jsonata> eldest) {
            return size() > KEPT;
        }
    };

    public static void main(String[] arguments) throws IOException {
        var evaluator = new Evaluator();
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                var out = new BufferedWriter(new OutputStreamWriter(System.out, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.write(evaluator.answer(line));
                out.write('\n');
                out.flush();
            }
        }
    }

    private String answer(String line) throws JsonProcessingException {
        try {
            return json.writeValueAsString(evaluate(json.readTree(line)));
        } catch (Exception | StackOverflowError e) {
            return json.writeValueAsString(Map.of("error", e.toString()));
        }
    }

    private Map<String, Object> evaluate(JsonNode request) throws JsonProcessingException {
        String text = request.get("text").asText();
        Jsonata expression = CLOCK.matcher(text).find()
                ? Jsonata.jsonata(text)
                : compiled.computeIfAbsent(text, Jsonata::jsonata);
        Jsonata.Frame frame = expression.createFrame();
        for (var variable : request.get("variables").properties()) {
            frame.bind(variable.getKey(), json.treeToValue(variable.getValue(), Object.class));
        }
        Object value = expression.evaluate(null, frame);
        return value == null || value instanceof Parser.Symbol ? Map.of() : Map.of("value", value);
    }
}
