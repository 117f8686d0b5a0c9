package doubleeleven.risk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.risk.Golden;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A broken artefact is found when it is loaded, not by the payment that meets it. */
class ArtefactTest {
    @Test
    void aTreeGoesLeftUpToTheThresholdAndWhereTheArtefactSaysIfTheValueIsMissing() {
        Model right = Artefact.model("tiny", tiny(_ -> {}));
        Model left = Artefact.model("tiny", tiny(all -> all.put("defaultLeft", List.of(1, 0, 0))));

        assertThat(right.score(new double[] {1.5})).isEqualTo(10.25);
        assertThat(right.score(new double[] {Math.nextUp(1.5)})).isEqualTo(10.5);
        assertThat(right.score(new double[] {Double.NaN})).isEqualTo(10.5);
        assertThat(left.score(new double[] {Double.NaN})).isEqualTo(10.25);
    }

    @Test
    void everyFaultIsNamedWithItsModelAndField() {
        assertBroken(all -> all.remove("version"), "version must be a text");
        assertBroken(all -> all.put("model", "other"), "model must be \"tiny\"");
        assertBroken(all -> all.put("kind", "net"), "kind must be trees, scorecard or isolation-forest, not net");
        assertBroken(all -> all.put("calibration", "isotonic"), "calibration must be \"none\"");
        assertBroken(all -> all.put("link", "probit"), "link must be \"logit\"");
        assertBroken(all -> all.put("base", "a lot"), "base must be a finite number");
        assertBroken(all -> all.put("features", List.of("x", "x")), "features must name at least one, and none twice");
        assertBroken(all -> all.put("root", List.of()), "root names no tree");
        assertBroken(all -> all.put("root", List.of(3)), "root[0] must be from 0 to 2, not 3");
        assertBroken(all -> all.put("feature", List.of(1, -1, -1)), "feature[0] must be from -1 to 0, not 1");
        assertBroken(all -> all.put("left", List.of(0, -1, -1)), "left[0] must be from 1 to 2, not 0");
        assertBroken(all -> all.put("right", List.of(9, -1, -1)), "right[0] must be from 1 to 2, not 9");
        assertBroken(all -> all.put("defaultLeft", List.of(2, 0, 0)), "defaultLeft[0] must be from 0 to 1, not 2");
        assertBroken(all -> all.put("value", List.of(0, 1)), "value must have 3 values, not 2");
        assertBroken(all -> all.put("left", List.of(1.5, -1, -1)), "left[0] must be a whole number, not 1.5");
        assertBroken(all -> all.put("threshold", List.of(Double.NaN, 0, 0)), "threshold[0] must be a finite number");
        assertBroken(all -> all.put("reasons", List.of(reason("y"))), "reasons[0].features name y");
        assertBroken(all -> all.put("reasons", List.of(reason("x"), reason("x"))), "reasons name HIGH twice");
    }

    @Test
    void aBrokenScorecardIsNamedWithTheCharacteristicAndItsField() {
        assertBrokenScorecard(each -> each.put("points", List.of(1)), "characteristics[0].points must have 6 values");
        assertBrokenScorecard(each -> each.put("edges", List.of(2, 1)), "characteristics[0].edges[1] must be above");
        assertBrokenScorecard(each -> each.put("feature", "age"), "characteristics[0].feature must be \"limit\"");
        assertBrokenScorecard(each -> each.put("reason", "MOOD"), "characteristics[0].reason is MOOD");
    }

    private static void assertBrokenScorecard(Consumer<Map<String, Object>> breaking, String message) {
        Map<String, Object> artefact = new HashMap<>(Golden.artefact("default-scorecard"));
        List<Object> characteristics = new ArrayList<>((List<?>) artefact.get("characteristics"));
        Map<String, Object> first = new HashMap<>();
        ((Map<?, ?>) characteristics.getFirst()).forEach((name, value) -> first.put((String) name, value));
        breaking.accept(first);
        characteristics.set(0, first);
        artefact.put("characteristics", characteristics);

        assertThatThrownBy(() -> Artefact.model("default-scorecard", artefact))
                .isInstanceOf(InvalidModel.class)
                .hasMessageStartingWith("model default-scorecard: " + message);
    }

    private static void assertBroken(Consumer<Map<String, Object>> breaking, String message) {
        assertThatThrownBy(() -> Artefact.model("tiny", tiny(breaking)))
                .isInstanceOf(InvalidModel.class)
                .hasMessageStartingWith("model tiny: " + message);
    }

    /** One tree: 0.25 up to 1.5, else 0.5. */
    private static Map<String, Object> tiny(Consumer<Map<String, Object>> change) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "model", "tiny",
                "version", "1",
                "kind", "trees",
                "link", "logit",
                "calibration", "none",
                "features", List.of("x"),
                "base", 10,
                "reasonLeast", 0.05,
                "reasons", List.of(reason("x"))));
        all.putAll(Map.of(
                "root", List.of(0),
                "feature", List.of(0, -1, -1),
                "threshold", List.of(1.5, 0, 0),
                "left", List.of(1, -1, -1),
                "right", List.of(2, -1, -1),
                "defaultLeft", List.of(0, 0, 0),
                "value", List.of(0, 0.25, 0.5)));
        change.accept(all);
        return all;
    }

    private static Map<String, Object> reason(String feature) {
        return Map.of("code", "HIGH", "text", "Too high", "features", List.of(feature), "neutral", List.of(0));
    }
}
