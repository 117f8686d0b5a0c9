/** Notifications by SQS, DynamoDB and HTTP. */
@NullMarked
package doubleeleven.notification.aws;

import org.jspecify.annotations.NullMarked;
