package doubleeleven.rig.regions;

import doubleeleven.aws.dynamodb.Values;
import doubleeleven.rig.Database;
import doubleeleven.rig.Refusals;
import doubleeleven.rig.WholeItem;
import doubleeleven.rig.regions.Replica.Version;
import doubleeleven.testkit.LocalTables;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReplicatedWriteConflictException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * Global tables of several Regions.
 *
 * <ul>
 *   <li>A strong table is one copy for writes, their conditions and strongly consistent reads. Any other read, and every read of an index,
 *       sees in each Region what has got there so far, of each item for itself. Two Regions that write an item at once collide.
 *   <li>An eventual table is a replica in each Region, and conditions are examined there. Writes get to the others later; an item's last
 *       writer wins, as a whole.
 *   <li>A Region that is cut off reads and writes eventual tables, reads old states of strong ones and nothing else; what it writes gets to
 *       the others once it is back. Of a Region that is lost nothing answers. Strong tables need a majority of the Regions.
 * </ul>
 *
 * Expressions are examined by a real database in each Region.
 */
public final class GlobalTables implements Database {
    private static final int WRITES_REMEMBERED = 10_000;

    /** What a Region is to the others. */
    private enum Link {
        THERE,
        CUT_OFF,
        LOST
    }

    private record Write(String region, Instant at) {}

    private final Map<String, Consistency> consistency;
    private final Distance distance;
    private final Clock clock;
    private final LocalTables strong = LocalTables.inProcess();
    private final Map<String, Endpoint> endpoints = new LinkedHashMap<>();
    private final Endpoint whole;
    private final Map<String, Write> lastWrites = new LinkedHashMap<>();
    private Arrivals arrivals = (_, _, _, _) -> {};
    private long writes;
    private long collisions;

    /** Empty tables. */
    public GlobalTables(List<String> regions, Map<String, Consistency> consistency, Distance distance, Clock clock) {
        this.consistency = consistency;
        this.distance = distance;
        this.clock = clock;
        for (String region : regions) {
            endpoints.put(region, new Endpoint(region, LocalTables.inProcess(), false));
        }
        Endpoint first = endpoint(regions.getFirst());
        this.whole = new Endpoint(first, true);
    }

    @Override
    public DynamoDbClient in(String region) {
        return endpoint(region);
    }

    /** Strong tables as they are; of eventual ones the first Region's replica. */
    @Override
    public DynamoDbClient whole() {
        return whole;
    }

    @Override
    public boolean isStrong(String table) {
        return consistencyOf(table) == Consistency.STRONG;
    }

    @Override
    public void listen(Arrivals arrivals) {
        this.arrivals = arrivals;
    }

    /** The Region and the others do not hear of each other from now on. */
    public synchronized void cutOff(String region) {
        link(region, Link.CUT_OFF);
    }

    /** Nothing in the Region answers from now on. */
    public synchronized void lose(String region) {
        link(region, Link.LOST);
    }

    /** The Region is back: what was held up is there on both sides. */
    public synchronized void restore(String region) {
        link(region, Link.THERE);
    }

    /** Writes of strong tables that were refused because another Region was writing the item. */
    public synchronized long collisions() {
        return collisions;
    }

    /** Whether every write is in every replica. */
    public synchronized boolean isSettled() {
        endpoints.values().forEach(Endpoint::settle);
        return endpoints.values().stream()
                .flatMap(endpoint -> endpoint.replicas.values().stream())
                .allMatch(Replica::isSettled);
    }

    @Override
    public void close() {
        strong.close();
        endpoints.values().forEach(endpoint -> endpoint.local.close());
    }

    private void link(String region, Link link) {
        // What was due before it went, or comes, is there.
        endpoints.values().forEach(Endpoint::settle);
        endpoint(region).link = link;
    }

    private Endpoint endpoint(String region) {
        Endpoint endpoint = endpoints.get(region);
        if (endpoint == null) {
            throw new IllegalArgumentException("no replica in " + region);
        }
        return endpoint;
    }

    private Consistency consistencyOf(String table) {
        Consistency found = consistency.get(table);
        if (found == null) {
            throw new IllegalArgumentException("no table " + table);
        }
        return found;
    }

    private static String keyOf(Map<String, AttributeValue> key) {
        return key.containsKey("sk") ? Values.text(key, "pk") + '\n' + Values.text(key, "sk") : Values.text(key, "pk");
    }

    private void collide(String region, String table, String key) {
        Write last = lastWrites.get(table + '\n' + key);
        Instant now = clock.instant();
        if (last != null
                && !last.region().equals(region)
                && !last.at().plus(distance.overlap()).isBefore(now)
                && distance.collides()) {
            collisions++;
            throw Refusals.of(
                    ReplicatedWriteConflictException.builder(),
                    "DynamoDb",
                    "ReplicatedWriteConflictException",
                    400,
                    last.region() + " writes this item");
        }
    }

    private void remember(String region, String table, String key) {
        if (lastWrites.size() > WRITES_REMEMBERED) {
            Instant since = clock.instant().minus(distance.overlap());
            lastWrites.values().removeIf(write -> write.at().isBefore(since));
        }
        lastWrites.put(table + '\n' + key, new Write(region, clock.instant()));
    }

    /** One Region's endpoint and replicas. What is not called here is not supported, and the SDK's interface says so. */
    private final class Endpoint implements DynamoDbClient {
        private final String region;
        private final LocalTables local;
        /** Sees the newest even where it does not ask for it, and meets no trouble. */
        private final boolean onlooker;

        private final Map<String, Replica> replicas;
        private Link link = Link.THERE;

        Endpoint(String region, LocalTables local, boolean onlooker) {
            this.region = region;
            this.local = local;
            this.onlooker = onlooker;
            this.replicas = consistency.keySet().stream()
                    .sorted()
                    .collect(Collectors.toMap(
                            Function.identity(), _ -> new Replica(), (one, _) -> one, LinkedHashMap::new));
        }

        Endpoint(Endpoint same, boolean onlooker) {
            this.region = same.region;
            this.local = same.local;
            this.onlooker = onlooker;
            this.replicas = same.replicas;
        }

        private Replica replica(String table) {
            return Objects.requireNonNull(replicas.get(table));
        }

        private boolean reaches(Endpoint other) {
            return other == this || (link == Link.THERE && other.link == Link.THERE);
        }

        private void settle() {
            replicas.keySet().forEach(this::settle);
        }

        private void settle(String table) {
            replica(table).settle(clock.instant(), reachable(), version -> letIn(table, version));
        }

        private void letIn(String table, Version version) {
            boolean told = !isStrong(table);
            Map<String, AttributeValue> item = version.item();
            if (version.isDeleted()) {
                local.client().deleteItem(delete -> delete.tableName(table).key(item));
                return;
            }
            Map<String, AttributeValue> old = local.client()
                    .putItem(put ->
                            put.tableName(table).item(item).returnValues(told ? ReturnValue.ALL_OLD : ReturnValue.NONE))
                    .attributes();
            if (told) {
                arrivals.arrived(region, table, old.isEmpty() ? null : old, item);
            }
        }

        private Predicate<String> reachable() {
            Endpoint real = endpoint(region);
            return from -> real.reaches(endpoint(from));
        }

        /** The database that serves a read. */
        private DynamoDbClient read(String table, @Nullable Boolean consistent) {
            boolean newest = onlooker || Boolean.TRUE.equals(consistent);
            if (newest && isStrong(table)) {
                requireMajority();
                return strong.client();
            }
            requireLocal();
            settle(table);
            return local.client();
        }

        /** The database that serves a write, unless it collides. */
        private DynamoDbClient write(String table, String key) {
            if (isStrong(table)) {
                requireMajority();
                if (!onlooker) {
                    collide(region, table, key);
                }
                return strong.client();
            }
            requireLocal();
            settle(table);
            return local.client();
        }

        private void wrote(String table, String key, Map<String, AttributeValue> item) {
            wrote(table, key, new Version(++writes, item, false));
        }

        private void wrote(String table, String key, Version version) {
            boolean everywhereLater = isStrong(table);
            if (everywhereLater) {
                remember(region, table, key);
            } else {
                replica(table).wrote(key, version);
            }
            Instant now = clock.instant();
            for (Endpoint each : endpoints.values()) {
                if (everywhereLater || !each.region.equals(region)) {
                    each.replica(table).send(key, version, region, now.plus(distance.lag()), now, each.reachable());
                }
            }
        }

        private void requireLocal() {
            if (!onlooker && link == Link.LOST) {
                throw unavailable("nothing answers in " + region);
            }
        }

        private void requireMajority() {
            requireLocal();
            long together = endpoints.values().stream().filter(this::reaches).count();
            if (!onlooker && 2 * together <= endpoints.size()) {
                throw unavailable(region + " reaches no majority of the Regions");
            }
        }

        private AwsServiceException unavailable(String why) {
            return Refusals.of(InternalServerErrorException.builder(), "DynamoDb", "InternalServerError", 500, why);
        }

        @Override
        public GetItemResponse getItem(GetItemRequest request) {
            synchronized (GlobalTables.this) {
                String table = request.tableName();
                if (onlooker || !isStrong(table) || Boolean.TRUE.equals(request.consistentRead())) {
                    return read(table, request.consistentRead()).getItem(request);
                }
                // Nobody is told what arrives in a strong table: the one item is enough.
                requireLocal();
                replica(table)
                        .settle(keyOf(request.key()), clock.instant(), reachable(), version -> letIn(table, version));
                return local.client().getItem(request);
            }
        }

        @Override
        public BatchGetItemResponse batchGetItem(BatchGetItemRequest request) {
            synchronized (GlobalTables.this) {
                Set<DynamoDbClient> serving = request.requestItems().entrySet().stream()
                        .map(each -> read(each.getKey(), each.getValue().consistentRead()))
                        .collect(Collectors.toSet());
                if (serving.size() != 1) {
                    throw new UnsupportedOperationException("one batch of strong and of other reads");
                }
                return serving.iterator().next().batchGetItem(request);
            }
        }

        @Override
        public QueryResponse query(QueryRequest request) {
            synchronized (GlobalTables.this) {
                return read(request.tableName(), request.consistentRead()).query(request);
            }
        }

        @Override
        public ScanResponse scan(ScanRequest request) {
            synchronized (GlobalTables.this) {
                return read(request.tableName(), request.consistentRead()).scan(request);
            }
        }

        @Override
        public PutItemResponse putItem(PutItemRequest request) {
            if (request.returnValues() != null && request.returnValues() != ReturnValue.NONE) {
                throw new UnsupportedOperationException("a put that answers " + request.returnValues());
            }
            synchronized (GlobalTables.this) {
                String key = keyOf(request.item());
                PutItemResponse response = write(request.tableName(), key).putItem(request);
                wrote(request.tableName(), key, request.item());
                return response;
            }
        }

        @Override
        public UpdateItemResponse updateItem(UpdateItemRequest request) {
            synchronized (GlobalTables.this) {
                String key = keyOf(request.key());
                return WholeItem.update(
                        write(request.tableName(), key), request, item -> wrote(request.tableName(), key, item));
            }
        }

        @Override
        public DeleteItemResponse deleteItem(DeleteItemRequest request) {
            if (!isStrong(request.tableName())) {
                throw new UnsupportedOperationException("items of eventual tables are never deleted");
            }
            synchronized (GlobalTables.this) {
                String key = keyOf(request.key());
                DeleteItemResponse response = write(request.tableName(), key).deleteItem(request);
                wrote(request.tableName(), key, new Version(++writes, request.key(), true));
                return response;
            }
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {
            // Closed with all the tables.
        }
    }
}
