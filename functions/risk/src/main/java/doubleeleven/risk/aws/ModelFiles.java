package doubleeleven.risk.aws;

import doubleeleven.aws.Json;
import doubleeleven.risk.model.Artefact;
import doubleeleven.risk.model.DefaultModel;
import doubleeleven.risk.model.Model;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.BiFunction;

/** The artefacts and rules that ship in the function's zip: changing one is a deployment, with its review and its way back. */
final class ModelFiles {
    private ModelFiles() {}

    /**
     * The model that a policy names, in the version that its thresholds are for.
     *
     * @throws IllegalStateException where the zip holds another version
     */
    static Model model(Map<?, ?> named) {
        return model(named, Artefact::model);
    }

    /** The same of a model of default. */
    static DefaultModel defaultModel(Map<?, ?> named) {
        return model(named, Artefact::defaultModel);
    }

    private static <M extends Model> M model(Map<?, ?> named, BiFunction<String, Map<String, Object>, M> reader) {
        String name = String.valueOf(named.get("model"));
        M model = reader.apply(name, read("models/" + name + ".json"));
        if (!model.version().equals(named.get("version"))) {
            throw new IllegalStateException(
                    "the policy is for " + name + " " + named.get("version") + ", the zip holds " + model.version());
        }
        return model;
    }

    static Map<String, Object> read(String file) {
        try (InputStream in = ModelFiles.class.getResourceAsStream("/" + file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is not in the zip");
            }
            return Json.object(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
