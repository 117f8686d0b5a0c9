package doubleeleven.rig.differential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.rig.Topology;
import doubleeleven.rig.differential.Recorded.Kind;
import doubleeleven.rig.differential.Recorded.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Whatever is changed in what a scenario showed is noticed, and named. */
class RecordedTest {
    private static Recorded recorded;

    @BeforeAll
    static void record() {
        try (RigSide rig = new RigSide(Topology.read(ScenariosTest.SANDBOX))) {
            recorded = Scenarios.all().stream()
                    .filter(scenario -> scenario.name().equals("paid from two sources"))
                    .findFirst()
                    .orElseThrow()
                    .on(rig, "doctored");
        }
    }

    @Test
    void nothingDiffersFromItself() {
        assertThat(recorded.differences("one", recorded, "the other")).isEmpty();
        assertThat(recorded.count(Kind.CALL)).isPositive();
        assertThat(recorded.count(Kind.ITEM)).isPositive();
        assertThat(recorded.count(Kind.EXECUTION)).isEqualTo(1);
        assertThat(recorded.states()).isEqualTo(13);
    }

    @Test
    void eachValueThatIsChangedIsNoticedAndNamed() {
        int changes = 0;
        for (Part part : recorded.parts()) {
            for (String path : part.lines().keySet()) {
                Recorded doctored = with(part, lines -> lines.put(path, lines.get(path) + "?"));

                assertThat(recorded.differences("one", doctored, "the other"))
                        .singleElement()
                        .asString()
                        .contains(part.title(), path);
                changes++;
            }
        }
        assertThat(changes).isGreaterThan(300);
    }

    @Test
    void eachValueAndEachPartThatIsMissingIsNoticed() {
        for (Part part : recorded.parts()) {
            String first = part.lines().firstKey();
            Recorded without = with(part, lines -> lines.remove(first));
            List<Part> others = new ArrayList<>(recorded.parts());
            others.remove(part);
            Recorded shorter = new Recorded(others);

            assertThat(recorded.differences("one", without, "the other")).hasSize(1);
            assertThat(without.differences("one", recorded, "the other")).hasSize(1);
            assertThat(recorded.differences("one", shorter, "the other")).hasSize(1);
            assertThat(shorter.differences("one", recorded, "the other")).hasSize(1);
        }
    }

    @Test
    void statesInAnotherOrderAreNoticed() {
        Part execution = recorded.parts().stream()
                .filter(part -> part.kind() == Kind.EXECUTION)
                .findFirst()
                .orElseThrow();
        Recorded doctored =
                with(execution, lines -> lines.put("states ", "Receive > Admit > Admitted > Try > Commit > Claimed"));

        assertThat(recorded.differences("the rig", doctored, "the stack"))
                .containsExactly(
                        "EXECUTION 01 <attempt 1>: states : the rig has Receive > Admit > Admitted > Try > Claimed > Commit, the stack has Receive > Admit > Admitted > Try > Commit > Claimed");
    }

    @Test
    void twoPartsOfOneTitleWouldHideADifference() {
        Recorded twice = new Recorded(
                List.of(recorded.parts().getFirst(), recorded.parts().getFirst()));

        assertThatThrownBy(() -> twice.differences("one", twice, "the other"))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void momentsAndWhatIsDrawnAreLeftOutAndNothingElse() {
        Plain plain = new Plain();
        plain.stands("op_x1", "<operator>");

        assertThat(plain.lines(Map.of(
                        "at",
                        AttributeValue.fromN("1794355200123"),
                        "amount",
                        AttributeValue.fromN("1234"),
                        "text",
                        AttributeValue.fromS("1234"),
                        "sk",
                        "E#1794355200123#abc",
                        "said",
                        "due since 2026-11-11T00:00:00.123Z, by op_x1",
                        "expiresAt",
                        "2099-11-11T00:00:00Z",
                        "traceId",
                        "0af7",
                        "list",
                        List.of(Map.of("token", "a.b.c", "status", "TRYING")))))
                .containsExactlyEntriesOf(new TreeMap<>(Map.of(
                        "at", "<millis>",
                        "amount", "1234",
                        "text", "\"1234\"",
                        "sk", "E#<millis>#abc",
                        "said", "due since <instant>, by <operator>",
                        "expiresAt", "2099-11-11T00:00:00Z",
                        "traceId", "<drawn>",
                        "list[00].status", "TRYING",
                        "list[00].token", "<drawn>")));
    }

    @Test
    void stepsThatNobodyOrdersStandInOneOrder() {
        Plain plain = new Plain();
        Map<String, ?> hold = Map.of("step", "HOLD", "account", "b");
        Map<String, ?> other = Map.of("step", "HOLD", "account", "a");
        Map<String, ?> decision = Map.of("step", "DECISION");
        Map<String, ?> settle = Map.of("step", "SETTLE", "account", "a");
        Map<String, ?> asked = Map.of("step", "OPERATOR_RETRY");

        assertThat(plain.lines(Map.of("steps", List.of(hold, other, decision, settle, asked))))
                .isEqualTo(plain.lines(Map.of("steps", List.of(other, hold, decision, asked, settle))))
                .isNotEqualTo(plain.lines(Map.of("steps", List.of(other, decision, hold, settle, asked))));
    }

    private static Recorded with(Part changed, Consumer<Map<String, String>> change) {
        TreeMap<String, String> lines = new TreeMap<>(changed.lines());
        change.accept(lines);
        return new Recorded(recorded.parts().stream()
                .map(part -> part.equals(changed) ? new Part(part.kind(), part.title(), lines) : part)
                .toList());
    }
}
