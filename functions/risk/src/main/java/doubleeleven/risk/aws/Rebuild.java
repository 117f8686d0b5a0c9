package doubleeleven.risk.aws;

import static doubleeleven.aws.dynamodb.Values.n;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.aws.Log;
import doubleeleven.aws.dynamodb.DecidedMessage;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.risk.Features;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/**
 * Tells the features anew what the payments of the kept week spent. It tells of an attempt what the message of its decision tells, so it may
 * run in parts, twice, and beside the messages.
 *
 * <p>It reads strongly: what was decided anywhere before it began is seen, also where the features were lost right after the message. What is
 * decided later may be behind the scan already, and has its message still before it.
 */
final class Rebuild {
    private final DynamoDbClient client;
    private final String payments;
    private final Features features;
    private final Clock clock;
    private final Log log;

    Rebuild(DynamoDbClient client, String payments, Features features, Clock clock, Log log) {
        this.client = client;
        this.payments = payments;
        this.features = features;
        this.clock = clock;
        this.log = log;
    }

    /** One of the parts that the payment table is read in, beside one another. */
    record Segment(int number, int of) {}

    /**
     * What a run came to.
     *
     * @param seen payments of the week, and those that are not decided
     * @param failed those that could not be read or remembered
     * @param after the payment after which the next run goes on; null at the end of the segment
     */
    record Result(
            int pages,
            int seen,
            int remembered,
            int failed,
            @Nullable String after) {}

    /**
     * Goes through a segment until the time is up; by one payment or one page at least, so that runs always come to an end.
     *
     * @param after where an earlier run stopped; null from the beginning
     */
    Result run(Segment segment, @Nullable String after, BooleanSupplier timeIsLeft) {
        ScanRequest.Builder request = ScanRequest.builder()
                .tableName(payments)
                .segment(segment.number())
                .totalSegments(segment.of())
                .consistentRead(true)
                // Not the other way round: an item without a time is looked at, be it not decided or unreadable.
                .filterExpression("NOT decidedAt < :since")
                .expressionAttributeValues(Map.of(":since", n(clock.instant().minus(DynamoDbFeatures.KEPT))));
        Count count = new Count();
        @Nullable String last = after;
        do {
            ScanResponse page = client.scan(request.exclusiveStartKey(last == null ? null : Map.of("pk", s(last)))
                    .build());
            count.pages++;
            for (Map<String, AttributeValue> item : page.items()) {
                last = Values.text(item, "pk");
                tell(last, item, count);
                if (!timeIsLeft.getAsBoolean()) {
                    return count.until(last);
                }
            }
            last = page.hasLastEvaluatedKey() ? Values.text(page.lastEvaluatedKey(), "pk") : null;
        } while (last != null && timeIsLeft.getAsBoolean());
        return count.until(last);
    }

    private void tell(String payment, Map<String, AttributeValue> item, Count count) {
        count.seen++;
        try {
            Optional<Spending> spending = Spending.of(DecidedMessage.of(item));
            if (spending.isPresent()) {
                spending.get().rememberIn(features);
                count.remembered++;
            }
        } catch (RuntimeException e) {
            count.failed++;
            log.error("A payment could not be remembered; the others went on", Map.of("payment", payment), e);
        }
    }

    private static final class Count {
        private int pages;
        private int seen;
        private int remembered;
        private int failed;

        Result until(@Nullable String after) {
            return new Result(pages, seen, remembered, failed, after);
        }
    }
}
