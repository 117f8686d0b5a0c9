/** Routing: which unit serves a shard, which one stands by, and which colour a customer sees. */
@NullMarked
package doubleeleven.routing;

import org.jspecify.annotations.NullMarked;
