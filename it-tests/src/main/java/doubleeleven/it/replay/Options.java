package doubleeleven.it.replay;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the caller asked for.
 *
 * @param orders how many payments to make
 * @param regions whose doors to use; empty for all
 */
record Options(int orders, int parallel, List<String> regions, Optional<Path> data, boolean help) {
    static final String USAGE = """
            Replays real orders through the doors of a deployed stack and audits the result.

              --orders N       merchant orders to pay, one payment each (default 60)
              --parallel P     workers; each keeps its customers' orders in time order (default 4)
              --regions a,b,c  Regions whose doors are used (default: all)
              --data FILE      gzipped lines in the format of data/online-retail.csv.gz (default: that sample)
              --help           this text

            The environment says where the stack is: DOUBLE11_OUTPUTS (outputs file of the deployment), AWS_ENDPOINT_URL and
            credentials. Exit code: 0 if all is well, 1 if a payment stayed open, money was not conserved, a payment took more
            writes than designed or was answered otherwise than recorded, 2 for wrong options.
            """;

    /** The options make no sense; the message says why. */
    static final class Invalid extends Exception {
        private static final long serialVersionUID = 1;

        Invalid(String message) {
            super(message);
        }
    }

    static Options parse(String... args) throws Invalid {
        int orders = 60;
        int parallel = 4;
        List<String> regions = List.of();
        Optional<Path> data = Optional.empty();
        List<String> rest = new ArrayList<>(Arrays.asList(args));
        while (!rest.isEmpty()) {
            String option = rest.removeFirst();
            switch (option) {
                case "--help", "-h" -> {
                    return new Options(orders, parallel, regions, data, true);
                }
                case "--orders" -> orders = number(option, rest, 1_000_000);
                case "--parallel" -> parallel = number(option, rest, 256);
                case "--regions" -> regions = List.of(value(option, rest).split(",", -1));
                case "--data" -> data = Optional.of(file(option, rest));
                default -> throw new Invalid("unknown option " + option);
            }
        }
        return new Options(orders, parallel, regions, data, false);
    }

    private static String value(String option, List<String> rest) throws Invalid {
        if (rest.isEmpty() || rest.getFirst().isBlank()) {
            throw new Invalid(option + " needs a value");
        }
        return rest.removeFirst();
    }

    private static int number(String option, List<String> rest, int most) throws Invalid {
        String text = value(option, rest);
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw new Invalid(option + " must be a number from 1 to " + most + ", not " + text);
    }

    private static Path file(String option, List<String> rest) throws Invalid {
        Path file = Path.of(value(option, rest));
        if (!Files.isReadable(file)) {
            throw new Invalid(option + ": cannot read " + file);
        }
        return file;
    }
}
