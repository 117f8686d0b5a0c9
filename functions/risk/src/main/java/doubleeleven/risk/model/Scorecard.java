package doubleeleven.risk.model;

import java.util.ArrayList;
import java.util.List;

/** Points for each characteristic, added up; more is better. */
record Scorecard(
        String name,
        String version,
        List<String> features,
        double base,
        List<Characteristic> characteristics,
        double offset,
        double factor,
        Reasons known)
        implements DefaultModel {

    /** One feature in bins: a bin holds the values up to and including its edge, the last one all above. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Characteristic(double[] edges, double[] points, double missing, double neutral, int reason) {
        double pointsOf(double value) {
            if (Double.isNaN(value)) {
                return missing;
            }
            int bin = 0;
            while (bin < edges.length && edges[bin] < value) {
                bin++;
            }
            return points[bin];
        }
    }

    static Scorecard of(ArtefactFields fields, String version) {
        fields.requireText("calibration", "none");
        List<String> features = fields.names("features");
        Reasons reasons = Reasons.of(fields);
        List<ArtefactFields> each = fields.objects("characteristics");
        if (each.size() != features.size()) {
            throw fields.invalid("characteristics", "must be one for each of " + features.size() + " features");
        }
        List<Characteristic> characteristics = new ArrayList<>();
        for (int i = 0; i < features.size(); i++) {
            each.get(i).requireText("feature", features.get(i));
            characteristics.add(characteristic(each.get(i), reasons));
        }
        ArtefactFields scaling = fields.object("scaling");
        return new Scorecard(
                fields.model(),
                version,
                features,
                fields.number("base"),
                List.copyOf(characteristics),
                scaling.number("offset"),
                scaling.positive("factor"),
                reasons);
    }

    private static Characteristic characteristic(ArtefactFields fields, Reasons reasons) {
        double[] edges = fields.numbers("edges", -1);
        for (int i = 1; i < edges.length; i++) {
            if (edges[i] <= edges[i - 1]) {
                throw fields.invalid("edges[" + i + "]", "must be above the one before it");
            }
        }
        int reason = reasons.indexOf(fields.text("reason"));
        if (reason < 0) {
            throw fields.invalid("reason", "is " + fields.text("reason") + ", which the model does not list");
        }
        return new Characteristic(
                edges,
                fields.numbers("points", edges.length + 1),
                fields.number("missingPoints"),
                fields.number("neutralPoints"),
                reason);
    }

    @Override
    public double score(double[] values) {
        double points = base;
        for (int i = 0; i < values.length; i++) {
            points += characteristics.get(i).pointsOf(values[i]);
        }
        return points;
    }

    @Override
    public double probability(double score) {
        return 1 / (1 + Math.exp((score - offset) / factor));
    }

    @Override
    public List<Reason> possibleReasons() {
        return known.all();
    }

    @Override
    public List<Reason> reasons(double[] values) {
        double[] losses = new double[known.all().size()];
        for (int i = 0; i < values.length; i++) {
            Characteristic each = characteristics.get(i);
            losses[each.reason()] += each.neutral() - each.pointsOf(values[i]);
        }
        return known.worst(losses);
    }
}
