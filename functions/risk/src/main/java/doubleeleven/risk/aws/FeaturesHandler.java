package doubleeleven.risk.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Host;
import doubleeleven.aws.Log;
import doubleeleven.aws.SqsBatch;
import doubleeleven.risk.Features;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/** Remembers what payers spent, by payments and transfers, for the velocity rules, from the decisions that the relay publishes. */
public final class FeaturesHandler implements RequestStreamHandler {
    private final Features features;
    private final Log log;

    public FeaturesHandler() {
        this(Host.lambda());
    }

    public FeaturesHandler(Host host) {
        this(Wiring.featureWrites(host), host.log());
    }

    FeaturesHandler(Features features, Log log) {
        this.features = features;
        this.log = log;
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        new SqsBatch(log).each(in, out, this::remember);
    }

    private void remember(Map<String, Object> decided) {
        Spending.of(decided).ifPresent(spending -> spending.rememberIn(features));
    }
}
