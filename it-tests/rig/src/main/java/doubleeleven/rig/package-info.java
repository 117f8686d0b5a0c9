/** The whole platform in one process: the deployed definitions and the real handlers on DynamoDB Local, with time, order and faults in the test's hand. */
@NullMarked
package doubleeleven.rig;

import org.jspecify.annotations.NullMarked;
