package doubleeleven.gateway.failover;

import doubleeleven.ids.Shard;
import doubleeleven.routing.RoutingRule;
import doubleeleven.routing.Unit;

/** Synthetic payments: real ones for a unit's whole workflow, of a customer that nobody can open. No account is touched. */
public interface Probes {
    /** What a synthetic payment found. */
    sealed interface Sight {
        /** The unit serves the shard: it claimed, scored, decided and declined. */
        record Serves() implements Sight {}

        /** It works, and says that another one serves the shard by that version of the rule. */
        record Refuses(long version) implements Sight {}

        /** It is out of reach, or does not work. */
        record Fails(String why) implements Sight {}
    }

    /**
     * Pays at one colour of a unit, as a caller who takes it for the owner of the shard.
     *
     * @param name of the payment; the same one again is the same payment
     */
    Sight at(Unit unit, String colour, RoutingRule rule, Shard shard, String name);

    /** Pays where the gateway would send a payment of that shard first. */
    Sight routed(RoutingRule rule, Shard shard, String name);
}
