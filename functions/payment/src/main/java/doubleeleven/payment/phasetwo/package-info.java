/**
 * What happens to a payment after its decision, and to one that nobody decided in time. Every rule of the protocol's asynchronous half is
 * here; what a rule needs of the tables and queues is a port.
 */
@NullMarked
package doubleeleven.payment.phasetwo;

import org.jspecify.annotations.NullMarked;
