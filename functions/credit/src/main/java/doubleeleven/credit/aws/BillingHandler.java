package doubleeleven.credit.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.CreditTerms;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.credit.billing.Billing;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes the bills of one month for one shard's customers: {@code {"shard": "17", "month": "2026-11", "after": "…"}}. */
public final class BillingHandler implements RequestStreamHandler {
    private final Billing billing;
    private final ShardTask<Billing.Outcome> task;

    public BillingHandler() {
        this(Host.lambda());
    }

    public BillingHandler(Host host) {
        this.billing = new Billing(Wiring.receivables(host), CreditTerms.read(), host.clock());
        this.task = new ShardTask<>("Billing", Billing.Outcome.class, Wiring.lines(host), host);
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Map<String, Object> input = Json.object(in);
        YearMonth month = month(input.get("month"));
        Json.write(task.run(input, context, customer -> billing.bill(customer, month)), out);
    }

    private static YearMonth month(@Nullable Object value) {
        try {
            return YearMonth.parse(String.valueOf(value));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("month must be a text like \"2026-11\": " + value, e);
        }
    }
}
