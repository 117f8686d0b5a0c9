package doubleeleven.it.client;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What an operator begins by one call and follows to its end by many, such as a failover.
 *
 * @param name as it is spoken of
 * @param id field of an answer that tells it from others
 * @param longest that it may take
 * @param ended whether an answer is its last one
 */
record Operation(String name, String id, Duration longest, Predicate<Answer> ended) {
    /** Whoever looks more often has the door work for him beside the payments that he wants to see. */
    static final Duration OFTEN = Duration.ofSeconds(2);

    /**
     * Begins it, and answers what came of it.
     *
     * @param path where those of the unit are
     * @param look sees how far it is, again and again
     */
    Answer run(Api operator, String unit, String path, Map<String, ?> body, Consumer<Answer> look) {
        Answer begun = operator.post(path, body);
        if (begun.status() != 202) {
            throw new IllegalStateException("no " + name + " of " + unit + " began: " + begun.text());
        }
        return follow(operator, path + "/" + begun.text(id), look);
    }

    /** Follows one that began, and answers what came of it. */
    Answer follow(Api operator, String path, Consumer<Answer> look) {
        Answer[] now = new Answer[1];
        boolean over = Pause.until(longest, OFTEN, () -> {
            now[0] = operator.get(path);
            look.accept(now[0]);
            return ended.test(now[0]);
        });
        if (!over) {
            throw new IllegalStateException("a " + name + " does not end: " + now[0].text());
        }
        return now[0];
    }
}
