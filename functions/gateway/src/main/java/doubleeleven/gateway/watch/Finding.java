package doubleeleven.gateway.watch;

import doubleeleven.health.Withheld;

/** A unit that the Regions see down, and what this one's watcher did about it. */
public sealed interface Finding {
    String unit();

    /** Who saw what. */
    String evidence();

    /** It is being taken out of service. */
    record Begun(String unit, String evidence, String failover) implements Finding {}

    /** It stays until a person decides. */
    record Kept(String unit, String evidence, Withheld why) implements Finding {}

    /** Somebody else acts: the unit lives here, it is not seen failing from here, a failover of it is under way, or this watcher was too late. */
    record LeftToOthers(String unit, String evidence) implements Finding {}

    /** The workflow of this Region is out of reach. Another watcher tries in a minute. */
    record NotStarted(String unit, String evidence, String failover) implements Finding {}
}
