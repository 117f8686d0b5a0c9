package doubleeleven.it.chaos;

import doubleeleven.it.client.Rules;
import doubleeleven.it.client.Stack;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.sqs.SqsClient;

/** What of a deployed stack one can choose to break. Units that serve nobody are no targets: nobody would notice. */
final class Target {
    private static final String PLATFORM = "double11-";

    private Target() {}

    static List<String> units(Stack stack) {
        return serving(stack).map(Target::name).sorted().toList();
    }

    /** Such as RZ01-a. */
    static List<String> colours(Stack stack) {
        return serving(stack)
                .flatMap(unit -> colours(unit).map(colour -> name(unit) + "-" + colour))
                .sorted()
                .toList();
    }

    static List<String> functions(Stack stack) {
        return ofUnits(
                stack,
                stack.regions().stream()
                        .flatMap(region -> stack.lambda(region).listFunctionsPaginator().functions().stream())
                        .map(FunctionConfiguration::functionName));
    }

    /** Not those of dead letters: what goes there has its own alarm, and nobody waits for it. */
    static List<String> queues(Stack stack) {
        return ofUnits(
                stack,
                stack.regions().stream()
                        .flatMap(region -> queues(stack.sqs(region)))
                        .filter(queue -> !queue.endsWith("-dlq")));
    }

    private static Stream<String> queues(SqsClient queues) {
        return queues.listQueuesPaginator(request -> request.queueNamePrefix(PLATFORM)).queueUrls().stream()
                .map(url -> url.substring(url.lastIndexOf('/') + 1));
    }

    private static List<String> ofUnits(Stack stack, Stream<String> names) {
        List<String> prefixes = colours(stack).stream().map(Target::prefix).toList();
        return names.filter(name -> prefixes.stream().anyMatch(name::startsWith))
                .distinct()
                .sorted()
                .toList();
    }

    /** What the resources of a unit, or of a colour of one, are called to begin with. */
    static String prefix(String unit) {
        return PLATFORM + unit.toLowerCase(Locale.ROOT) + "-";
    }

    private static Stream<Map<String, Object>> serving(Stack stack) {
        return Rules.units(stack.operator()).stream()
                .filter(unit -> unit.get("shards") instanceof List<?> shards && !shards.isEmpty());
    }

    private static Stream<String> colours(Map<String, Object> unit) {
        return unit.get("colours") instanceof Map<?, ?> colours
                ? colours.entrySet().stream()
                        .filter(colour -> colour.getValue() instanceof Number weight && weight.intValue() > 0)
                        .map(colour -> String.valueOf(colour.getKey()))
                : Stream.of();
    }

    private static String name(Map<String, Object> unit) {
        return String.valueOf(unit.get("name"));
    }
}
