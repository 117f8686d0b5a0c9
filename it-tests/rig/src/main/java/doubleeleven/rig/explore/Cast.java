package doubleeleven.rig.explore;

import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.aws.RoutingDocument;
import doubleeleven.ledger.aws.PostingHandler;
import doubleeleven.payment.aws.PhaseTwoHandler;
import doubleeleven.payment.aws.RecoveryHandler;
import doubleeleven.rig.Clients;
import doubleeleven.rig.World;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.asl.StateMachine;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Who takes part in a scenario: the deployed definition once for each attempt, and the real handlers once for each message and each time. */
final class Cast {
    /** Recovery looks again after each postponement; only a fault makes it postpone again. */
    static final int LOOKS = 6;

    private final Scenario scenario;
    private final Slots slots;
    private final Messages messages;
    private final Parts parts;
    private final int[] orders;
    private final int[] executions;
    private final int[] workers;
    private final int[] lateWorkers;
    private final int[] recoveries;

    Cast(
            Scenario scenario,
            Slots slots,
            Messages messages,
            Interned<Object> requests,
            Interned<Answer> answers,
            StateMachine machine) {
        this.scenario = scenario;
        this.slots = slots;
        this.messages = messages;
        this.parts = new Parts(requests, answers, this::constant);
        this.orders = scenario.attempts().stream()
                .map(attempt -> slots.slotOf(Fixture.place(attempt.order())))
                .distinct()
                .mapToInt(Integer::intValue)
                .toArray();
        this.executions = executions(machine);
        this.workers = workers("worker on ", Fixture.LATE);
        this.lateWorkers = workers("worker hours later on ", Fixture.HOURS_LATER);
        this.recoveries = IntStream.range(0, LOOKS)
                .map(look -> parts.add("recovery", Handlers.sweep(new RecoveryHandler(host(lookAt(look))))))
                .toArray();
    }

    /** How far each of them can get. */
    Parts parts() {
        return parts;
    }

    /** The slots of the orders. */
    int[] orders() {
        return orders.clone();
    }

    int execution(int number) {
        return executions[number];
    }

    int worker(int message, boolean hoursLater) {
        return (hoursLater ? lateWorkers : workers)[message];
    }

    int recovery(int look) {
        return recoveries[look];
    }

    static Instant lookAt(int look) {
        return Fixture.LATE.plus(Duration.ofMinutes(look));
    }

    private int[] executions(StateMachine machine) {
        Map<Integer, Integer> byAttempt = new HashMap<>();
        return scenario.executions().stream()
                .mapToInt(execution -> byAttempt.computeIfAbsent(
                        execution.attempt(),
                        number -> parts.add(
                                "execution of attempt " + number,
                                new Workflow(
                                        parts,
                                        machine,
                                        scenario.attempts().get(number).input()))))
                .toArray();
    }

    private int[] workers(String name, Instant now) {
        PhaseTwoHandler phaseTwo = new PhaseTwoHandler(host(now));
        PostingHandler posting = new PostingHandler(host(now));
        int[] made = new int[messages.count()];
        for (int i = 0; i < made.length; i++) {
            made[i] = parts.add(
                    name + messages.name(i),
                    Handlers.batch(messages.isPosting(i) ? posting : phaseTwo, messages.body(i)));
        }
        return made;
    }

    private Host host(Instant now) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "AWS_REGION",
                "us-east-1",
                "UNIT",
                "RZ01",
                "COLOUR",
                "a",
                "ACCOUNT_TABLE",
                LocalTables.ACCOUNT,
                "PAYMENT_TABLE",
                LocalTables.PAYMENT,
                "CREDIT_TABLE",
                LocalTables.CREDIT,
                "POSTING_QUEUE_URL",
                Messages.POSTING,
                "NOTIFICATIONS_QUEUE_URL",
                "notifications",
                "PHASE_TWO_QUEUE_URL",
                Messages.PHASE_TWO,
                "RECOVERY_WORKERS",
                "1"));
        environment.put("TOPOLOGY", RoutingDocument.write(Fixture.RULE));
        return new Host(
                new Environment(environment),
                (type, _, _) -> Clients.over(parts, "function", type, null),
                Clock.fixed(now, ZoneOffset.UTC),
                new Random(1),
                World.SILENT);
    }

    /** Answers what does not depend on the state: reads of items that never change, and the index, whose hits are hints that may be old. */
    private @Nullable Answer constant(Object request) {
        if (request instanceof QueryRequest query && query.indexName() != null) {
            AttributeValue due = query.expressionAttributeValues().values().stream()
                    .filter(value -> value.s() != null)
                    .findFirst()
                    .orElseThrow();
            List<Map<String, AttributeValue>> hits = due.s().equals(Fixture.DUE_KEY)
                    ? Arrays.stream(orders)
                            .mapToObj(slot -> slots.place(slot).key())
                            .toList()
                    : List.of();
            return new Answer.Given(
                    QueryResponse.builder().items(hits).count(hits.size()).build());
        }
        return null;
    }
}
