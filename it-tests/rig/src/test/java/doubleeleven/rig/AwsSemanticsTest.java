package doubleeleven.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.ids.Shard;
import doubleeleven.it.client.Answer;
import doubleeleven.it.client.Customer;
import doubleeleven.rig.PaymentStream.Change;
import doubleeleven.rig.regions.Consistency;
import doubleeleven.rig.regions.Distance;
import doubleeleven.rig.regions.GlobalTables;
import doubleeleven.testkit.LocalTables;
import doubleeleven.testkit.ManualClock;
import doubleeleven.testkit.asl.StateFailed;
import doubleeleven.testkit.asl.StateMachine;
import doubleeleven.testkit.asl.Surroundings;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReplicatedWriteConflictException;
import software.amazon.awssdk.services.sfn.model.InvalidExecutionInputException;
import software.amazon.awssdk.services.sns.model.PublishBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** What the rig does as AWS's documents say, each claim with the page that says so. */
class AwsSemanticsTest {
    private static final String EAST = "us-east-1";
    private static final String OHIO = "us-east-2";
    private static final Duration VISIBILITY = Duration.ofSeconds(15);
    private static final int DELIVERIES = 5;

    private final ManualClock clock = new ManualClock();
    private final Course course = Course.direct(Bus.DIRECT, clock);
    private List<Duration> passage = Course.ONCE_AND_AT_ONCE;
    private final Queue queue = new Queue("queue", VISIBILITY, DELIVERIES, () -> passage, clock::instant, _ -> {});

    /** Here the local stack differs from AWS, so that no test against it could notice. */
    @Nested
    class TheLocalStackLacks {
        /** The local stack delivers each message once, in the order in which they were sent. */
        @Test
        @DisplayName(
                "A message may come twice, and after a younger one (Amazon SQS Developer Guide, 'Amazon SQS at-least-once delivery')")
        void aMessageMayComeTwiceAndAfterAYoungerOne() {
            passage = List.of(Duration.ofSeconds(2), Duration.ofSeconds(4));
            queue.send("first", Duration.ZERO);
            passage = Course.ONCE_AND_AT_ONCE;
            queue.send("second", Duration.ZERO);

            assertThat(received()).containsExactly("second");
            clock.pass(Duration.ofSeconds(5));
            assertThat(received()).containsExactly("first", "first");
        }

        /** The local stack repeats a failed batch as a whole, and gives it up as a whole. */
        @Test
        @DisplayName(
                "A batch that fails is halved, and what cannot be handled is given up alone (AWS Lambda Developer Guide, 'Lambda parameters for Amazon DynamoDB event source mappings', BisectBatchOnFunctionError)")
        void aBatchThatFailsIsHalvedUntilWhatCannotBeHandledStandsAlone() {
            List<Integer> sizes = new ArrayList<>();
            List<String> handled = new ArrayList<>();
            StreamSource source = relay(records -> {
                sizes.add(records.size());
                if (records.contains("3")) {
                    throw new IllegalStateException("a poisoned record");
                }
                handled.addAll(records);
                return List.of();
            });
            append(source, 8);

            while (source.size() > 0) {
                source.poll();
            }

            assertThat(sizes).startsWith(8).contains(1);
            assertThat(handled).containsExactly("1", "2", "4", "5", "6", "7", "8");
            assertThat(source.deadLetters()).containsExactly("3");
        }

        /** To the local stack the wildcard stands for this error as well. */
        @Test
        @DisplayName(
                "A result that is too large fails the execution past every catcher (AWS Step Functions Developer Guide, 'Handling errors in Step Functions workflows', States.ALL)")
        void aResultThatIsTooLargeFailsTheExecutionPastEveryCatcher() {
            StateMachine machine = StateMachine.of(Json.object("""
                    {"QueryLanguage": "JSONata", "StartAt": "Read", "States": {
                      "Read": {"Type": "Task", "Resource": "read", "TimeoutSeconds": 3, "Arguments": {}, "End": true,
                        "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}],
                        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}]},
                      "Caught": {"Type": "Pass", "End": true}}}
                    """));
            List<Integer> tries = new ArrayList<>();

            assertThatThrownBy(() -> machine.run(Map.of(), surroundings(tries, StateFailed.TOO_LARGE)))
                    .isInstanceOfSatisfying(
                            StateFailed.class, e -> assertThat(e.error()).isEqualTo(StateFailed.TOO_LARGE));
            assertThat(tries).containsExactly(0);
            tries.clear();
            machine.run(Map.of(), surroundings(tries, StateFailed.TIMEOUT));
            assertThat(tries).as("any other error is retried, and caught").containsExactly(0, 1, 2);
        }

        /** There the workflow catches the error and goes on, and the payer is told at once. */
        @Test
        @DisplayName(
                "What reads an account of more than 256 KiB decides nothing, and recovery aborts (AWS Step Functions Developer Guide, 'Step Functions service quotas')")
        void whatReadsAnAccountOfMoreThan256KibibytesDecidesNothingAndRecoveryAborts() {
            Topology sandbox = Topology.read(Path.of("../../cdk/topologies/sandbox.json"));
            try (World world = World.open(sandbox, course, new Random(7), World.SILENT)) {
                Clientele clientele = new Clientele(world);
                Clientele.Shop shop = clientele.openShop("tea", "GBP", 1);
                Customer alice = clientele.openCustomer("alice", "GBP", 10);
                fill(world, alice, 300_000);

                Answer answer = clientele.pay(EAST, shop, clientele.signed(alice, shop, "42", 11), "key");
                assertThat(answer.status()).as(answer.text()).isEqualTo(202);
                clock.pass(Duration.ofSeconds(21));
                world.recover();
                world.drain();

                assertThat(clientele
                                .get(EAST, shop.key(), "/payments/" + answer.text("id"))
                                .reasons())
                        .containsExactly("EXPIRED");
                assertThat(Books.available(world, alice)).isEqualTo(10);
            }
        }

        /** The local stack keeps one copy of a table. */
        @Test
        @DisplayName(
                "A strong table refuses a write to an item that another Region is writing (Amazon DynamoDB Developer Guide, 'How DynamoDB global tables work', multi-Region strong consistency)")
        void aStrongTableRefusesAWriteToAnItemThatAnotherRegionIsWriting() {
            try (GlobalTables tables = globalTables()) {
                add(tables, EAST);

                assertThatThrownBy(() -> add(tables, OHIO)).isInstanceOf(ReplicatedWriteConflictException.class);
                clock.pass(Duration.ofSeconds(1));
                add(tables, OHIO);
                assertThat(count(tables, EAST, true)).isEqualTo("2");
            }
        }

        /** The local stack keeps one copy of a table. */
        @Test
        @DisplayName(
                "A read that does not ask for the newest may see an old state, and a strong one never does (Amazon DynamoDB Developer Guide, 'DynamoDB read consistency')")
        void aReadThatDoesNotAskForTheNewestMaySeeAnOldState() {
            try (GlobalTables tables = globalTables()) {
                add(tables, EAST);
                clock.pass(Duration.ofSeconds(30));
                add(tables, EAST);

                assertThat(count(tables, OHIO, false)).isEqualTo("1");
                assertThat(count(tables, OHIO, true)).isEqualTo("2");
                clock.pass(Duration.ofSeconds(30));
                assertThat(count(tables, OHIO, false)).isEqualTo("2");
            }
        }

        /** The local stack carries out transactions on any table. */
        @Test
        @DisplayName(
                "A strong table offers no transactions (Amazon DynamoDB Developer Guide, 'How DynamoDB global tables work', multi-Region strong consistency)")
        void aStrongTableOffersNoTransactions() {
            try (GlobalTables tables = globalTables()) {
                assertThatThrownBy(() -> tables.in(EAST).transactWriteItems(request -> {}))
                        .isInstanceOf(UnsupportedOperationException.class);
                assertThatThrownBy(() -> tables.in(EAST).transactGetItems(request -> {}))
                        .isInstanceOf(UnsupportedOperationException.class);
            }
        }
    }

    /** Here AWS, the local stack and the rig agree; were the rig more generous, it would pass what they refuse. */
    @Nested
    class TheRigIsAsStrict {
        @Test
        @DisplayName("A batch has at most ten messages of distinct ids (Amazon SQS API Reference, 'SendMessageBatch')")
        void aBatchHasAtMostTenMessagesOfDistinctIds() {
            Queues queues = new Queues();
            queues.add("url", queue);

            queues.sendMessageBatch(request -> request.queueUrl("url").entries(entries(10)));
            assertThat(queue.size()).isEqualTo(10);
            assertThatThrownBy(() -> queues.sendMessageBatch(
                            request -> request.queueUrl("url").entries(entries(11))))
                    .isInstanceOf(
                            software.amazon.awssdk.services.sqs.model.TooManyEntriesInBatchRequestException.class);
            assertThatThrownBy(() -> queues.sendMessageBatch(request -> request.queueUrl("url")
                            .entries(entries(1).getFirst(), entries(1).getFirst())))
                    .isInstanceOf(BatchEntryIdsNotDistinctException.class);
            assertThat(queue.size()).as("nothing of what was refused is sent").isEqualTo(10);
        }

        @Test
        @DisplayName("A message is delayed by fifteen minutes at most (Amazon SQS API Reference, 'SendMessage')")
        void aMessageIsDelayedByFifteenMinutesAtMost() {
            Queues queues = new Queues();
            queues.add("url", queue);

            queues.sendMessage(
                    request -> request.queueUrl("url").messageBody("later").delaySeconds(900));
            assertThatThrownBy(() -> queues.sendMessage(request ->
                            request.queueUrl("url").messageBody("too late").delaySeconds(901)))
                    .isInstanceOf(SqsException.class);
            assertThat(received()).isEmpty();
            clock.pass(Duration.ofMinutes(15));
            assertThat(received()).containsExactly("later");
        }

        @Test
        @DisplayName("At most ten messages are published at once (Amazon SNS API Reference, 'PublishBatch')")
        void atMostTenMessagesArePublishedAtOnce() {
            Topics topics = new Topics();
            topics.add("topic");
            topics.subscribe("topic", queue, Map.of());

            assertThatThrownBy(() -> topics.publishBatch(request -> request.topicArn("topic")
                            .publishBatchRequestEntries(IntStream.range(0, 11)
                                    .mapToObj(i -> PublishBatchRequestEntry.builder()
                                            .id("" + i)
                                            .message("m")
                                            .build())
                                    .toList())))
                    .isInstanceOf(
                            software.amazon.awssdk.services.sns.model.TooManyEntriesInBatchRequestException.class);
            assertThat(queue.size()).isZero();
        }

        @Test
        @DisplayName(
                "A received message comes again after its visibility timeout (Amazon SQS Developer Guide, 'Amazon SQS visibility timeout')")
        void aReceivedMessageComesAgainAfterItsVisibilityTimeoutAndNotBefore() {
            queue.send("message", Duration.ZERO);

            assertThat(received()).containsExactly("message");
            clock.pass(VISIBILITY.minusMillis(1));
            assertThat(received()).isEmpty();
            clock.pass(Duration.ofMillis(1));
            assertThat(received()).containsExactly("message");
        }

        @Test
        @DisplayName(
                "A message is delivered so often and then lies in the dead letters (Amazon SQS Developer Guide, 'Using dead-letter queues in Amazon SQS', maxReceiveCount)")
        void aMessageIsDeliveredSoOftenAndThenLiesInTheDeadLetters() {
            queue.send("poison", Duration.ZERO);
            for (int i = 0; i < DELIVERIES; i++) {
                assertThat(received()).containsExactly("poison");
                clock.pass(VISIBILITY);
            }

            assertThat(received()).isEmpty();
            assertThat(queue.deadLetters()).containsExactly("poison");
            assertThat(queue.size()).isZero();
        }

        @Test
        @DisplayName(
                "Of a batch only the messages named as failed come again (AWS Lambda Developer Guide, 'Handling errors for an SQS event source in Lambda')")
        void ofABatchOnlyTheMessagesNamedAsFailedComeAgain() {
            QueueSource source = consumer(ids -> List.of(ids.get(1)));
            send("a", "b", "c");

            source.poll();
            assertThat(queue.size()).isEqualTo(1);
            clock.pass(VISIBILITY);
            assertThat(received()).containsExactly("b");
        }

        @Test
        @DisplayName(
                "An answer that names a message which was not delivered fails the whole batch (AWS Lambda Developer Guide, 'Handling errors for an SQS event source in Lambda')")
        void anAnswerThatNamesAMessageWhichWasNotDeliveredFailsTheWholeBatch() {
            QueueSource source = consumer(ids -> List.of("another"));
            send("a", "b");

            source.poll();
            assertThat(queue.size()).isEqualTo(2);
            clock.pass(VISIBILITY);
            assertThat(received()).containsExactlyInAnyOrder("a", "b");
        }

        @Test
        @DisplayName(
                "A stream goes on at the first record that failed, whatever succeeded after it (AWS Lambda Developer Guide, 'Configuring partial batch response with DynamoDB and Lambda')")
        void aStreamGoesOnAtTheFirstRecordThatFailed() {
            List<List<String>> batches = new ArrayList<>();
            StreamSource source = relay(records -> {
                batches.add(records);
                return batches.size() == 1 ? List.of("4", "2") : List.of();
            });
            append(source, 5);

            while (source.size() > 0) {
                source.poll();
            }

            assertThat(batches.getFirst()).containsExactly("1", "2", "3", "4", "5");
            assertThat(batches.get(1)).startsWith("2", "3");
            assertThat(batches.stream().skip(1).flatMap(List::stream)).containsExactly("2", "3", "4", "5");
        }

        @Test
        @DisplayName(
                "A write that changes nothing has no record (Amazon DynamoDB Developer Guide, 'Change data capture for DynamoDB Streams')")
        void aWriteThatChangesNothingHasNoRecord() {
            List<Change> changes = new ArrayList<>();
            PaymentStream stream = new PaymentStream(changes::add);
            Map<String, AttributeValue> item = payment("1", "TRYING");

            stream.changed(null, item);
            stream.changed(item, item);

            assertThat(changes).hasSize(1);
        }

        @Test
        @DisplayName(
                "An input has 256 KiB at most (AWS Step Functions Developer Guide, 'Step Functions service quotas')")
        void anInputHas256KibibytesAtMost() {
            Workflows workflows = new Workflows(course);
            workflows.addPaymentTcc(
                    "arn",
                    "RZ01",
                    new Execution.Deployed(
                            "RZ01-a/payment-tcc",
                            Clients.over(Bus.DIRECT, "RZ01-a/payment-tcc", DynamoDbClient.class, null),
                            Map.of()));
            String large = Json.write(Map.of("payment", "x".repeat(262_144)));

            assertThatThrownBy(() -> workflows.startSyncExecution(
                            request -> request.stateMachineArn("arn").name("a").input(large)))
                    .isInstanceOf(InvalidExecutionInputException.class);
        }
    }

    // The parts under test, each with what it needs around it.

    private List<String> received() {
        return queue.receive(10).stream().map(Queue.Message::body).toList();
    }

    private void send(String... bodies) {
        for (String body : bodies) {
            queue.send(body, Duration.ZERO);
        }
    }

    private static List<SendMessageBatchRequestEntry> entries(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> SendMessageBatchRequestEntry.builder()
                        .id("" + i)
                        .messageBody("m" + i)
                        .build())
                .toList();
    }

    /** A consumer that answers with the identifiers that it was not able to handle. */
    private QueueSource consumer(Function<List<String>, List<String>> failing) {
        return new QueueSource(queue, EAST, function("consumer", row -> Json.text(row, "messageId"), failing));
    }

    private StreamSource relay(Function<List<String>, List<String>> failing) {
        return new StreamSource(
                "relay", EAST, function("relay", row -> Json.text(dynamodb(row), "SequenceNumber"), failing), course);
    }

    @SuppressWarnings("unchecked") // JSON objects have texts as names
    private static Map<String, Object> dynamodb(Map<String, Object> row) {
        return (Map<String, Object>) row.get("dynamodb");
    }

    private doubleeleven.rig.Function function(
            String name,
            Function<Map<String, Object>, String> identifier,
            Function<List<String>, List<String>> failing) {
        RequestStreamHandler handler =
                (InputStream in, OutputStream out, com.amazonaws.services.lambda.runtime.Context _) -> {
                    List<String> ids = Json.objects(Json.object(in), "Records").stream()
                            .map(identifier)
                            .toList();
                    Json.write(
                            Map.of(
                                    "batchItemFailures",
                                    failing.apply(ids).stream()
                                            .map(id -> Map.of("itemIdentifier", id))
                                            .toList()),
                            out);
                };
        return new doubleeleven.rig.Function(name, Duration.ofSeconds(15), () -> handler, course);
    }

    private static void append(StreamSource source, int count) {
        IntStream.rangeClosed(1, count)
                .forEach(number -> source.append(new Change(number, null, payment("" + number, "COMMITTED"))));
    }

    private static Map<String, AttributeValue> payment(String pk, String status) {
        return Map.of("pk", Values.s(pk), "status", Values.s(status));
    }

    /** Makes a customer's balance an item of so many bytes. */
    private static void fill(World world, Customer customer, int bytes) {
        world.tables()
                .updateItem(request -> request.tableName(LocalTables.ACCOUNT)
                        .key(Map.of(
                                "pk", Values.s(Shard.of(customer.id()) + "#C#" + customer.id()),
                                "sk", Values.s("BALANCE")))
                        .conditionExpression("attribute_exists(pk)")
                        .updateExpression("SET filler = :filler")
                        .expressionAttributeValues(Map.of(":filler", Values.s("x".repeat(bytes)))));
    }

    private static Surroundings surroundings(List<Integer> tries, String error) {
        return new Surroundings() {
            @Override
            public Object call(Call call) {
                tries.add(call.tried());
                throw new StateFailed(error, call.state());
            }

            @Override
            public long millis() {
                return 0;
            }
        };
    }

    private GlobalTables globalTables() {
        return new GlobalTables(
                List.of(EAST, OHIO, "us-west-2"),
                Consistency.DEPLOYED,
                Distance.of(Duration.ofSeconds(10), Duration.ofMillis(60)),
                clock);
    }

    private static void add(GlobalTables tables, String region) {
        tables.in(region)
                .updateItem(request -> request.tableName(LocalTables.PAYMENT)
                        .key(Map.of("pk", Values.s("order")))
                        .updateExpression("ADD writes :one")
                        .expressionAttributeValues(Map.of(":one", Values.n(1))));
    }

    private static String count(GlobalTables tables, String region, boolean newest) {
        return tables.in(region)
                .getItem(request -> request.tableName(LocalTables.PAYMENT)
                        .key(Map.of("pk", Values.s("order")))
                        .consistentRead(newest))
                .item()
                .get("writes")
                .n();
    }
}
