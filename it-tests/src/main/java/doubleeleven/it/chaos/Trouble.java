package doubleeleven.it.chaos;

import doubleeleven.it.client.Pause;
import doubleeleven.it.client.Sandbox;
import doubleeleven.it.client.Sandbox.Fault;
import doubleeleven.it.client.Sandbox.Rule;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** A fault at work. */
interface Trouble {
    Duration OFTEN = Duration.ofMillis(50);

    /** Ends it; answers what it hit meanwhile, by kind. */
    SortedMap<String, Long> end();

    /** Requests broken by rules of the injector, each under its name. */
    static Trouble broken(Sandbox sandbox, Map<String, Rule> rules) {
        Map<String, Fault> faults = new LinkedHashMap<>();
        rules.forEach((name, rule) -> faults.put(name, sandbox.inject(rule)));
        return () -> {
            SortedMap<String, Long> hits = new TreeMap<>();
            faults.forEach((name, fault) -> hits.put(name, fault.end()));
            return hits;
        };
    }

    /** Something done once, over as soon as it has begun. */
    static Trouble once(SortedMap<String, Long> hits) {
        return () -> hits;
    }

    /** Several at once. */
    static Trouble all(List<Trouble> troubles) {
        return () -> {
            SortedMap<String, Long> hits = new TreeMap<>();
            troubles.forEach(trouble -> trouble.end().forEach((kind, count) -> hits.merge(kind, count, Long::sum)));
            return hits;
        };
    }

    /**
     * Something done again and again, after pauses of random length.
     *
     * @param step does it; answers what was hit, by kind
     */
    static Trouble repeated(
            RandomGenerator chance, long shortestMillis, long longestMillis, Supplier<List<String>> step) {
        AtomicBoolean over = new AtomicBoolean();
        SortedMap<String, Long> hits = new TreeMap<>();
        ExecutorService executor = Executors.newSingleThreadExecutor();
        Future<?> work = executor.submit(() -> {
            while (!over.get()) {
                step.get().forEach(kind -> hits.merge(kind, 1L, Long::sum));
                Pause.until(Duration.ofMillis(chance.nextLong(shortestMillis, longestMillis)), OFTEN, over::get);
            }
        });
        executor.shutdown();
        return () -> {
            over.set(true);
            try {
                work.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("the fault could not be kept up", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
            return hits;
        };
    }
}
