/** Risk: whether a payment may go on, from what is known of its payer. A decision that comes too late is no decision. */
@NullMarked
package doubleeleven.risk;

import org.jspecify.annotations.NullMarked;
