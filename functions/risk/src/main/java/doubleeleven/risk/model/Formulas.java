package doubleeleven.risk.model;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * How features are made of what is known, by name, as {@code training/FEATURES.md} defines them.
 *
 * @param <I> what is known
 */
public record Formulas<I>(Map<String, ToDoubleFunction<I>> byName) {
    public Formulas {
        byName = Map.copyOf(byName);
    }

    /**
     * Makes the features that a model takes, in its order; NaN where one is missing.
     *
     * @throws InvalidModel where one of them is not known here
     */
    public Function<I, double[]> of(Model model) {
        List<ToDoubleFunction<I>> formulas = model.features().stream()
                .map(name -> {
                    ToDoubleFunction<I> formula = byName.get(name);
                    if (formula == null) {
                        throw new InvalidModel(model.name(), "features", "name " + name + ", which nobody computes");
                    }
                    return formula;
                })
                .toList();
        return known -> {
            double[] values = new double[formulas.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = formulas.get(i).applyAsDouble(known);
            }
            return values;
        };
    }
}
