/** Runs state machine definitions as Step Functions does, so that tests run what is deployed. */
@NullMarked
package doubleeleven.testkit.asl;

import org.jspecify.annotations.NullMarked;
