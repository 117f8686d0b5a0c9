package doubleeleven.credit.aws;

import doubleeleven.aws.Clients;
import doubleeleven.aws.Host;
import doubleeleven.aws.dynamodb.Tables;
import doubleeleven.credit.applications.Applications;
import doubleeleven.credit.billing.Lines;
import doubleeleven.credit.billing.Receivables;

/** Puts the parts together, once per execution environment. */
final class Wiring {
    private Wiring() {}

    static Receivables receivables(Host host) {
        return new DynamoDbReceivables(Clients.dynamoDb(host), Tables.credit(host.environment()));
    }

    static Lines lines(Host host) {
        return new DynamoDbLines(
                Clients.dynamoDb(host), Tables.account(host.environment()), Tables.credit(host.environment()));
    }

    static Applications applications(Host host) {
        return new DynamoDbApplications(
                Clients.dynamoDb(host),
                Tables.account(host.environment()),
                Tables.credit(host.environment()),
                host.environment().region());
    }
}
