package doubleeleven.gateway.operations;

import doubleeleven.routing.PublishedRule;
import doubleeleven.routing.RoutingRule;
import java.util.List;
import java.util.Optional;

/** Where the routing rule lies: the version in force, and those that are kept. Reads are strong. */
public interface RuleHistory {
    /** Empty before the first deployment. */
    Optional<PublishedRule> current();

    /** A version among those that are kept. */
    Optional<PublishedRule> kept(long version);

    /** Versions that are kept up to that one, the newest first, no more than so many. */
    List<PublishedRule> keptUpTo(long version, int most);

    /** Keeps a version; one that is kept already stays as it is. */
    void keep(PublishedRule rule);

    /** Puts a rule in force, in place of the version right before it; false where another one is in force. */
    boolean replace(PublishedRule rule);

    /** Tells the units of a rule; those that know a newer one keep to that. */
    void spread(RoutingRule rule);
}
