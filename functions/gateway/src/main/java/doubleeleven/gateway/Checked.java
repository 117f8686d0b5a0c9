package doubleeleven.gateway;

import java.util.function.Function;

/** What was checked, or why it is refused. */
sealed interface Checked<T> {
    /** It may go on. */
    record Passed<T>(T value) implements Checked<T> {}

    /** The caller is told why not. */
    record Refused<T>(Problem problem) implements Checked<T> {}

    default <R> Checked<R> then(Function<T, Checked<R>> next) {
        return switch (this) {
            case Passed<T>(T value) -> next.apply(value);
            case Refused<T>(Problem problem) -> new Refused<>(problem);
        };
    }
}
