package doubleeleven.gateway.operations;

import doubleeleven.routing.InForce;
import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import java.util.List;
import java.util.Optional;

/** Where the routing rule lies: the version in force, and those that are kept. Reads are strong. */
public interface RuleHistory {
    /** Empty before the first deployment. */
    Optional<InForce> current();

    /** A version among those that are kept. */
    Optional<PublishedRule> kept(long version);

    /** Versions that are kept up to that one, the newest first, no more than so many. */
    List<PublishedRule> keptUpTo(long version, int most);

    /** Keeps a version; one that is kept already stays as it is, but for the record that it was given to all. */
    void keep(PublishedRule rule);

    /** Puts a rule in force; false where something else is in force by now than what it takes the place of. */
    boolean replace(InForce current, InForce next);

    /** Tells the units of a rule; those that know a newer one keep to that. */
    void spread(RoutingRule rule);
}
