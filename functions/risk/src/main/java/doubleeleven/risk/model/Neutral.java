package doubleeleven.risk.model;

import doubleeleven.risk.model.Model.Reason;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Reasons of trees: how much better the score were if what belongs to a reason were ordinary. */
final class Neutral {
    private final Reasons reasons;
    private final int[][] places;
    private final double[][] ordinary;

    Neutral(ArtefactFields fields, List<String> features) {
        reasons = Reasons.of(fields);
        List<ArtefactFields> each = fields.objects("reasons");
        places = new int[each.size()][];
        ordinary = new double[each.size()][];
        for (int i = 0; i < places.length; i++) {
            List<String> names = each.get(i).names("features");
            ordinary[i] = each.get(i).numbers("neutral", names.size());
            places[i] = names.stream().mapToInt(features::indexOf).toArray();
            for (int j = 0; j < places[i].length; j++) {
                if (places[i][j] < 0) {
                    throw each.get(i).invalid("features", "name " + names.get(j) + ", which the model does not take");
                }
            }
        }
    }

    List<Reason> possible() {
        return reasons.all();
    }

    List<Reason> of(double[] values, ToDoubleFunction<double[]> score) {
        double full = score.applyAsDouble(values);
        double[] losses = new double[places.length];
        for (int i = 0; i < losses.length; i++) {
            double[] changed = values.clone();
            for (int j = 0; j < places[i].length; j++) {
                changed[places[i][j]] = ordinary[i][j];
            }
            losses[i] = full - score.applyAsDouble(changed);
        }
        return reasons.worst(losses);
    }
}
