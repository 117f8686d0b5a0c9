/**
 * Whether a unit is down, as the Regions see it together, and whether it may be taken out of service without asking anybody. One Region's eyes
 * are never enough: what it sees may be its own fault.
 */
@NullMarked
package doubleeleven.health;

import org.jspecify.annotations.NullMarked;
