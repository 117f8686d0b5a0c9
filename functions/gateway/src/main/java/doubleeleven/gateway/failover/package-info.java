/**
 * Taking a unit out of service by rule and bringing it back: the steps of two workflows, each of which may be repeated. A request alone is
 * served by the standby at once, without any of this; what is done here makes it last, ends what was in doubt, and proves that it holds.
 */
@NullMarked
package doubleeleven.gateway.failover;

import org.jspecify.annotations.NullMarked;
