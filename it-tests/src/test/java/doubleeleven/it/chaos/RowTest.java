package doubleeleven.it.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.it.chaos.Load.Call;
import doubleeleven.it.chaos.Row.Answers;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class RowTest {
    private static final List<String> NONE = List.of();

    private static final Waiting.Phases WAITING =
            new Waiting.Phases(new Waiting(20, 310, 900), new Waiting(17, 350, 980), new Waiting(0, 0, 0));

    private static Row row(
            Map<String, Long> hits, List<String> lost, List<String> doubled, List<String> stuck, List<String> open) {
        return new Row(
                Scenario.ERRORS,
                new TreeMap<>(hits),
                3,
                17,
                new Answers(15, 2, 4, 2, 1),
                lost,
                doubled,
                stuck,
                open,
                4.25,
                WAITING);
    }

    @Test
    void aRowSaysEverythingInOneLine() {
        String table = Row.table(List.of(row(Map.of("before", 4L, "after", 3L), NONE, NONE, NONE, NONE)));

        assertThat(table.lines().skip(1).findFirst().orElseThrow().replaceAll("[ |]+", " "))
                .isEqualTo("errors 7 3 17 15 2 4 3 0 0 0 4.3");
        assertThat(table)
                .contains("errors          p50 310 ms, p99 900 ms of 20; p50 350 ms, p99 980 ms of 17; none\n");
        assertThat(table).contains("{after=3, before=4}").endsWith("\nAll is well.\n");
    }

    @Test
    void aFaultThatHitNothingIsAFailureAndNotASuccess() {
        Row row = row(Map.of("before", 0L), NONE, NONE, NONE, NONE);

        assertThat(row.faults()).containsExactly("the fault never hit anything");
        assertThat(Row.table(List.of(row))).endsWith("\nThis run FAILED.\n");
    }

    @Test
    void aFaultWithoutLoadIsAFailureAndNotASuccess() {
        Row row = new Row(
                Scenario.COLD_BURST,
                new TreeMap<>(Map.of("killed", 44L)),
                0,
                0,
                new Answers(0, 0, 0, 0, 0),
                NONE,
                NONE,
                NONE,
                NONE,
                0.5,
                WAITING);

        assertThat(row.faults()).singleElement().asString().contains("no payment was under way");
    }

    @Test
    void whateverWasLostDoubledOrStuckIsAFailureAndSaidInWords() {
        Map<String, Long> hits = Map.of("before", 1L);

        assertThat(row(hits, List.of("a"), List.of("b"), List.of("c"), List.of("d"))
                        .faults())
                .containsExactly("LOST: a", "DOUBLED: b", "STUCK a minute after: c", "NEVER TERMINAL: d");
        assertThat(Row.table(List.of(row(hits, List.of("a"), NONE, NONE, NONE))))
                .contains("FAULT in errors: LOST: a")
                .endsWith("\nThis run FAILED.\n");
    }

    @Test
    void whoWaitsLongestIsSeenByWhenTheCallBegan() {
        List<Call> calls = LongStream.rangeClosed(1, 200)
                .mapToObj(number -> call(number, number))
                .collect(Collectors.toList());
        calls.add(call(250, 5));
        calls.add(new Call("unanswered", 260, null, null));

        Waiting.Phases phases = Waiting.Phases.of(calls, 101, 200);

        assertThat(phases.before()).isEqualTo(new Waiting(100, 50, 99));
        assertThat(phases.during()).isEqualTo(new Waiting(100, 150, 199));
        assertThat(phases.after()).isEqualTo(new Waiting(1, 5, 5));
        assertThat(Waiting.of(List.of())).hasToString("none");
    }

    private static Call call(long began, long millis) {
        return new Call("order", began, began + millis * 1_000_000, null);
    }
}
