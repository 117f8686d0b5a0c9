package doubleeleven.risk.model;

import java.util.List;

/** Gradient-boosted trees; the score is the log-odds of default. */
record BoostedTrees(String name, String version, List<String> features, double base, Ensemble trees, Neutral neutral)
        implements DefaultModel {
    static BoostedTrees of(ArtefactFields fields, String version) {
        fields.requireText("link", "logit");
        fields.requireText("calibration", "none");
        List<String> features = fields.names("features");
        return new BoostedTrees(
                fields.model(),
                version,
                features,
                fields.number("base"),
                new Ensemble(fields, features),
                new Neutral(fields, features));
    }

    @Override
    public double score(double[] values) {
        return trees.addTo(base, values);
    }

    @Override
    public double probability(double score) {
        return 1 / (1 + Math.exp(-score));
    }

    @Override
    public List<Reason> possibleReasons() {
        return neutral.possible();
    }

    @Override
    public List<Reason> reasons(double[] values) {
        return neutral.of(values, this::score);
    }
}
