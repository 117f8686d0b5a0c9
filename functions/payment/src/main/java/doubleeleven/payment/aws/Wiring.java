package doubleeleven.payment.aws;

import doubleeleven.aws.Clients;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import doubleeleven.aws.Metrics;
import doubleeleven.aws.dynamodb.DynamoDbPayments;
import doubleeleven.aws.dynamodb.Tables;
import doubleeleven.payment.phasetwo.PhaseTwo;
import doubleeleven.payment.phasetwo.Postings;
import doubleeleven.payment.phasetwo.Recovery;
import doubleeleven.payment.phasetwo.Setbacks;
import java.time.Clock;
import java.util.Map;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Puts the parts together, once per execution environment. */
final class Wiring {
    private Wiring() {}

    static PhaseTwo phaseTwo(Environment environment) {
        DynamoDbClient client = Clients.local(DynamoDbClient.builder(), environment);
        return new PhaseTwo(
                payments(client, environment),
                new DynamoDbAccountWrites(client, Tables.account(environment), Tables.payment(environment)),
                postings(environment),
                setbacks(environment),
                Clock.systemUTC());
    }

    static Recovery recovery(Environment environment) {
        DynamoDbClient client = Clients.local(DynamoDbClient.builder(), environment);
        return new Recovery(
                payments(client, environment),
                new SqsSettlementQueue(
                        Clients.local(SqsClient.builder(), environment), environment.require("PHASE_TWO_QUEUE_URL")),
                setbacks(environment),
                Clock.systemUTC());
    }

    private static DynamoDbPaymentWrites payments(DynamoDbClient client, Environment environment) {
        String table = Tables.payment(environment);
        DynamoDbEnhancedClient enhanced =
                DynamoDbEnhancedClient.builder().dynamoDbClient(client).build();
        return new DynamoDbPaymentWrites(
                new DynamoDbPayments(enhanced, table),
                client,
                table,
                environment.require("UNIT"),
                environment.require("COLOUR"));
    }

    private static Postings postings(Environment environment) {
        SqsClient sqs = Clients.local(SqsClient.builder(), environment);
        String queueUrl = environment.require("POSTING_QUEUE_URL");
        return (payee, from, trace) -> sqs.sendMessage(request -> request.queueUrl(queueUrl)
                .messageBody(Json.write(Map.of(
                        "merchant", payee.merchant(),
                        "bucket", payee.bucket(),
                        "from", from.toEpochMilli(),
                        "trace", trace))));
    }

    private static Setbacks setbacks(Environment environment) {
        return new LoggedSetbacks(Log.of(environment), Metrics.of(environment));
    }
}
