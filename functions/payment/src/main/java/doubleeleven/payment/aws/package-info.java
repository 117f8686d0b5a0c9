/** Handlers and adapters of the payment context: streams, queues and conditional writes. */
@NullMarked
package doubleeleven.payment.aws;

import org.jspecify.annotations.NullMarked;
