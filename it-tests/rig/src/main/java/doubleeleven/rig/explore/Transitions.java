package doubleeleven.rig.explore;

import static doubleeleven.rig.explore.Invariants.map;
import static doubleeleven.rig.explore.Invariants.text;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * What no single write may do to an item, whatever led to it. States alone do not show it where a write repeats what was done already: with
 * a clock that stands still, a payment finished twice looks like one finished once.
 */
final class Transitions {
    private static final String NONE = "";

    /** A payment's life, step by step: a decision is never reversed, and nothing is decided or finished twice. */
    private static final Map<String, Set<String>> LIFE = Map.of(
            NONE,
            Set.of("TRYING", "ABORTED"),
            "TRYING",
            Set.of("COMMITTED", "ABORTED"),
            "COMMITTED",
            Set.of("SUCCEEDED"),
            "ABORTED",
            Set.of("CLOSED"),
            "CLOSED",
            Set.of("TRYING"));

    private static final List<String> RESERVATIONS = List.of("holds", "incoming");

    private Transitions() {}

    /**
     * What is wrong with a call's effect; empty where nothing is.
     *
     * @param before the item that it writes; empty where there is none
     */
    static String wrong(
            Object request, Map<String, AttributeValue> before, Map<String, AttributeValue> after, Answer answer) {
        if (answer instanceof Answer.Wrong wrong) {
            return "the database takes a call for a defect: " + wrong.message();
        }
        if (answer instanceof Answer.Refused) {
            return NONE;
        }
        return switch (request) {
            case PutItemRequest _ -> before.isEmpty() ? NONE : "an entry is written over";
            case UpdateItemRequest update -> ofUpdate(update, before, after);
            default -> NONE;
        };
    }

    private static String ofUpdate(
            UpdateItemRequest update, Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
        String owner = text(before, "attempt");
        if (Invariants.isPaidBy(before, owner) && !Invariants.isPaidBy(after, owner)) {
            return "what attempt " + owner + " has paid is not paid any more";
        }
        String change = update.updateExpression();
        @Nullable String attempt = update.expressionAttributeNames().get("#attempt");
        if (attempt != null) {
            for (String reservation : RESERVATIONS) {
                boolean there = map(before, reservation).containsKey(attempt);
                if (there && change.contains(reservation + ".#attempt = ")) {
                    return "attempt " + attempt + " reserves twice: " + reservation;
                }
                if (!there && change.contains("REMOVE " + reservation + ".#attempt")) {
                    return "attempt " + attempt + " is settled where it has nothing: " + reservation;
                }
            }
        }
        if (change.contains("SET posted = ") && before.containsKey("posted")) {
            return "an entry is posted twice";
        }
        return change.contains("#status = ") ? ofLife(before, after) : ofDueTime(before, after);
    }

    private static String ofLife(Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
        String from = text(before, "status");
        String to = text(after, "status");
        return LIFE.getOrDefault(from, Set.of()).contains(to) ? NONE : "a payment goes from " + from + " to " + to;
    }

    /** Whoever comes late must not bring forward what another has put off since. */
    private static String ofDueTime(Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
        AttributeValue due = before.get("dueAt");
        AttributeValue then = after.get("dueAt");
        return due != null && then != null && Long.parseLong(then.n()) < Long.parseLong(due.n())
                ? "a payment's due time moves back"
                : NONE;
    }
}
