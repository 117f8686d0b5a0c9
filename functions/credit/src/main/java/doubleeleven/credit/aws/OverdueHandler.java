package doubleeleven.credit.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.credit.billing.Lines;
import doubleeleven.credit.billing.Overdue;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Charges interest up to a day and freezes or thaws the lines of one shard's customers: {@code {"shard": "17", "day": "2026-12-11", "after":
 * "…"}}.
 */
public final class OverdueHandler implements RequestStreamHandler {
    private final Overdue overdue;
    private final ShardTask<Overdue.Outcome> task;

    public OverdueHandler() {
        this(Host.lambda());
    }

    public OverdueHandler(Host host) {
        Lines lines = Wiring.lines(host);
        this.overdue = new Overdue(Wiring.receivables(host), lines, host.clock());
        this.task = new ShardTask<>("Overdue", Overdue.Outcome.class, lines, host);
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Map<String, Object> input = Json.object(in);
        LocalDate day = day(input.get("day"));
        Json.write(task.run(input, context, customer -> overdue.run(customer, day)), out);
    }

    private static LocalDate day(@Nullable Object value) {
        try {
            return LocalDate.parse(String.valueOf(value));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("day must be a text like \"2026-12-11\": " + value, e);
        }
    }
}
