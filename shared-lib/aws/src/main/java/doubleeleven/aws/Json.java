package doubleeleven.aws;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** JSON as maps, lists, texts, numbers and booleans: no reflection on the cold path, no surprise about what is bound to what. */
public final class Json {
    private static final JSON STRICT = JSON.builder()
            .enable(JSON.Feature.USE_DEFERRED_MAPS)
            .disable(JSON.Feature.PRETTY_PRINT_OUTPUT)
            .build();

    static {
        STRICT.getStreamingFactory().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    }

    private Json() {}

    /**
     * Reads an object.
     *
     * @throws MalformedJson where the text is not one JSON object, or names a field twice
     */
    public static Map<String, Object> object(String text) {
        return objectFrom(text);
    }

    /** Reads an object from a stream to its end. */
    public static Map<String, Object> object(InputStream in) {
        return objectFrom(in);
    }

    private static Map<String, Object> objectFrom(Object source) {
        try (JsonParser parser = STRICT.createParser(source)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedJson(new IOException("not an object"));
            }
            Map<String, Object> object = STRICT.mapFrom(parser);
            if (parser.nextToken() != null) {
                throw new MalformedJson(new IOException("more after the object"));
            }
            return object;
        } catch (IOException e) {
            throw new MalformedJson(e);
        }
    }

    public static String write(Object value) {
        try {
            return STRICT.asString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void write(Object value, OutputStream out) throws IOException {
        STRICT.write(value, out);
    }

    /** A text field that our own side wrote; its absence is a fault. */
    public static String text(Map<String, ?> object, String field) {
        if (object.get(field) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("no text in field " + field);
    }

    /** An integer field that our own side wrote; its absence is a fault. */
    public static long integer(Map<String, ?> object, String field) {
        if (object.get(field) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException("no number in field " + field);
    }

    /** A number, whole or not, that our own side wrote; its absence is a fault. */
    public static double number(Map<String, ?> object, String field) {
        if (object.get(field) instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException("no number in field " + field);
    }

    /** An object that our own side wrote; its absence is a fault. */
    @SuppressWarnings("unchecked") // jackson-jr makes every JSON object a Map<String, Object>
    public static Map<String, Object> child(Map<String, ?> object, String field) {
        if (object.get(field) instanceof Map<?, ?> child) {
            return (Map<String, Object>) child;
        }
        throw new IllegalArgumentException("no object in field " + field);
    }

    /** A list of texts that our own side wrote; empty where the field is absent. */
    public static List<String> texts(Map<String, ?> object, String field) {
        return object.get(field) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** A list of objects that our own side wrote; empty where the field is absent. */
    @SuppressWarnings("unchecked") // jackson-jr makes every JSON object a Map<String, Object>
    public static List<Map<String, Object>> objects(Map<String, ?> object, String field) {
        return object.get(field) instanceof List<?> list ? (List<Map<String, Object>>) list : List.of();
    }

    /** The text was not the JSON that was asked for. */
    public static final class MalformedJson extends RuntimeException {
        private static final long serialVersionUID = 1;

        MalformedJson(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
