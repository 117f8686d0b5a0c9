package doubleeleven.gateway.aws;

import doubleeleven.aws.Log;
import doubleeleven.aws.Metrics;
import doubleeleven.gateway.Journal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Log lines and metrics on standard output. */
record AwsJournal(Log log, Metrics metrics) implements Journal {
    @Override
    public void info(String message, Map<String, ?> fields) {
        log.info(message, fields);
    }

    @Override
    public void warn(String message, Map<String, ?> fields) {
        log.warn(message, fields);
    }

    @Override
    public void error(String message, Map<String, ?> fields, @Nullable Throwable cause) {
        log.error(message, fields, cause);
    }

    @Override
    public void count(String name, String dimension, String value) {
        metrics.count(name, 1, Map.of(dimension, value));
    }

    @Override
    public void milliseconds(String name, double value) {
        metrics.milliseconds(name, value);
    }
}
