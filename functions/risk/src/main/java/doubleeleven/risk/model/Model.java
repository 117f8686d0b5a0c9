package doubleeleven.risk.model;

import java.util.List;

/** A trained model. The same values give the same score, always. */
public interface Model {
    String name();

    String version();

    /** The features that it takes, in its order. */
    List<String> features();

    /**
     * What the model says.
     *
     * @param values of the features, in their order; NaN where one is missing
     */
    double score(double[] values);

    /** What makes the score bad, the worst first, at most {@value #REASONS_MOST}; empty where nothing stands out. */
    List<Reason> reasons(double[] values);

    int REASONS_MOST = 4;

    /** Why a score is bad, as training names it. */
    record Reason(String code, String text) {}
}
