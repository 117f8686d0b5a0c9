package doubleeleven.gateway.aws;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import doubleeleven.gateway.stress.Doors;
import doubleeleven.gateway.stress.Generator;
import doubleeleven.gateway.stress.Load;
import doubleeleven.gateway.stress.Pace;
import doubleeleven.gateway.stress.Plan;
import doubleeleven.gateway.stress.Slice;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;

/** A client from outside that makes load: it calls doors, and may do nothing else. */
public final class StressLoadHandler implements RequestStreamHandler {
    private final Doors doors;
    private final Supplier<Pace> pace;
    private final Clock clock;
    private final Log log;

    /** Called by Lambda. */
    public StressLoadHandler() {
        this(Host.lambda(), new HttpDoors(), ThreadPace::new);
    }

    /**
     * A client that calls those doors.
     *
     * @param pace of a slice that begins now
     */
    public StressLoadHandler(Host host, Doors doors, Supplier<Pace> pace) {
        this.doors = doors;
        this.pace = pace;
        this.clock = host.clock();
        this.log = host.log();
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Map<String, Object> event = Json.object(in);
        String test = Json.text(event, "stressTest");
        Generator generator =
                new Generator(doors, clock, test, Plan.read(Json.child(event, "plan")), Json.texts(event, "marks"));
        Json.write(
                switch (Json.text(event, "task")) {
                    case "OPEN_MERCHANTS" ->
                        Map.of("merchantKeys", generator.openMerchants(Json.text(event, "operatorKey")));
                    case "OPEN_CUSTOMERS" ->
                        Map.of(
                                "opened",
                                generator.openCustomers(
                                        Json.text(event, "operatorKey"), (int) Json.integer(event, "worker"), (int)
                                                Json.integer(event, "workers")));
                    case "PAY" -> pay(generator, test, event);
                    default -> throw new IllegalArgumentException("no task of load: " + event.get("task"));
                },
                out);
    }

    private Map<String, Object> pay(Generator generator, String test, Map<String, Object> event) {
        Slice slice = Slice.read(Json.child(event, "slice"));
        int worker = (int) Json.integer(event, "worker");
        Load load = generator.run(slice, worker, Json.texts(event, "merchantKeys"), pace.get());
        log.info(
                "a slice of load was sent",
                Map.of(
                        "stressTest", test,
                        "step", slice.step(),
                        "slice", slice.number(),
                        "worker", worker,
                        "outcomes", load.outcomes().toString()));
        return load.toJson();
    }
}
