package doubleeleven.cdk.construct;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A definition in Amazon States Language, read for the values it is missing and for what its tasks call. */
final class Asl {
    private static final Pattern TOKEN = Pattern.compile("\\$\\{([^}]*)}");
    private static final String DYNAMODB = "arn:aws:states:::dynamodb:";
    private static final Set<String> OPERATIONS = Set.of("getItem", "putItem", "updateItem", "deleteItem");
    private static final String INVOKE = "arn:aws:states:::lambda:invoke";
    /** The same, and then waits until somebody answers with the token. */
    private static final String INVOKE_AND_WAIT = INVOKE + ".waitForTaskToken";

    private final String text;
    private final NavigableMap<String, NavigableSet<String>> actions = new TreeMap<>();
    private boolean distributed;

    private Asl(String text) {
        this.text = text;
    }

    static Asl parse(String text) {
        Asl asl = new Asl(text);
        try {
            asl.visit(JSON.std.mapFrom(text));
        } catch (IOException e) {
            throw new IllegalArgumentException("a state machine's definition is JSON: " + e.getMessage(), e);
        }
        return asl;
    }

    String text() {
        return text;
    }

    /** The names in {@code ${…}} anywhere in the definition. */
    NavigableSet<String> tokens() {
        return tokensOf(text);
    }

    /** The IAM actions that tasks carry out on what each token stands for. */
    Map<String, NavigableSet<String>> actions() {
        return actions;
    }

    /** Whether it runs executions of itself, one for each item of a map. */
    boolean isDistributed() {
        return distributed;
    }

    /** Fails unless exactly the definition's tokens have values: an unbound one would be deployed as its own name. */
    void requireBound(Set<String> bound) {
        List<String> problems = new ArrayList<>();
        for (String token : tokens()) {
            if (!bound.contains(token)) {
                problems.add("${" + token + "} has no value");
            }
        }
        for (String token : new TreeSet<>(bound)) {
            if (!tokens().contains(token)) {
                problems.add("the value of ${" + token + "} is not used");
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("the definition and its values differ: " + String.join(", ", problems));
        }
    }

    private void visit(Object node) {
        switch (node) {
            case Map<?, ?> object -> {
                if ("Task".equals(object.get("Type"))) {
                    task(String.valueOf(object.get("Resource")), object.get("Arguments"));
                }
                distributed |= "DISTRIBUTED".equals(object.get("Mode"));
                object.values().forEach(this::visitChild);
            }
            case List<?> list -> list.forEach(this::visitChild);
            default -> {}
        }
    }

    private void visitChild(Object node) {
        if (node instanceof Map<?, ?> || node instanceof List<?>) {
            visit(node);
        }
    }

    private void task(String resource, @Nullable Object arguments) {
        if (!(arguments instanceof Map<?, ?> fields)) {
            throw new IllegalArgumentException("a task of " + resource + " has no arguments");
        }
        if (OPERATIONS.stream().anyMatch(known -> resource.equals(DYNAMODB + known))) {
            String operation = resource.substring(DYNAMODB.length());
            needs(
                    resource,
                    fields.get("TableName"),
                    "dynamodb:" + Character.toUpperCase(operation.charAt(0)) + operation.substring(1));
        } else if (resource.equals(INVOKE) || resource.equals(INVOKE_AND_WAIT)) {
            needs(resource, fields.get("FunctionName"), "lambda:InvokeFunction");
        } else {
            throw new IllegalArgumentException("no rule says what a task of " + resource + " must be granted");
        }
    }

    private void needs(String resource, @Nullable Object target, String action) {
        NavigableSet<String> tokens = tokensOf(String.valueOf(target));
        if (tokens.isEmpty()) {
            throw new IllegalArgumentException(
                    "a task of " + resource + " names its target without a token: " + target);
        }
        tokens.forEach(
                token -> actions.computeIfAbsent(token, any -> new TreeSet<>()).add(action));
    }

    private static NavigableSet<String> tokensOf(String text) {
        NavigableSet<String> tokens = new TreeSet<>();
        TOKEN.matcher(text).results().map((MatchResult token) -> token.group(1)).forEach(tokens::add);
        return tokens;
    }
}
