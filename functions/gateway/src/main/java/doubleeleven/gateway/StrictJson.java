package doubleeleven.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON of strangers. A field named twice, anything after the object, deep nesting and large texts are refused, and a number keeps
 * the form it was written in: 12.0 and 1e3 are not integers here, whatever their value.
 */
final class StrictJson {
    static final int MOST_BYTES = 16 * 1024;
    private static final int DEEPEST = 5;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(MOST_BYTES)
                    .maxNumberLength(40)
                    .build())
            .build();

    private StrictJson() {}

    /** A number that was not written as an integer of 64 bits. */
    record OtherNumber(String text) {}

    static Checked<Map<String, @Nullable Object>> object(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return new Checked.Refused<>(Problem.malformed("This call takes a JSON object as its body."));
        }
        if (text.getBytes(UTF_8).length > MOST_BYTES) {
            return new Checked.Refused<>(
                    Problem.of(ProblemType.BODY_TOO_LARGE, "A body has at most " + MOST_BYTES + " bytes."));
        }
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new Checked.Refused<>(Problem.malformed("The body must be a JSON object."));
            }
            Map<String, @Nullable Object> object = readObject(parser);
            return parser.nextToken() == null
                    ? new Checked.Passed<>(object)
                    : new Checked.Refused<>(Problem.malformed("The body must be one JSON object and nothing else."));
        } catch (IOException e) {
            return new Checked.Refused<>(Problem.malformed(
                    "The body is no JSON, or is nested deeper than " + DEEPEST + ", or names a field twice."));
        }
    }

    private static Map<String, @Nullable Object> readObject(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            object.put(name, readValue(parser));
        }
        return object;
    }

    private static List<@Nullable Object> readList(JsonParser parser) throws IOException {
        List<@Nullable Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(readValue(parser));
        }
        return list;
    }

    private static @Nullable Object readValue(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> readObject(parser);
            case START_ARRAY -> readList(parser);
            case VALUE_STRING -> parser.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT -> readInteger(parser);
            case VALUE_NUMBER_FLOAT -> new OtherNumber(parser.getText());
            default -> null;
        };
    }

    private static Object readInteger(JsonParser parser) throws IOException {
        return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? new OtherNumber(parser.getText())
                : (Object) parser.getLongValue();
    }
}
