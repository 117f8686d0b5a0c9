/** Building blocks that carry the rules every function, queue and workflow keeps. */
@NullMarked
package doubleeleven.cdk.construct;

import org.jspecify.annotations.NullMarked;
