package doubleeleven.it.replay;

import doubleeleven.it.client.Receiver;
import doubleeleven.it.client.Receiver.Told;
import doubleeleven.it.replay.Outcome.Result;
import doubleeleven.it.replay.Plan.Purchase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What merchants were told, against what became of their payments and refunds.
 *
 * @param told as it came
 */
record Notices(List<Told> told, List<Outcome> outcomes) {
    static Notices of(Receiver receiver, List<Outcome> outcomes) {
        return new Notices(receiver.told(), outcomes);
    }

    /** How often each was told, whatever it was told how often: by its type. */
    Map<String, Long> byType() {
        return first().stream().collect(Collectors.groupingBy(Told::type, TreeMap::new, Collectors.counting()));
    }

    /** Told once more, by the same id. */
    int again() {
        return told.size() - first().size();
    }

    List<String> faults() {
        List<String> faults = new ArrayList<>();
        told.stream()
                .filter(each -> each.signedBy().size() != 1)
                .forEach(each ->
                        faults.add("notification " + each.id() + " is signed by none of its merchant's secrets"));
        missing().forEach(outcome -> faults.add("nobody was told that " + outcome.id() + " is " + typeOf(outcome)));
        return faults;
    }

    /** What was decided and not told as it was. */
    List<Outcome> missing() {
        return outcomes.stream()
                .filter(outcome -> outcome.result() == Result.PAID || outcome.result() == Result.DECLINED)
                .filter(outcome -> !outcome.id().isEmpty())
                .filter(outcome -> told.stream()
                        .noneMatch(each -> each.about("id").equals(outcome.id())
                                && each.type().equals(typeOf(outcome))))
                .toList();
    }

    private Collection<Told> first() {
        return told.stream()
                .collect(Collectors.toMap(Told::id, Function.identity(), (first, again) -> first))
                .values();
    }

    private static String typeOf(Outcome outcome) {
        return (outcome.event() instanceof Purchase ? "payment." : "refund.")
                + outcome.result().name().toLowerCase(Locale.ROOT);
    }
}
