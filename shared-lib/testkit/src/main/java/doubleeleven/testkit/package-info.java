/** DynamoDB Local with the project's tables, for contract tests. */
@NullMarked
package doubleeleven.testkit;

import org.jspecify.annotations.NullMarked;
