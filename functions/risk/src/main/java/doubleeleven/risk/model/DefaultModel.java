package doubleeleven.risk.model;

import java.util.List;

/** Says how probable it is that a customer defaults in the next month. */
public interface DefaultModel extends Model {
    /** The probability that a score stands for. */
    double probability(double score);

    /** All reasons that it may give. */
    List<Reason> possibleReasons();
}
