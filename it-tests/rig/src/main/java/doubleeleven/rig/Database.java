package doubleeleven.rig;

import doubleeleven.routing.Traffic;
import doubleeleven.testkit.LocalTables;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The tables behind a world, as each Region sees them. */
public interface Database extends AutoCloseable {
    /** What DynamoDB's endpoint in a Region serves. */
    DynamoDbClient in(String region);

    /** For those who look on: the tables as they are, with what only some Regions see yet. */
    DynamoDbClient whole();

    /** Whether the writes of all Regions to an item are one sequence, so that one stream tells them all. */
    default boolean isStrong(String table) {
        return true;
    }

    /** Tells of what was written in another Region when it arrives. */
    default void listen(Arrivals arrivals) {
        // What is written is there.
    }

    @Override
    void close();

    /** Hears of items that replication brings into a Region. */
    @FunctionalInterface
    interface Arrivals {
        void arrived(
                String region,
                String table,
                @Nullable Map<String, AttributeValue> old,
                Map<String, AttributeValue> now);
    }

    /** One database for all Regions: every read sees every write. */
    static Database shared() {
        return of(LocalTables.inProcess());
    }

    /** The same with the tables of shadow traffic beside those of live traffic, told apart by their names. */
    static Database withShadow() {
        LocalTables tables = LocalTables.inProcess();
        tables.createAlso(Traffic.SHADOW.name(""));
        return of(tables);
    }

    private static Database of(LocalTables tables) {
        return new Database() {
            @Override
            public DynamoDbClient in(String region) {
                return tables.client();
            }

            @Override
            public DynamoDbClient whole() {
                return tables.client();
            }

            @Override
            public void close() {
                tables.close();
            }
        };
    }
}
