package doubleeleven.bench;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;

/** The champion's trees in ONNX Runtime, on one thread, as a function with one processor would run them. */
final class Onnx implements AutoCloseable {
    /** Written by training beside the artefact of the same trees. */
    private static final Path FILE = Path.of("functions/risk/src/test/resources/models/default-gbm.onnx");

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final String input;
    private final int features;

    Onnx() throws OrtException {
        environment = OrtEnvironment.getEnvironment();
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        session = environment.createSession(FILE.toString(), options);
        Map.Entry<String, NodeInfo> only =
                session.getInputInfo().entrySet().iterator().next();
        input = only.getKey();
        features = Math.toIntExact(((TensorInfo) only.getValue().getInfo()).getShape()[1]);
    }

    int features() {
        return features;
    }

    double probability(double[] values) throws OrtException {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        try (OnnxTensor tensor =
                        OnnxTensor.createTensor(environment, FloatBuffer.wrap(floats), new long[] {1, floats.length});
                OrtSession.Result result = session.run(Map.of(input, tensor))) {
            return ((float[][]) result.get(0).getValue())[0][0];
        }
    }

    @Override
    public void close() throws OrtException {
        session.close();
        environment.close();
    }
}
