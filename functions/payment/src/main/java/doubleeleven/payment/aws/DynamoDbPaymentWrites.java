package doubleeleven.payment.aws;

import static doubleeleven.aws.dynamodb.Values.key;
import static doubleeleven.aws.dynamodb.Values.m;
import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.aws.dynamodb.Commands;
import doubleeleven.aws.dynamodb.ConditionalWrites;
import doubleeleven.aws.dynamodb.DueIndex;
import doubleeleven.aws.dynamodb.DynamoDbPayments;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.payment.Command;
import doubleeleven.payment.DeclineReason;
import doubleeleven.payment.Lifecycle;
import doubleeleven.payment.Payment;
import doubleeleven.payment.PaymentKind;
import doubleeleven.payment.PaymentStatus;
import doubleeleven.payment.Step;
import doubleeleven.payment.phasetwo.Payments;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Payment items in DynamoDB: each method that writes is one conditional update. */
final class DynamoDbPaymentWrites implements Payments {
    /** How long phase two has before recovery drives it again. */
    static final Duration PHASE_TWO_DUE = Duration.ofSeconds(5);

    private static final int DUE_PAGE = 100;

    private final DynamoDbPayments reads;
    private final ConditionalWrites writes;
    private final DynamoDbClient client;
    private final String table;
    private final String unit;
    private final String colour;

    DynamoDbPaymentWrites(DynamoDbPayments reads, DynamoDbClient client, String table, String unit, String colour) {
        this.reads = reads;
        this.writes = new ConditionalWrites(client);
        this.client = client;
        this.table = table;
        this.unit = unit;
        this.colour = colour;
    }

    @Override
    public Optional<Payment> find(OrderHash order) {
        return reads.find(order);
    }

    @Override
    public boolean abort(OrderHash order, AttemptId attempt, DeclineReason reason, Instant now) {
        return writes.apply(request(order)
                .updateExpression("SET #status = :to, decidedAt = :now, #unit = :unit, colour = :colour, due = :due,"
                        + " dueAt = :dueAt, reasons = :reasons, aborted.#attempt = :reason")
                .conditionExpression("#status = :from AND attempt = :attempt")
                .expressionAttributeNames(Map.of("#status", "status", "#unit", "unit", "#attempt", attempt.value()))
                .expressionAttributeValues(with(transition(Lifecycle.ABORT, attempt), decision(order, reason, now)))
                .build());
    }

    @Override
    public boolean abortUnclaimed(
            OrderHash order, AttemptId attempt, @Nullable Command command, DeclineReason reason, Instant now) {
        Map<String, AttributeValue> values = with(
                decision(order, reason, now),
                Map.of(
                        ":to", s(Lifecycle.ABORT_UNCLAIMED.to().name()),
                        ":attempt", s(attempt.value()),
                        ":aborted", m(Map.of(attempt.value(), s(reason.name())))));
        values.remove(":reason");
        String asked = "";
        if (command != null) {
            asked = ", command = :command";
            values.put(":command", Commands.toItem(command));
        }
        return writes.apply(request(order)
                .updateExpression("SET #status = :to, attempt = :attempt, decidedAt = :now, #unit = :unit,"
                        + " colour = :colour, due = :due, dueAt = :dueAt, reasons = :reasons, aborted = :aborted"
                        + asked)
                .conditionExpression("attribute_not_exists(pk)")
                .expressionAttributeNames(Map.of("#status", "status", "#unit", "unit"))
                .expressionAttributeValues(values)
                .build());
    }

    @Override
    public boolean abortLoser(OrderHash order, AttemptId attempt, DeclineReason reason) {
        return writes.apply(request(order)
                .updateExpression("SET aborted.#attempt = if_not_exists(aborted.#attempt, :reason)")
                .conditionExpression("attempt <> :attempt")
                .expressionAttributeNames(Map.of("#attempt", attempt.value()))
                .expressionAttributeValues(Map.of(":attempt", s(attempt.value()), ":reason", s(reason.name())))
                .build());
    }

    @Override
    public boolean finish(Payment payment, List<Step> settled, Instant now) {
        Lifecycle finish = Lifecycle.finishOf(payment.status());
        Map<String, AttributeValue> values = transition(finish, payment.attempt());
        values.put(":now", n(now));
        // The decider's unit stays as it is: whose phase two it was is another matter.
        values.put(":by", s(unit + "-" + colour));
        values.put(
                ":settled",
                AttributeValue.fromL(
                        settled.stream().map(DynamoDbPaymentWrites::step).toList()));
        String refundable = "";
        Command command = payment.command();
        if (finish.to() == PaymentStatus.SUCCEEDED && command != null && command.kind() == PaymentKind.PAYMENT) {
            // From now on the item can be held on like an account: by its refunds.
            refundable = ", available = :amount, currency = :currency, holds = :none, finished = :none";
            values.put(":amount", n(command.amount().getAmountMinorLong()));
            values.put(":currency", s(command.amount().getCurrencyUnit().getCode()));
            values.put(":none", m(Map.of()));
        }
        return writes.apply(request(payment.order())
                .updateExpression("SET #status = :to, finishedAt = :now, finishedBy = :by, settled = :settled"
                        + refundable + " REMOVE due, dueAt")
                .conditionExpression("#status = :from AND attempt = :attempt")
                .expressionAttributeNames(Map.of("#status", "status"))
                .expressionAttributeValues(values)
                .build());
    }

    @Override
    public boolean postpone(Payment payment, Instant dueAt) {
        Instant seen = payment.dueAt();
        if (seen == null) {
            return false;
        }
        return writes.apply(request(payment.order())
                .updateExpression("SET dueAt = :dueAt")
                .conditionExpression("#status = :status AND attempt = :attempt AND dueAt = :seen")
                .expressionAttributeNames(Map.of("#status", "status"))
                .expressionAttributeValues(Map.of(
                        ":status", s(payment.status().name()),
                        ":attempt", s(payment.attempt().value()),
                        ":dueAt", n(dueAt),
                        ":seen", n(seen)))
                .build());
    }

    @Override
    public Stream<String> due(String unit, Instant by) {
        return DueIndex.partitions(unit).stream()
                .map(partition -> QueryRequest.builder()
                        .tableName(table)
                        .indexName(DueIndex.NAME)
                        .keyConditionExpression("due = :due AND dueAt <= :by")
                        .expressionAttributeValues(Map.of(":due", s(partition), ":by", n(by)))
                        .limit(DUE_PAGE)
                        .build())
                .flatMap(request -> client.queryPaginator(request).items().stream())
                .map(item -> Values.text(item, "pk"));
    }

    @Override
    public Optional<Instant> oldestOpen(String unit) {
        return DueIndex.open(client, table, unit).map(DueIndex.Hint::since).min(Comparator.naturalOrder());
    }

    private UpdateItemRequest.Builder request(OrderHash order) {
        return UpdateItemRequest.builder().tableName(table).key(key(order));
    }

    private Map<String, AttributeValue> decision(OrderHash order, DeclineReason reason, Instant now) {
        return new HashMap<>(Map.of(
                ":now", n(now),
                ":unit", s(unit),
                ":colour", s(colour),
                ":due", s(unit + "#" + Math.floorMod(order.hashCode(), DueIndex.BUCKETS)),
                ":dueAt", n(now.plus(PHASE_TWO_DUE)),
                ":reasons", AttributeValue.fromL(List.of(s(reason.name()))),
                ":reason", s(reason.name())));
    }

    private static Map<String, AttributeValue> transition(Lifecycle transition, AttemptId attempt) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":to", s(transition.to().name()));
        values.put(":from", s(transition.from().orElseThrow().name()));
        values.put(":attempt", s(attempt.value()));
        return values;
    }

    private static Map<String, AttributeValue> with(
            Map<String, AttributeValue> some, Map<String, AttributeValue> more) {
        Map<String, AttributeValue> all = new HashMap<>(some);
        all.putAll(more);
        return all;
    }

    private static AttributeValue step(Step step) {
        return m(Map.of("account", s(step.account()), "outcome", s(step.outcome()), "at", n(step.at())));
    }
}
