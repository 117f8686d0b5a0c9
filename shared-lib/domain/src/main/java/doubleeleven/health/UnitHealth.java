package doubleeleven.health;

import java.util.List;

/**
 * What the Regions see of a unit together.
 *
 * @param failing Regions whose looks count against it, its own never among them, with what they saw
 */
public record UnitHealth(String unit, Verdict verdict, List<Look> failing) {
    /** How it is. */
    public enum Verdict {
        /** Most Regions see every colour of it work. */
        WELL,
        /** Too few Regions have looked lately. */
        UNKNOWN,
        /** Not everything works everywhere, and it does not count as down. */
        DOUBTED,
        /** Most of the Regions in which it does not live see every colour of it fail, for long enough. */
        DOWN
    }

    public UnitHealth {
        failing = List.copyOf(failing);
    }

    public boolean isSeenFailingBy(String region) {
        return failing.stream().anyMatch(look -> look.region().equals(region));
    }

    /** Who saw what, for the record. */
    public String evidence() {
        return failing.stream()
                .map(look -> look.region() + " sees " + String.join(", ", said(look)))
                .collect(java.util.stream.Collectors.joining("; "));
    }

    private List<String> said(Look look) {
        return look.views().stream()
                .filter(view -> view.unit().equals(unit) && view.failingSince() != null)
                .map(view -> view.colour() + " failing, " + view.failures() + " looks in a row since "
                        + view.failingSince() + " (" + view.said()
                        + (view.real() == View.Real.MISSED ? ", customers' payments too)" : ")"))
                .toList();
    }
}
