package doubleeleven.risk.model;

import java.util.List;

/**
 * How unusual something is, from 0 to 1: what few random cuts part from the rest is unusual.
 *
 * @param normalisation the mean path of what is ordinary
 */
record IsolationForest(
        String name, String version, List<String> features, double normalisation, Ensemble trees, Neutral neutral)
        implements Model {
    static IsolationForest of(ArtefactFields fields, String version) {
        List<String> features = fields.names("features");
        return new IsolationForest(
                fields.model(),
                version,
                features,
                fields.positive("normalisation"),
                new Ensemble(fields, features),
                new Neutral(fields, features));
    }

    @Override
    public double score(double[] values) {
        return Math.pow(2, -trees.addTo(0, values) / trees.trees() / normalisation);
    }

    @Override
    public List<Reason> reasons(double[] values) {
        return neutral.of(values, this::score);
    }
}
