package doubleeleven.gateway;

import doubleeleven.gateway.operations.DeadLetters;
import doubleeleven.gateway.operations.Explanation;
import doubleeleven.gateway.operations.JournalItem;
import doubleeleven.gateway.operations.OpenHint;
import doubleeleven.gateway.operations.OpenPayments.Row;
import doubleeleven.gateway.operations.Operated;
import doubleeleven.gateway.operations.RedriveRecord;
import doubleeleven.ids.AttemptId;
import doubleeleven.payment.Command;
import doubleeleven.payment.Payment;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What operators see, as JSON. Unlike callers they see the keys of items: tables and logs are named by them. */
final class OperationsRepresentation {
    private static final String UNREADABLE = "UNREADABLE";

    private OperationsRepresentation() {}

    static Map<String, Object> of(Row row, Instant now) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", row.id());
        row.item().ifPresentOrElse(item -> about(json, item), () -> json.put("status", UNREADABLE));
        OpenHint state = row.state();
        json.put("since", state.since().toString());
        json.put("ageSeconds", seconds(state.since(), now));
        json.put("due", state.dueAt().toString());
        json.put("overdueSeconds", seconds(row.deadline(), now));
        json.put("stuck", row.why().isPresent());
        row.why().ifPresent(why -> json.put("why", why));
        json.put("links", Map.of("explanation", "/operations/payments/" + row.id()));
        return json;
    }

    static Map<String, Object> of(Explanation explanation, Instant now) {
        JournalItem item = explanation.item();
        Payment payment = item.payment();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", item.id());
        json.put("key", payment.order().value());
        about(json, item);
        Instant since = payment.claimedAt() == null ? payment.decidedAt() : payment.claimedAt();
        if (since != null) {
            Instant until = payment.finishedAt() == null ? now : payment.finishedAt();
            json.put("since", since.toString());
            json.put("openSeconds", seconds(since, until));
        }
        if (payment.dueAt() != null) {
            json.put("due", payment.dueAt().toString());
        }
        json.put(
                "steps",
                explanation.steps().stream().map(OperationsRepresentation::step).toList());
        json.put(
                "abortedAttempts",
                payment.aborted().entrySet().stream()
                        .sorted(Map.Entry.<AttemptId, String>comparingByValue()
                                .thenComparing(each -> each.getKey().value()))
                        .map(each -> attempt(each.getKey(), each.getValue()))
                        .toList());
        json.put(
                "accounts",
                explanation.lying().stream()
                        .map(each -> Map.<String, Object>of(
                                "account", each.account(),
                                "role", each.role(),
                                "amount", each.amountMinor(),
                                "state", each.state()))
                        .toList());
        json.put(
                "operated",
                item.operated().stream().map(OperationsRepresentation::of).toList());
        json.put("diagnosis", explanation.diagnosis().text());
        json.put("may", explanation.diagnosis().may().stream().map(Enum::name).toList());
        return json;
    }

    static Map<String, Object> unreadable(String key, String why, Instant now) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", key);
        json.put("key", key);
        json.put("status", UNREADABLE);
        for (String nothing : List.of("steps", "abortedAttempts", "accounts", "operated", "may")) {
            json.put(nothing, List.of());
        }
        json.put(
                "diagnosis",
                "As of " + now + " no schema fits the item, so nobody acts on it: " + why
                        + " Compare it with its version before the last change (point-in-time recovery) and with the release that wrote it.");
        return json;
    }

    static Map<String, Object> of(Operated operated) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", operated.at().toString());
        json.put("key", operated.key());
        json.put("action", operated.action().name());
        json.put("reason", operated.reason());
        json.put("attempt", operated.attempt().value());
        json.put("result", operated.result().name());
        return json;
    }

    static Map<String, Object> of(DeadLetters.Depth depth) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("queue", depth.queue().name());
        depth.queue().source().ifPresent(source -> json.put("source", source));
        json.put("waiting", depth.waiting());
        json.put("remedy", depth.queue().remedy());
        return json;
    }

    static Map<String, Object> of(DeadLetters.Preview preview) {
        Map<String, Object> json = of(preview.depth());
        json.put(
                "messages",
                preview.messages().stream()
                        .map(shown -> message(shown, preview.at()))
                        .toList());
        json.put(
                "redrives",
                preview.recent().stream().map(OperationsRepresentation::of).toList());
        preview.lastMove()
                .ifPresent(move -> json.put(
                        "lastRedrive", Map.<String, Object>of("status", move.status(), "moved", move.moved())));
        return json;
    }

    private static Map<String, Object> of(RedriveRecord redrive) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", redrive.at().toString());
        json.put("key", redrive.key());
        json.put("reason", redrive.reason());
        redrive.most().ifPresent(most -> json.put("most", most));
        json.put("result", redrive.result());
        return json;
    }

    private static Map<String, Object> message(DeadLetters.Shown shown, Instant now) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", shown.letter().id());
        put(json, "payment", shown.payment());
        put(json, "attempt", shown.attempt());
        put(json, "why", shown.why());
        json.put("ageSeconds", seconds(shown.letter().sentAt(), now));
        json.put("receives", shown.letter().receives());
        put(json, "status", shown.status());
        json.put("redrive", shown.redrive());
        return json;
    }

    private static void about(Map<String, Object> json, JournalItem item) {
        Payment payment = item.payment();
        Command command = payment.command();
        if (command != null) {
            json.put("kind", command.kind().name());
            json.put("amount", command.amount().getAmountMinorLong());
            json.put("currency", command.amount().getCurrencyUnit().getCode());
        }
        json.put("status", payment.status().name());
        json.put("attempt", payment.attempt().value());
        json.put("unit", payment.unit());
        json.put("colour", payment.colour());
    }

    private static Map<String, Object> step(Explanation.Step step) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", step.at().toString());
        json.put("step", step.step());
        json.put("outcome", step.outcome());
        put(json, "account", step.account());
        put(json, "by", step.by());
        put(json, "why", step.why());
        return json;
    }

    private static Map<String, Object> attempt(AttemptId attempt, String reason) {
        return Map.of("attempt", attempt.value(), "reason", reason);
    }

    private static void put(Map<String, Object> json, String name, @Nullable Object value) {
        Optional.ofNullable(value).ifPresent(given -> json.put(name, given));
    }

    /** Never negative: what lies ahead is no age. */
    private static long seconds(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toSeconds());
    }
}
