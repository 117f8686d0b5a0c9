package doubleeleven.routing;

import doubleeleven.ids.Shard;

/**
 * Who serves one shard, as a version of the rule says. Units obey the newest route they find, so each shard changes hands at one moment,
 * whatever versions gateways hold.
 *
 * @param standby serves calls that say that the owner could not be reached
 * @param forbidden the owner serves nobody
 */
public record Route(Shard shard, long version, String owner, String standby, boolean forbidden) {}
