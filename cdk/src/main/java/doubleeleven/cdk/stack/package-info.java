/** What is deployed once, once for each Region, and once for each unit and colour. */
@NullMarked
package doubleeleven.cdk.stack;

import org.jspecify.annotations.NullMarked;
