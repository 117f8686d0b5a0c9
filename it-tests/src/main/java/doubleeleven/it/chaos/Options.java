package doubleeleven.it.chaos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the caller asked for.
 *
 * @param orders how many orders to have ready for each scenario
 * @param regions whose doors to use; empty for all
 * @param list whether to say which scenarios there are, and do nothing
 */
record Options(
        List<Scenario> scenarios,
        int orders,
        int parallel,
        long seed,
        List<String> regions,
        boolean list,
        boolean help) {
    static final String USAGE = """
            Breaks a deployed local stack under a load of real payments and refunds, one fault after the other, and audits what came of them.

              --scenario NAME  only this one; may be given again, or with several names and commas between (default: all)
              --orders N       orders ready for each scenario (default 30)
              --parallel P     calls at a time at most (default 10)
              --seed S         for everything that is chosen by chance here (default 11)
              --regions a,b,c  Regions whose doors are used (default: all)
              --list           say what scenarios there are
              --help           this text

            The environment says where the stack is: DOUBLE11_OUTPUTS (outputs file of the deployment), AWS_ENDPOINT_URL and
            credentials. Exit code: 0 if all is well, 1 if a payment was lost, doubled or stuck, or a fault never hit anything,
            2 for wrong options.
            """;

    /** The options make no sense; the message says why. */
    static final class Invalid extends Exception {
        private static final long serialVersionUID = 1;

        Invalid(String message) {
            super(message);
        }
    }

    static Options parse(String... args) throws Invalid {
        List<Scenario> scenarios = new ArrayList<>();
        int orders = 30;
        int parallel = 10;
        long seed = 11;
        List<String> regions = List.of();
        boolean list = false;
        boolean help = false;
        List<String> rest = new ArrayList<>(Arrays.asList(args));
        while (!rest.isEmpty()) {
            String option = rest.removeFirst();
            switch (option) {
                case "--help", "-h" -> help = true;
                case "--list" -> list = true;
                case "--scenario" -> scenarios.addAll(scenarios(option, value(option, rest)));
                case "--orders" -> orders = Math.toIntExact(number(option, rest, 1, 1_000_000));
                case "--parallel" -> parallel = Math.toIntExact(number(option, rest, 1, 256));
                case "--seed" -> seed = number(option, rest, Long.MIN_VALUE, Long.MAX_VALUE);
                case "--regions" -> regions = List.of(value(option, rest).split(",", -1));
                default -> throw new Invalid("unknown option " + option);
            }
        }
        List<Scenario> chosen = scenarios.isEmpty()
                ? List.of(Scenario.values())
                : scenarios.stream().distinct().toList();
        return new Options(chosen, orders, parallel, seed, regions, list, help);
    }

    private static List<Scenario> scenarios(String option, String names) throws Invalid {
        List<Scenario> found = new ArrayList<>();
        for (String name : names.split(",", -1)) {
            found.add(Scenario.named(name)
                    .orElseThrow(() -> new Invalid(option + ": there is no " + name + "; there are "
                            + String.join(
                                    ", ",
                                    Arrays.stream(Scenario.values())
                                            .map(Scenario::title)
                                            .toList()))));
        }
        return found;
    }

    private static String value(String option, List<String> rest) throws Invalid {
        if (rest.isEmpty() || rest.getFirst().isBlank()) {
            throw new Invalid(option + " needs a value");
        }
        return rest.removeFirst();
    }

    private static long number(String option, List<String> rest, long least, long most) throws Invalid {
        String text = value(option, rest);
        try {
            long number = Long.parseLong(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number out of range.
        }
        throw new Invalid(option + " must be a number from " + least + " to " + most + ", not " + text);
    }
}
