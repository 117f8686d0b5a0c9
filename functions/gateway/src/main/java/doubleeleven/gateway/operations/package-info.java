/**
 * What operators see of open payments and dead letters, and the few things they may do: ask again, abort what nobody decided, bring
 * dead letters back. Each is on record, durably, before it is done.
 */
@NullMarked
package doubleeleven.gateway.operations;

import org.jspecify.annotations.NullMarked;
