package doubleeleven.gateway;

import java.util.LinkedHashMap;
import java.util.Map;

/** What operators did and what they were refused, in the log: who, by which call, and what it was about. */
final class OperatorJournal {
    private final Journal journal;

    OperatorJournal(Journal journal) {
        this.journal = journal;
    }

    /** @param about further fields of the line; one of a usual name stands in its place */
    void acted(Call call, String action, Map<String, ?> about) {
        Map<String, Object> line = line(call);
        line.put("action", action);
        line.putAll(about);
        journal.info("an operator acted", line);
    }

    <T> Checked<T> refused(Call call, Problem problem) {
        Map<String, Object> line = line(call);
        line.put("route", call.match().route().path());
        line.put("why", problem.detail());
        journal.info("an operator was refused", line);
        return new Checked.Refused<>(problem);
    }

    private static Map<String, Object> line(Call call) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("key", call.caller().keyId());
        line.put("traceparent", call.trace().toString());
        return line;
    }
}
