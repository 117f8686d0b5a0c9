package doubleeleven.rig.explore;

import doubleeleven.aws.dynamodb.Values;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** The guards of the protocol: every condition of every write, found in what is really sent, and what only the code's own order guards. */
final class Guards {
    /** A kind of write, told by its expressions. */
    private record Write(String change, String condition) {}

    /**
     * One guard, and the defect that a platform without it has.
     *
     * @param name which write, and what of its condition
     */
    record Guard(String name, Mutation missing) {}

    /** What is left out of which write's condition. */
    private record Part(Write write, String guard) {}

    private static final Pattern MANY_TOMBSTONES = Pattern.compile("finished\\.#t\\d+(, finished\\.#t\\d+)*");

    private final Set<Write> seen = new LinkedHashSet<>();

    /** Changes nothing and notes every conditional write. */
    Mutation noting() {
        return new Mutation() {
            @Override
            public Object request(Object request) {
                Write write = writeOf(request);
                if (write != null) {
                    seen.add(write);
                }
                return request;
            }
        };
    }

    /** Every guard of the writes that were seen, then those of the order in which phase two goes about it. */
    List<Guard> all() {
        List<Guard> guards = new ArrayList<>();
        for (Write write : seen) {
            boolean ambiguous = seen.stream()
                            .filter(other -> nameOf(other).equals(nameOf(write)))
                            .count()
                    > 1;
            for (Condition.Without without : Condition.eachLeftOut(write.condition())) {
                String rest = ambiguous && !without.rest().isEmpty() ? " | beside " + without.rest() : "";
                guards.add(new Guard(
                        nameOf(write) + " | " + without.guard() + rest,
                        new LeftOut(List.of(new Part(write, without.guard())))));
            }
        }
        guards.add(new Guard("phase two | under a terminal payment holds are only cancelled", terminal()));
        guards.add(new Guard("phase two | only the item's own attempt is settled as it was decided", ownAttempt()));
        guards.add(new Guard(
                "phase two | a hold of another attempt is cancelled only once that is aborted", abortFirst()));
        guards.add(new Guard("phase two | what takes no hold is not fenced", noFenceWhereNoHold()));
        guards.add(new Guard("posting | what an earlier poster took is marked first", markedFirst()));
        return guards;
    }

    private static @Nullable Write writeOf(Object request) {
        return switch (request) {
            case UpdateItemRequest update
            when update.conditionExpression() != null ->
                new Write(update.updateExpression(), update.conditionExpression());
            case PutItemRequest put
            when put.conditionExpression() != null ->
                new Write("PUT " + String.join(", ", new TreeSet<>(put.item().keySet())), put.conditionExpression());
            default -> null;
        };
    }

    /** Writes differ at their beginning or at their end, and some name as many attempts as there are. */
    private static String nameOf(Write write) {
        return shortened(MANY_TOMBSTONES.matcher(write.change()).replaceAll("finished.#t …"));
    }

    private static String shortened(String expression) {
        int length = expression.length();
        return length <= 100 ? expression : expression.substring(0, 50) + " … " + expression.substring(length - 50);
    }

    /** What a platform has that lacks all of these. */
    static Mutation withoutAll(List<Guard> guards) {
        List<Part> parts = guards.stream()
                .map(Guard::missing)
                .<Part>mapMulti((missing, each) -> {
                    if (missing instanceof LeftOut(List<Part> some)) {
                        some.forEach(each);
                    }
                })
                .toList();
        List<Mutation> others = guards.stream()
                .map(Guard::missing)
                .filter(missing -> !(missing instanceof LeftOut))
                .toList();
        LeftOut leftOut = new LeftOut(parts);
        return new Mutation() {
            @Override
            public Object request(Object request) {
                Object changed = leftOut.request(request);
                for (Mutation other : others) {
                    changed = other.request(changed);
                }
                return changed;
            }

            @Override
            public Answer answer(String part, Object request, Answer answer) {
                Answer changed = answer;
                for (Mutation other : others) {
                    changed = other.answer(part, request, changed);
                }
                return changed;
            }
        };
    }

    /** Parts of conditions that are not sent. */
    private record LeftOut(List<Part> parts) implements Mutation {
        @Override
        public Object request(Object request) {
            Write write = writeOf(request);
            if (write == null) {
                return request;
            }
            String rest = write.condition();
            for (Part part : parts) {
                if (part.write().equals(write)) {
                    rest = Condition.eachLeftOut(rest).stream()
                            .filter(without -> without.guard().equals(part.guard()))
                            .findFirst()
                            .orElseThrow()
                            .rest();
                }
            }
            return rest.equals(write.condition()) ? request : only(request, rest);
        }

        private static Object only(Object request, String condition) {
            @Nullable String left = condition.isEmpty() ? null : condition;
            return switch (request) {
                case UpdateItemRequest update -> {
                    String used = update.updateExpression() + " " + condition;
                    yield update.toBuilder()
                            .conditionExpression(left)
                            .expressionAttributeNames(orNull(used(update.expressionAttributeNames(), used)))
                            .expressionAttributeValues(orNull(used(update.expressionAttributeValues(), used)))
                            .build();
                }
                case PutItemRequest put ->
                    put.toBuilder().conditionExpression(left).build();
                default -> request;
            };
        }
    }

    private static <T> @Nullable Map<String, T> orNull(Map<String, T> map) {
        return map.isEmpty() ? null : map;
    }

    /** DynamoDB refuses names and values that no expression uses. */
    private static <T> Map<String, T> used(Map<String, T> placeholders, String expressions) {
        Map<String, T> used = new HashMap<>();
        placeholders.forEach((name, value) -> {
            if (Pattern.compile(Pattern.quote(name) + "\\b")
                    .matcher(expressions)
                    .find()) {
                used.put(name, value);
            }
        });
        return used;
    }

    private static Mutation terminal() {
        return new Mutation() {
            @Override
            public Answer answer(String part, Object request, Answer answer) {
                return seenByWorker(part, answer, item -> {
                    if (Values.s("SUCCEEDED").equals(item.get("status"))) {
                        item.put("status", Values.s("COMMITTED"));
                    }
                });
            }
        };
    }

    private static Mutation ownAttempt() {
        return new Mutation() {
            @Override
            public Answer answer(String part, Object request, Answer answer) {
                return seenByWorker(part, answer, item -> {
                    AttributeValue aborted = item.get("aborted");
                    if (Values.s("COMMITTED").equals(item.get("status")) && aborted != null) {
                        aborted.m().keySet().stream()
                                .findFirst()
                                .ifPresent(other -> item.put("attempt", Values.s(other)));
                    }
                });
            }
        };
    }

    /** The worker takes an item without tombstones, which can take no hold, for one that can. */
    private static Mutation noFenceWhereNoHold() {
        return new Mutation() {
            @Override
            public Answer answer(String part, Object request, Answer answer) {
                if (part.startsWith("worker")
                        && request instanceof UpdateItemRequest update
                        && update.updateExpression().contains(" REMOVE ")
                        && answer instanceof Answer.Refused(Map<String, AttributeValue> item)
                        && !item.isEmpty()
                        && !item.containsKey("finished")) {
                    Map<String, AttributeValue> other = new HashMap<>(item);
                    other.put("finished", AttributeValue.fromM(Map.of()));
                    return new Answer.Refused(other);
                }
                return answer;
            }
        };
    }

    /** The poster does not see that another one has taken entries and not marked them yet. */
    private static Mutation markedFirst() {
        return new Mutation() {
            @Override
            public Answer answer(String part, Object request, Answer answer) {
                if (answer instanceof Answer.Given(GetItemResponse read)
                        && read.item().containsKey("posting")) {
                    Map<String, AttributeValue> item = new HashMap<>(read.item());
                    item.remove("posting");
                    return new Answer.Given(read.toBuilder().item(item).build());
                }
                return answer;
            }
        };
    }

    private static Answer seenByWorker(String part, Answer answer, Consumer<Map<String, AttributeValue>> change) {
        if (part.startsWith("worker")
                && answer instanceof Answer.Given(GetItemResponse read)
                && read.item().containsKey("status")) {
            Map<String, AttributeValue> item = new HashMap<>(read.item());
            change.accept(item);
            return new Answer.Given(read.toBuilder().item(item).build());
        }
        return answer;
    }

    /** The write that aborts an attempt which does not own the order has no effect and is taken for done. */
    private static Mutation abortFirst() {
        return new Mutation() {
            @Override
            public Object request(Object request) {
                return isAbortOfALoser(request)
                        ? GetItemRequest.builder()
                                .tableName(((UpdateItemRequest) request).tableName())
                                .key(((UpdateItemRequest) request).key())
                                .build()
                        : request;
            }

            @Override
            public Answer answer(String part, Object request, Answer answer) {
                return isAbortOfALoser(request)
                        ? new Answer.Given(UpdateItemResponse.builder().build())
                        : answer;
            }
        };
    }

    private static boolean isAbortOfALoser(Object request) {
        return request instanceof UpdateItemRequest update
                && Objects.requireNonNullElse(update.conditionExpression(), "").equals("attempt <> :attempt");
    }

    static String name(Object request) {
        return switch (request) {
            case GetItemRequest get -> "read " + get.key().values();
            case UpdateItemRequest update ->
                update.updateExpression() + " on " + update.key().values() + " if " + update.conditionExpression();
            case PutItemRequest put -> "put " + put.item() + " if " + put.conditionExpression();
            default -> request.toString();
        };
    }
}
