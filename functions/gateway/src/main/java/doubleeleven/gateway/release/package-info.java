/**
 * Gradual shifts of a unit's customers from one colour to the other: what gateways count of each colour, the statistics that hold one
 * against the other, and the steps of a release, each of which may be repeated after whatever dies under it.
 */
@NullMarked
package doubleeleven.gateway.release;

import org.jspecify.annotations.NullMarked;
