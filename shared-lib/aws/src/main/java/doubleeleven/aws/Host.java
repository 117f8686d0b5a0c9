package doubleeleven.aws;

import java.io.PrintStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.regions.Region;

/**
 * Where a function runs: everything it takes from outside. Lambda is one such place; a test that runs all functions in one process, with
 * its own time and its own faults, is another.
 *
 * @param random for identities that nobody may guess
 * @param out where log lines and metrics go
 */
public record Host(Environment environment, Services services, Clock clock, RandomGenerator random, PrintStream out) {

    /** The services that are called. */
    @FunctionalInterface
    public interface Services {
        /**
         * A client of a service in a Region.
         *
         * @param connect builds the client as it is used on AWS
         */
        SdkClient client(Class<? extends SdkClient> type, Region region, Supplier<? extends SdkClient> connect);
    }

    /** The execution environment that Lambda started this process in. */
    public static Host lambda() {
        return with(Environment.ofProcess());
    }

    /** This process, with the services of AWS, or of the endpoint that is set. */
    @SuppressWarnings("SystemOut") // standard output is where Lambda takes log lines from
    public static Host with(Environment environment) {
        return new Host(
                environment,
                (_, _, connect) -> connect.get(),
                Clock.systemUTC(),
                // SnapStart keeps it different in each copy of a snapshot.
                new SecureRandom(),
                System.out);
    }

    public Log log() {
        return Log.of(environment, out, clock);
    }

    public Metrics metrics() {
        return Metrics.of(environment, out, clock);
    }

    <C extends SdkClient> C client(Class<C> type, Region region, Supplier<C> connect) {
        return type.cast(services.client(type, region, connect));
    }
}
