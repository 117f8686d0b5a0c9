/**
 * The gateway: who calls, what is asked, whether the payer agreed, which unit serves it. It turns a request into one attempt of one
 * payment and the attempt's outcome into an answer; it moves no money itself.
 */
@NullMarked
package doubleeleven.gateway;

import org.jspecify.annotations.NullMarked;
