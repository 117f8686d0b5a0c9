package doubleeleven.rig;

import doubleeleven.aws.Functions;
import doubleeleven.aws.dynamodb.Values;
import doubleeleven.routing.Traffic;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The services that a deployment's parts call, each by clients of its own whose calls go over the bus. */
final class Services {
    private final Traffic traffic;
    private final Course course;
    private final Database database;
    private final PaymentStreams streams;
    private final Workflows workflows;
    private final @Nullable Function<String, Functions> shadow;
    private final Queues queues = new Queues();
    private final Topics topics = new Topics();
    private final Inboxes inboxes = new Inboxes();
    private final Set<String> overdrawn = new ConcurrentSkipListSet<>();

    /** @param shadow what a Region may call of the shadow; null where there is none */
    Services(
            Traffic traffic,
            Course course,
            Database database,
            PaymentStreams streams,
            Workflows workflows,
            @Nullable Function<String, Functions> shadow) {
        this.traffic = traffic;
        this.course = course;
        this.database = database;
        this.streams = streams;
        this.workflows = workflows;
        this.shadow = shadow;
    }

    PaymentStreams streams() {
        return streams;
    }

    Queues queues() {
        return queues;
    }

    Topics topics() {
        return topics;
    }

    Inboxes inboxes() {
        return inboxes;
    }

    Workflows workflows() {
        return workflows;
    }

    boolean hasShadow() {
        return shadow != null;
    }

    /** A client as a part has it. */
    SdkClient client(Class<? extends SdkClient> type, String caller, Region region) {
        if (type == DynamoDbClient.class) {
            return tables(caller, region.id());
        }
        if (type == SqsClient.class) {
            return over(caller, SqsClient.class, queues);
        }
        if (type == SnsClient.class) {
            return over(caller, SnsClient.class, topics);
        }
        if (type == SfnClient.class) {
            return over(caller, SfnClient.class, workflows);
        }
        if (type == Functions.class && shadow != null) {
            return shadow.apply(region.id());
        }
        throw new UnsupportedOperationException(caller + " calls " + type.getSimpleName() + " in " + region);
    }

    /** A Region's tables as a part calls them. */
    DynamoDbClient tables(String caller, String region) {
        return over(
                caller,
                DynamoDbClient.class,
                new Tables(
                        traffic, database.in(region), streams.in(region), course.isOneAtATime() ? this::audit : null));
    }

    private <C extends SdkClient> C over(String caller, Class<C> type, C service) {
        return course.bus().equals(Bus.DIRECT) ? service : Clients.over(course.bus(), caller, type, service);
    }

    private void audit(Map<String, AttributeValue> account) {
        AttributeValue available = account.get("available");
        if (available != null && available.n().startsWith("-")) {
            overdrawn.add(Values.text(account, "pk") + "/" + Values.text(account, "sk"));
        }
    }

    /** Accounts that had less than nothing at any moment; watched where one part runs at a time. */
    Set<String> overdrawn() {
        return Collections.unmodifiableSet(overdrawn);
    }
}
