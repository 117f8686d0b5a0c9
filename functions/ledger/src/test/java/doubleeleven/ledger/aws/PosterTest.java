package doubleeleven.ledger.aws;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.account.AccountKey;
import doubleeleven.account.Entry;
import doubleeleven.account.Fund;
import doubleeleven.account.Hold;
import doubleeleven.aws.dynamodb.Schemas;
import doubleeleven.ids.AttemptId;
import doubleeleven.ids.OrderHash;
import doubleeleven.ledger.Balances;
import doubleeleven.ledger.Bucket;
import doubleeleven.ledger.Poster;
import doubleeleven.testkit.LocalTables;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.joda.money.CurrencyUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.Key;

class PosterTest {
    private static final Instant FIRST = Instant.parse("2025-11-11T00:00:00Z");
    private static final Bucket BUCKET = new Bucket("gifts", 3);
    private static final int ENTRIES = 3;

    private static LocalTables tables;
    private static Balances balances;

    @BeforeAll
    static void start() {
        tables = LocalTables.start();
        balances = new DynamoDbBalances(tables.client(), LocalTables.ACCOUNT);
    }

    @AfterAll
    static void stop() {
        tables.close();
    }

    @BeforeEach
    void arrange() {
        tables.clear();
        enhanced()
                .table(LocalTables.ACCOUNT, Schemas.FUND)
                .putItem(Fund.bucket(AccountKey.bucketOf("gifts", 3), CurrencyUnit.GBP));
        for (int i = 0; i < ENTRIES; i++) {
            enter(i, 100 + i);
        }
    }

    @Test
    void everyEntryIsTakenOnceHoweverOftenItIsAskedFor() {
        assertThat(new Poster(balances).post(BUCKET, FIRST)).isEqualTo(ENTRIES);
        assertThat(new Poster(balances).post(BUCKET, FIRST)).isZero();

        assertPostedOnce(303);
    }

    @Test
    void aShareThatARefundIsHeldOnIsTakenWholeAndKeepsItsHold() {
        OrderHash order = OrderHash.ofOrder("gifts", "shared");
        Hold hold = new Hold(40, order, FIRST);
        Entry share = Entry.of("gifts", 3, AttemptId.of(order, "k", "f"), FIRST, 100, CurrencyUnit.GBP, order);
        AttemptId refund = AttemptId.of(order, "r", "f");
        enhanced()
                .table(LocalTables.ACCOUNT, Schemas.ENTRY)
                .putItem(new Entry(
                        share.partition(),
                        share.sortKey(),
                        100,
                        CurrencyUnit.GBP,
                        order,
                        null,
                        60L,
                        Map.of(refund, hold)));

        new Poster(balances).post(BUCKET, FIRST);

        assertPostedOnce(403);
        Entry posted = enhanced()
                .table(LocalTables.ACCOUNT, Schemas.ENTRY)
                .getItem(Key.builder()
                        .partitionValue(share.partition())
                        .sortValue(share.sortKey())
                        .build());
        assertThat(posted.posted()).isEqualTo(1);
        assertThat(posted.refundableMinor()).isEqualTo(60);
        assertThat(posted.holds()).containsOnlyKeys(refund);
    }

    @Test
    void entriesDecidedBeforeTheAskedTimeAreLeftToTheirOwnRequest() {
        assertThat(new Poster(balances).post(BUCKET, FIRST.plusSeconds(1))).isEqualTo(2);

        assertThat(balances.read(BUCKET).availableMinor()).isEqualTo(203);
    }

    @Test
    void aPosterThatDiesAroundAnyCallIsFinishedByTheNext() {
        boolean reachedEnd = false;
        for (int crashAt = 0; crashAt < 40; crashAt++) {
            arrange();
            reachedEnd = !dies(crashAt);

            new Poster(balances).post(BUCKET, FIRST);

            assertPostedOnce(303);
        }
        assertThat(reachedEnd).as("every call was covered").isTrue();
    }

    @Test
    void anotherPosterBetweenAnyTwoCallsTakesNothingTwice() {
        for (int at = 0; at < 24; at++) {
            arrange();
            AtomicInteger points = new AtomicInteger();
            int meetAt = at;
            new Poster(between(points, point -> {
                        if (point == meetAt) {
                            enter(ENTRIES, 1000);
                            new Poster(balances).post(BUCKET, FIRST);
                        }
                    }))
                    .post(BUCKET, FIRST);
            new Poster(balances).post(BUCKET, FIRST);

            assertPostedOnce(points.get() > at ? 1303 : 303);
        }
    }

    private static boolean dies(int crashAt) {
        try {
            new Poster(between(new AtomicInteger(), point -> {
                        if (point == crashAt) {
                            throw new Crash();
                        }
                    }))
                    .post(BUCKET, FIRST);
            return false;
        } catch (Crash crash) {
            return true;
        }
    }

    private static void assertPostedOnce(long sum) {
        Fund balance = balances.read(BUCKET);
        assertThat(balance.availableMinor()).isEqualTo(sum);
        assertThat(balance.posting()).isNull();
        assertThat(balances.unposted(BUCKET, FIRST, 100)).isEmpty();
    }

    private static void enter(int number, long amount) {
        OrderHash order = OrderHash.ofOrder("gifts", Integer.toString(number));
        enhanced()
                .table(LocalTables.ACCOUNT, Schemas.ENTRY)
                .putItem(Entry.of(
                        "gifts",
                        3,
                        AttemptId.of(order, "k", "f"),
                        FIRST.plusSeconds(number),
                        amount,
                        CurrencyUnit.GBP,
                        order));
    }

    private static DynamoDbEnhancedClient enhanced() {
        return DynamoDbEnhancedClient.builder().dynamoDbClient(tables.client()).build();
    }

    /** The port, with something happening before (even points) and after (odd points) each call. */
    private static Balances between(AtomicInteger points, java.util.function.IntConsumer happening) {
        return (Balances) Proxy.newProxyInstance(
                Balances.class.getClassLoader(), new Class<?>[] {Balances.class}, (proxy, method, args) -> {
                    happening.accept(points.getAndIncrement());
                    try {
                        Object result = method.invoke(balances, args);
                        happening.accept(points.getAndIncrement());
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
