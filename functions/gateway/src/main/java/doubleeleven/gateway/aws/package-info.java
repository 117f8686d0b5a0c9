/** The gateway on AWS: Lambda behind API Gateway, DynamoDB, Step Functions, SQS. */
@NullMarked
package doubleeleven.gateway.aws;

import org.jspecify.annotations.NullMarked;
