package doubleeleven.risk.model;

import java.util.Map;

/** What training wrote of a model, as plain JSON. */
public final class Artefact {
    private Artefact() {}

    /**
     * The model that an artefact says, checked as a whole: an artefact that is read is one that can be evaluated.
     *
     * @param name the model that it should be
     * @throws InvalidModel where it is another or cannot be evaluated
     */
    public static Model model(String name, Map<String, ?> artefact) {
        ArtefactFields fields = new ArtefactFields(name, "", artefact);
        fields.requireText("model", name);
        String version = fields.text("version");
        return switch (fields.text("kind")) {
            case "trees" -> BoostedTrees.of(fields, version);
            case "scorecard" -> Scorecard.of(fields, version);
            case "isolation-forest" -> IsolationForest.of(fields, version);
            default ->
                throw fields.invalid(
                        "kind", "must be trees, scorecard or isolation-forest, not " + fields.text("kind"));
        };
    }

    /** The same of a model of default. */
    public static DefaultModel defaultModel(String name, Map<String, ?> artefact) {
        if (model(name, artefact) instanceof DefaultModel model) {
            return model;
        }
        throw new InvalidModel(name, "kind", "must be one that says a probability of default: trees or scorecard");
    }
}
