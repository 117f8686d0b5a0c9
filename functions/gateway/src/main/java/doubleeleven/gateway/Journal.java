package doubleeleven.gateway;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the gateway says what happened. Fields never carry secrets or personal data. */
public interface Journal {
    void info(String message, Map<String, ?> fields);

    void warn(String message, Map<String, ?> fields);

    void error(String message, Map<String, ?> fields, @Nullable Throwable cause);

    void count(String name, String dimension, String value);

    void milliseconds(String name, double value);
}
