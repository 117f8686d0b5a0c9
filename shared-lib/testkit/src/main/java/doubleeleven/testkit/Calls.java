package doubleeleven.testkit;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Calls of the database with something happening between them. */
public final class Calls {
    private Calls() {}

    /** The client, with something happening before (even points) and after (odd points) each call. */
    public static DynamoDbClient between(DynamoDbClient client, IntConsumer happening) {
        int[] points = {0};
        return (DynamoDbClient) Proxy.newProxyInstance(
                DynamoDbClient.class.getClassLoader(), new Class<?>[] {DynamoDbClient.class}, (proxy, method, args) -> {
                    happening.accept(points[0]++);
                    try {
                        Object result = method.invoke(client, args);
                        happening.accept(points[0]++);
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Dies at that point; a run that never gets there answers false. */
    public static boolean dies(DynamoDbClient client, int at, Consumer<DynamoDbClient> run) {
        try {
            run.accept(between(client, point -> {
                if (point == at) {
                    throw new Crash();
                }
            }));
            return false;
        } catch (Crash crash) {
            return true;
        }
    }

    /** Lets something happen at that point; a run that never gets there answers false. */
    public static boolean meets(DynamoDbClient client, int at, Runnable something, Consumer<DynamoDbClient> run) {
        boolean[] met = {false};
        run.accept(between(client, point -> {
            if (point == at) {
                met[0] = true;
                something.run();
            }
        }));
        return met[0];
    }

    /**
     * Lets runs go on one call at a time, in that order; what is left of them then, one run after the other.
     *
     * @param order numbers of runs
     */
    public static void interleave(DynamoDbClient client, List<Integer> order, List<Consumer<DynamoDbClient>> runs) {
        List<Run> going = new ArrayList<>();
        runs.forEach(run -> going.add(new Run(client, run)));
        order.forEach(number -> going.get(number).step());
        for (Run run : going) {
            while (run.step()) {}
        }
        going.forEach(Run::check);
    }

    /** The first run makes some calls, the second some, the first some more; then the second goes on to its end. */
    public static List<List<Integer>> threeTurns(int most) {
        List<List<Integer>> orders = new ArrayList<>();
        for (int first = 1; first < most; first++) {
            for (int second = 1; second < most; second++) {
                for (int third = 1; first + third < most; third++) {
                    List<Integer> order = new ArrayList<>();
                    order.addAll(Collections.nCopies(first, 0));
                    order.addAll(Collections.nCopies(second, 1));
                    order.addAll(Collections.nCopies(third, 0));
                    order.addAll(Collections.nCopies(most, 1));
                    orders.add(order);
                }
            }
        }
        return orders;
    }

    /** Every order of so many calls of the first run and so many of the second. */
    public static List<List<Integer>> everyOrder(int first, int second) {
        if (first == 0 || second == 0) {
            List<Integer> rest = new ArrayList<>(Collections.nCopies(first, 0));
            rest.addAll(Collections.nCopies(second, 1));
            return List.of(rest);
        }
        List<List<Integer>> orders = new ArrayList<>();
        everyOrder(first - 1, second).forEach(rest -> orders.add(begun(0, rest)));
        everyOrder(first, second - 1).forEach(rest -> orders.add(begun(1, rest)));
        return orders;
    }

    private static List<Integer> begun(int first, List<Integer> rest) {
        List<Integer> order = new ArrayList<>(List.of(first));
        order.addAll(rest);
        return order;
    }

    private static final class Run {
        private final Semaphore go = new Semaphore(0);
        private final Semaphore waits = new Semaphore(0);
        private volatile boolean ended;
        private volatile @Nullable Throwable failure;

        Run(DynamoDbClient client, Consumer<DynamoDbClient> run) {
            DynamoDbClient stepped = between(client, point -> {
                if (point % 2 == 0) {
                    waits.release();
                    go.acquireUninterruptibly();
                }
            });
            Thread.ofVirtual().start(() -> {
                try {
                    run.accept(stepped);
                } catch (Throwable e) {
                    failure = e;
                } finally {
                    ended = true;
                    waits.release();
                }
            });
            waits.acquireUninterruptibly();
        }

        /** One call; false where it has ended. */
        boolean step() {
            if (ended) {
                return false;
            }
            go.release();
            waits.acquireUninterruptibly();
            return true;
        }

        void check() {
            if (failure != null) {
                throw new AssertionError("a run failed", failure);
            }
        }
    }

    /** The end of a process in the middle of its work. */
    public static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }
}
