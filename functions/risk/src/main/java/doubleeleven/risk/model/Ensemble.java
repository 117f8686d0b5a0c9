package doubleeleven.risk.model;

import java.util.List;

/** Binary trees in arrays, one place for each node, children behind their parents. */
final class Ensemble {
    private static final int LEAF = -1;

    private final int[] roots;
    private final int[] feature;
    private final double[] threshold;
    private final int[] left;
    private final int[] right;
    private final boolean[] missingLeft;
    private final double[] value;

    Ensemble(ArtefactFields fields, List<String> features) {
        roots = fields.integers("root", -1);
        feature = fields.integers("feature", -1);
        int nodes = feature.length;
        threshold = fields.numbers("threshold", nodes);
        left = fields.integers("left", nodes);
        right = fields.integers("right", nodes);
        int[] defaultLeft = fields.integers("defaultLeft", nodes);
        value = fields.numbers("value", nodes);
        missingLeft = new boolean[nodes];
        if (roots.length == 0) {
            throw fields.invalid("root", "names no tree");
        }
        for (int tree = 0; tree < roots.length; tree++) {
            fields.requireRange("root[" + tree + "]", roots[tree], 0, nodes - 1);
        }
        for (int node = 0; node < nodes; node++) {
            String at = "[" + node + "]";
            fields.requireRange("feature" + at, feature[node], LEAF, features.size() - 1);
            if (feature[node] != LEAF) {
                // A child before its parent could make a walk that never ends.
                fields.requireRange("left" + at, left[node], node + 1, nodes - 1);
                fields.requireRange("right" + at, right[node], node + 1, nodes - 1);
                fields.requireRange("defaultLeft" + at, defaultLeft[node], 0, 1);
                missingLeft[node] = defaultLeft[node] == 1;
            }
        }
    }

    int trees() {
        return roots.length;
    }

    /** Adds each tree's value to what there is, one after the other. */
    double addTo(double start, double[] values) {
        double sum = start;
        for (int root : roots) {
            int node = root;
            for (int split = feature[node]; split != LEAF; split = feature[node]) {
                double x = values[split];
                boolean goesLeft = Double.isNaN(x) ? missingLeft[node] : x <= threshold[node];
                node = goesLeft ? left[node] : right[node];
            }
            sum += value[node];
        }
        return sum;
    }
}
