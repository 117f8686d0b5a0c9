/** Tables, item schemas and conditional writes that more than one context uses. */
@NullMarked
package doubleeleven.aws.dynamodb;

import org.jspecify.annotations.NullMarked;
