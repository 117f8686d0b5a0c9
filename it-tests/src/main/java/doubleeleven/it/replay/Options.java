package doubleeleven.it.replay;

import doubleeleven.it.command.Arguments;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the caller asked for.
 *
 * @param orders how many payments to make
 * @param calm without a failover and a release meanwhile
 * @param regions whose doors to use; empty for all
 */
record Options(int orders, int parallel, boolean calm, List<String> regions, Optional<Path> data) {
    static final String USAGE = """
            Replays real orders through the doors of a deployed stack and audits the result.

              --orders N       merchant orders to pay, one payment each (default 60)
              --parallel P     workers; each keeps its customers' orders in time order (default 4)
              --calm           without a failover and a release meanwhile
              --regions a,b,c  Regions whose doors are used (default: all)
              --data FILE      gzipped lines in the format of data/online-retail.csv.gz (default: that sample)
              --help           this text

            The environment says where the stack is: DOUBLE11_OUTPUTS (outputs file of the deployment), AWS_ENDPOINT_URL and
            credentials. Exit code: 0 if all is well, 1 if a failover or a release did not end well, a payment stayed open, money was not conserved, a payment took more
            writes than designed or was answered otherwise than recorded, 2 for wrong options.
            """;

    static Options parse(Arguments arguments) throws Arguments.Invalid {
        int orders = 60;
        int parallel = 4;
        boolean calm = false;
        List<String> regions = List.of();
        Optional<Path> data = Optional.empty();
        while (arguments.hasNext()) {
            switch (arguments.next()) {
                case "--orders" -> orders = arguments.count(1_000_000);
                case "--parallel" -> parallel = arguments.count(256);
                case "--calm" -> calm = true;
                case "--regions" -> regions = arguments.names();
                case "--data" -> data = Optional.of(arguments.file());
                default -> throw arguments.unknown();
            }
        }
        return new Options(orders, parallel, calm, regions, data);
    }
}
