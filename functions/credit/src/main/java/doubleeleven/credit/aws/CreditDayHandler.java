package doubleeleven.credit.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Clients;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.RuleItems;
import doubleeleven.aws.dynamodb.Tables;
import doubleeleven.routing.RoutingRule;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Plans a day of credit: {@code {"asked": {"day": "2026-12-11"}}}, or today. Answers the month that closed last, the day, and the shards to go
 * through by the routing rule in force: the unit's own and those of the units it stands by for, because a unit that is gone bills nobody, and
 * two runs harm nobody.
 */
public final class CreditDayHandler implements RequestStreamHandler {
    private final String unit;
    private final DynamoDbClient client;
    private final String control;
    private final Clock clock;

    public CreditDayHandler() {
        this(Host.lambda());
    }

    public CreditDayHandler(Host host) {
        this.unit = host.environment().require("UNIT");
        this.client = Clients.dynamoDb(host);
        this.control = Tables.control(host.environment());
        this.clock = host.clock();
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Map<String, Object> input = Json.object(in);
        LocalDate day = day(
                input.get("asked") instanceof Map<?, ?> asked && asked.get("day") instanceof String text
                        ? text
                        : LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toString());
        Json.write(
                Map.of(
                        "day", day.toString(),
                        "month", YearMonth.from(day).minusMonths(1).toString(),
                        "shards", shards()),
                out);
    }

    private List<String> shards() {
        RoutingRule rule = inForce();
        return IntStream.range(0, rule.owners().size())
                .filter(shard -> isMine(rule, rule.owners().get(shard)))
                .mapToObj(shard -> String.format("%02d", shard))
                .toList();
    }

    private RoutingRule inForce() {
        return RuleItems.inForce(client.getItem(request -> request.tableName(control)
                                .key(RuleItems.CURRENT)
                                .consistentRead(true))
                        .item())
                .rule();
    }

    private boolean isMine(RoutingRule rule, String owner) {
        return owner.equals(unit) || unit.equals(rule.unit(owner).standby());
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("day must be a text like \"2026-12-11\": " + text, e);
        }
    }
}
