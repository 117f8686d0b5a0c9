package doubleeleven.risk.credit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import doubleeleven.risk.Golden;
import doubleeleven.risk.model.Artefact;
import doubleeleven.risk.model.Model;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CreditFeaturesTest {
    @Test
    void everyFeatureIsWhatTrainingMadeOfTheSameColumns() {
        Golden golden = Golden.read("golden-default");
        Function<Applicant, double[]> features = CreditFeatures.FORMULAS.of(taking(golden.texts("features")));

        assertThat(golden.rows()).hasSizeGreaterThan(100).allSatisfy(row -> {
            double[] raw = Golden.numbers(row, "raw");
            assertThat(features.apply(Applicants.of(raw)))
                    .as(Arrays.toString(raw))
                    .containsExactly(Golden.numbers(row, "values"), within(1e-12));
        });
    }

    @Test
    void aModelThatTakesAFeatureNobodyComputesIsRefusedByName() {
        assertThatThrownBy(() -> CreditFeatures.FORMULAS.of(taking(List.of("limit", "age"))))
                .hasMessageContaining("model made-up: features name age");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, limitBal must be from 1 to",
        "1, -3, pay0 must be from -2 to 12",
        "2, 13, pay2 must be from -2 to 12",
        "7, 1000000000001, billAmt1 must be from -1000000000000 to 1000000000000",
        "18, -1, payAmt6 must be from 0 to 1000000000000"
    })
    void anApplicantOutOfRangeIsRefusedByColumnAndRange(int column, long value, String message) {
        double[] raw = Golden.numbers(Golden.read("golden-default").rows().getFirst(), "raw");
        raw[column] = value;

        assertThatThrownBy(() -> Applicants.of(raw)).hasMessageContaining(message);
    }

    private static Model taking(List<String> features) {
        Map<String, Object> leaf = Map.of(
                "model",
                "made-up",
                "version",
                "1",
                "kind",
                "isolation-forest",
                "normalisation",
                1,
                "features",
                features,
                "reasonLeast",
                1,
                "reasons",
                List.of());
        return Artefact.model("made-up", withOneLeaf(leaf));
    }

    private static Map<String, Object> withOneLeaf(Map<String, Object> artefact) {
        Map<String, Object> all = new HashMap<>(artefact);
        all.put("root", List.of(0));
        all.put("feature", List.of(-1));
        for (String name : List.of("threshold", "left", "right", "defaultLeft", "value")) {
            all.put(name, List.of(0));
        }
        return all;
    }
}
