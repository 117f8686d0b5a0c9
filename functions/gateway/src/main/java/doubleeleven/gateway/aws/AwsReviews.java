package doubleeleven.gateway.aws;

import static doubleeleven.aws.dynamodb.Values.key;
import static doubleeleven.aws.dynamodb.Values.s;

import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.CreditSchemas;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.credit.Application;
import doubleeleven.credit.ReviewRegister;
import doubleeleven.gateway.operations.Reviews;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sfn.model.InvalidTokenException;
import software.amazon.awssdk.services.sfn.model.TaskDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.TaskTimedOutException;

/** Applications that wait, in the credit table, and the workflows that wait for their decision. */
final class AwsReviews implements Reviews {
    private final DynamoDbClient client;
    private final String creditTable;
    private final RegionalClients clients;

    AwsReviews(DynamoDbClient client, String creditTable, RegionalClients clients) {
        this.client = client;
        this.creditTable = creditTable;
        this.clients = clients;
    }

    @Override
    public List<Application> waiting(int most) {
        return client
                .query(request -> request.tableName(creditTable)
                        .consistentRead(true)
                        .keyConditionExpression("pk = :reviews")
                        .expressionAttributeValues(Map.of(":reviews", s(ReviewRegister.PARTITION)))
                        .limit(most))
                .items()
                .stream()
                .flatMap(entry -> find(Values.text(entry, "customer"), Values.text(entry, "application")).stream())
                .map(Waiting::application)
                .toList();
    }

    @Override
    public Optional<Waiting> find(String customer, String number) {
        Map<String, AttributeValue> item = client.getItem(request -> request.tableName(creditTable)
                        .key(key(Application.keyOf(customer, number)))
                        .consistentRead(true))
                .item();
        return Optional.of(item)
                .filter(found -> found.containsKey("token"))
                .map(found -> new Waiting(
                        CreditSchemas.APPLICATION.mapToItem(found),
                        Values.text(found, "token"),
                        Values.text(found, "region")))
                .filter(waiting -> waiting.application().status() == Application.Status.REVIEW);
    }

    @Override
    public Answered answer(Waiting waiting, Map<String, Object> output) {
        try {
            clients.workflows(waiting.region())
                    .sendTaskSuccess(
                            request -> request.taskToken(waiting.token()).output(Json.write(output)));
            return Answered.TAKEN;
        } catch (TaskTimedOutException | TaskDoesNotExistException | InvalidTokenException e) {
            return Answered.TOO_LATE;
        } catch (SdkException e) {
            return Answered.UNREACHABLE;
        }
    }
}
