package doubleeleven.rig.explore;

import doubleeleven.testkit.asl.StateFailed;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** What a call was answered, comparable so that equal answers lead to the same state. */
sealed interface Answer {
    /** What the caller gets: the value, or the exception. */
    Object give();

    /** The service's own answer. */
    record Given(Object value) implements Answer {
        @Override
        public Object give() {
            return value;
        }
    }

    /** The condition did not hold. */
    record Refused(Map<String, AttributeValue> item) implements Answer {
        @Override
        public Object give() {
            throw ConditionalCheckFailedException.builder()
                    .item(item)
                    .message("The conditional request failed")
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode("ConditionalCheckFailedException")
                            .build())
                    .build();
        }
    }

    /** The service refused the call as such: only a defect makes it do so. */
    record Wrong(String message) implements Answer {
        @Override
        public Object give() {
            throw DynamoDbException.builder()
                    .message(message)
                    .awsErrorDetails(AwsErrorDetails.builder()
                            .errorCode("ValidationException")
                            .build())
                    .build();
        }
    }

    /** No answer came, to a workflow. */
    record Timeout() implements Answer {
        @Override
        public Object give() {
            throw new StateFailed(StateFailed.TIMEOUT, "no answer");
        }
    }

    /** No answer came, to a function's client after all its tries. */
    record CallTimeout() implements Answer {
        @Override
        public Object give() {
            throw ApiCallTimeoutException.builder().message("no answer").build();
        }
    }
}
