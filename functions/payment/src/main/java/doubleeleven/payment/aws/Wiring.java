package doubleeleven.payment.aws;

import doubleeleven.aws.Clients;
import doubleeleven.aws.Environment;
import doubleeleven.aws.Host;
import doubleeleven.aws.Json;
import doubleeleven.aws.dynamodb.DecidedMessage;
import doubleeleven.aws.dynamodb.DynamoDbPayments;
import doubleeleven.aws.dynamodb.MoneyTables;
import doubleeleven.aws.dynamodb.Tables;
import doubleeleven.payment.phasetwo.PhaseTwo;
import doubleeleven.payment.phasetwo.Postings;
import doubleeleven.payment.phasetwo.Recovery;
import doubleeleven.payment.phasetwo.Setbacks;
import java.util.Map;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Puts the parts together, once per execution environment. */
final class Wiring {
    /** Together they end tens of thousands of payments in a minute. */
    private static final int RECOVERY_WORKERS = 16;

    private Wiring() {}

    static PhaseTwo phaseTwo(Host host) {
        Environment environment = host.environment();
        DynamoDbClient client = Clients.dynamoDb(host);
        return new PhaseTwo(
                payments(client, environment),
                new DynamoDbAccountWrites(client, MoneyTables.of(environment)),
                postings(host),
                setbacks(host),
                host.clock());
    }

    static Recovery recovery(Host host) {
        Environment environment = host.environment();
        DynamoDbClient client = Clients.dynamoDb(host);
        SqsClient sqs = Clients.local(SqsClient.class, SqsClient::builder, host);
        String notifications = environment.require("NOTIFICATIONS_QUEUE_URL");
        return new Recovery(
                payments(client, environment),
                new SqsSettlementQueue(sqs, environment.require("PHASE_TWO_QUEUE_URL")),
                payment -> sqs.sendMessage(
                        request -> request.queueUrl(notifications).messageBody(Json.write(DecidedMessage.of(payment)))),
                setbacks(host),
                host.clock(),
                environment.find("RECOVERY_WORKERS").map(Integer::parseInt).orElse(RECOVERY_WORKERS));
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

    private static Postings postings(Host host) {
        SqsClient sqs = Clients.local(SqsClient.class, SqsClient::builder, host);
        String queueUrl = host.environment().require("POSTING_QUEUE_URL");
        return (payee, from, trace) -> sqs.sendMessage(request -> request.queueUrl(queueUrl)
                .messageBody(Json.write(Map.of(
                        "merchant", payee.merchant(),
                        "bucket", payee.bucket(),
                        "from", from.toEpochMilli(),
                        "trace", trace))));
    }

    private static Setbacks setbacks(Host host) {
        return new LoggedSetbacks(host.log(), host.metrics());
    }
}
