package doubleeleven.aws;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Log lines as JSON objects with the field names that AWS's own tooling for Lambda uses, so that its queries work unchanged.
 *
 * <p>Own code, because the usual library brings a mapper that alone costs a cold start more than everything else the gateway does.
 */
public final class Log {
    /** Set by the runtime for each invocation. */
    private static final String TRACE_PROPERTY = "com.amazonaws.xray.traceHeader";

    private final Map<String, String> about;
    private final PrintStream out;
    private final Clock clock;

    public Log(String service, PrintStream out, Clock clock) {
        this(Map.of("service", service), out, clock);
    }

    private Log(Map<String, String> about, PrintStream out, Clock clock) {
        this.about = about;
        this.out = out;
        this.clock = clock;
    }

    /** A log of this function's service, whose lines say whose traffic they are about where the function knows. */
    static Log of(Environment environment, PrintStream out, Clock clock) {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("service", environment.find("POWERTOOLS_SERVICE_NAME").orElse("double-eleven"));
        environment.find("TRAFFIC").ifPresent(traffic -> about.put("traffic", traffic));
        return new Log(about, out, clock);
    }

    public void info(String message, Map<String, ?> fields) {
        write("INFO", message, fields, null);
    }

    public void warn(String message, Map<String, ?> fields) {
        write("WARN", message, fields, null);
    }

    /** Something an operator must see: the alarm's first line. */
    public void error(String message, Map<String, ?> fields, @Nullable Throwable cause) {
        write("ERROR", message, fields, cause);
    }

    private void write(String level, String message, Map<String, ?> fields, @Nullable Throwable cause) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("timestamp", clock.instant().toString());
        line.put("level", level);
        line.putAll(about);
        line.put("message", message);
        String trace = System.getProperty(TRACE_PROPERTY);
        if (trace != null) {
            line.put("xray_trace_id", trace);
        }
        line.putAll(fields);
        if (cause != null) {
            StringWriter stack = new StringWriter();
            cause.printStackTrace(new PrintWriter(stack));
            line.put("error", stack.toString());
        }
        out.println(Json.write(line));
    }
}
