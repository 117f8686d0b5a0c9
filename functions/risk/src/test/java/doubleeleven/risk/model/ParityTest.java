package doubleeleven.risk.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import doubleeleven.aws.Json;
import doubleeleven.risk.Golden;
import doubleeleven.risk.model.Model.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Models say here what they said where they were trained. */
class ParityTest {
    private static final Offset<Double> EXACT = within(1e-9);

    @ParameterizedTest
    @ValueSource(strings = {"default-gbm", "default-gbm-challenger", "default-scorecard"})
    void aModelOfDefaultSaysWhatTheTrainingLibrarySaid(String name) {
        DefaultModel model = Artefact.defaultModel(name, Golden.artefact(name));
        Golden golden = Golden.read("golden-default");

        assertThat(golden.rows()).hasSizeGreaterThan(100).allSatisfy(row -> {
            double[] values = golden.valuesFor(model, row);
            Map<?, ?> said = (Map<?, ?>) row.get(name);
            double score = model.score(values);
            assertThat(score).isCloseTo(((Number) said.get("score")).doubleValue(), EXACT);
            assertThat(model.probability(score)).isCloseTo(((Number) said.get("probability")).doubleValue(), EXACT);
            assertThat(model.reasons(values).stream().map(Reason::code).toList())
                    .isEqualTo(said.get("reasons"));
        });
    }

    @ParameterizedTest
    @CsvSource({"payment-anomaly, golden-anomaly", "payment-anomaly-challenger, golden-anomaly-challenger"})
    void aForestSaysWhatTheTrainingLibrarySaid(String name, String rows) {
        Model model = Golden.model(name);
        Golden golden = Golden.read(rows);

        assertThat(golden.rows()).hasSizeGreaterThan(100).allSatisfy(row -> {
            double[] values = golden.valuesFor(model, row);
            assertThat(model.score(values)).isCloseTo(((Number) row.get("score")).doubleValue(), EXACT);
            assertThat(model.reasons(values).stream().map(Reason::code).toList())
                    .isEqualTo(row.get("reasons"));
        });
    }

    @Test
    void treesSayWhatOnnxRuntimeSaysOfThem() throws OrtException, IOException {
        DefaultModel model = Artefact.defaultModel("default-gbm", Golden.artefact("default-gbm"));
        Golden golden = Golden.read("golden-default");
        try (OrtEnvironment environment = OrtEnvironment.getEnvironment();
                InputStream onnx = Golden.class.getResourceAsStream("/models/default-gbm.onnx");
                OrtSession session = environment.createSession(onnx.readAllBytes())) {
            for (Map<String, Object> row : golden.rows()) {
                double[] values = golden.valuesFor(model, row);
                assertThat(model.probability(model.score(values)))
                        .as(Json.write(row.get("raw")))
                        .isCloseTo(probability(environment, session, values), within(1e-5));
            }
        }
    }

    private static double probability(OrtEnvironment environment, OrtSession session, double[] values)
            throws OrtException {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        String input = session.getInputNames().iterator().next();
        try (OnnxTensor tensor =
                        OnnxTensor.createTensor(environment, FloatBuffer.wrap(floats), new long[] {1, floats.length});
                OrtSession.Result result = session.run(Map.of(input, tensor))) {
            return ((float[][]) result.get(0).getValue())[0][0];
        }
    }
}
