package doubleeleven.it.chaos;

import doubleeleven.it.command.Arguments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the caller asked for.
 *
 * @param target what to break where the one scenario has a choice; empty to leave it to chance
 * @param orders how many orders to have ready for each scenario
 * @param pace between the beginnings of two calls
 * @param warmUp load before the first of them
 * @param fault how long each fault lasts
 * @param regions whose doors to use; empty for all
 * @param list whether to say which scenarios there are, and do nothing
 */
record Options(
        List<Scenario> scenarios,
        String target,
        int orders,
        int parallel,
        Duration pace,
        WarmUp warmUp,
        Duration fault,
        long seed,
        List<String> regions,
        boolean list) {
    static final String USAGE = """
            Breaks a deployed local stack under a load of real payments and refunds, one fault after the other, and audits what came of them.

              --scenario NAME  only this one; may be given again, or with several names and commas between (default: all)
              --target NAME    what to break, of one scenario that has a choice: a Region, a unit (RZ01), one of its colours (RZ01-a),
                               one of its functions or queues (default: by chance)
              --orders N       orders ready for each scenario (default 30)
              --parallel P     calls at a time at most (default 10)
              --pace MS        milliseconds between the beginnings of two calls (default 1200)
              --warm-up S      how long load without a fault may last beforehand, until twenty calls running took half a second at most
                               (default 60; 0 for none)
              --seconds S      how long each fault lasts, with a quarter of that before it and after it (default 20)
              --seed S         for everything that is chosen by chance here (default 11)
              --regions a,b,c  Regions whose doors are used (default: all)
              --list           say what scenarios there are
              --help           this text

            The environment says where the stack is: DOUBLE11_OUTPUTS (outputs file of the deployment), AWS_ENDPOINT_URL and
            credentials. Exit code: 0 if all is well, 1 if a payment was lost, doubled or stuck, or a fault never hit anything,
            2 for wrong options.
            """;

    static Options parse(Arguments arguments) throws Arguments.Invalid {
        List<Scenario> scenarios = new ArrayList<>();
        String target = "";
        int orders = 30;
        int parallel = 10;
        Duration pace = Load.PACE;
        WarmUp warmUp = new WarmUp(Duration.ofSeconds(60));
        Duration fault = Duration.ofSeconds(20);
        long seed = 11;
        List<String> regions = List.of();
        boolean list = false;
        while (arguments.hasNext()) {
            switch (arguments.next()) {
                case "--list" -> list = true;
                case "--scenario" -> scenarios.addAll(scenarios(arguments.names()));
                case "--target" -> target = arguments.value();
                case "--orders" -> orders = arguments.count(1_000_000);
                case "--parallel" -> parallel = arguments.count(256);
                case "--pace" -> pace = Duration.ofMillis(arguments.count(60_000));
                case "--warm-up" -> warmUp = new WarmUp(Duration.ofSeconds(arguments.count(0, WarmUp.SECONDS_AT_MOST)));
                case "--seconds" -> fault = Duration.ofSeconds(arguments.count(Scenario.SECONDS_AT_MOST));
                case "--seed" -> seed = arguments.number();
                case "--regions" -> regions = arguments.names();
                default -> throw arguments.unknown();
            }
        }
        List<Scenario> chosen = scenarios.isEmpty()
                ? List.of(Scenario.values())
                : scenarios.stream().distinct().toList();
        if (!target.isEmpty() && chosen.size() != 1) {
            throw new Arguments.Invalid("--target needs one --scenario, whose target it is");
        }
        return new Options(chosen, target, orders, parallel, pace, warmUp, fault, seed, regions, list);
    }

    private static List<Scenario> scenarios(List<String> names) throws Arguments.Invalid {
        List<Scenario> found = new ArrayList<>();
        for (String name : names) {
            found.add(Scenario.named(name)
                    .orElseThrow(() -> new Arguments.Invalid("--scenario: there is no " + name + "; there are "
                            + String.join(
                                    ", ",
                                    Arrays.stream(Scenario.values())
                                            .map(Scenario::title)
                                            .toList()))));
        }
        return found;
    }
}
