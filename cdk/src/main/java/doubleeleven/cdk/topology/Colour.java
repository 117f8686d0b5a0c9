package doubleeleven.cdk.topology;

/**
 * One of a unit's sub-centres, a full deployment of its own. A release goes to the colour of weight 0, then weight moves.
 *
 * @param name one lower-case letter
 * @param weight share of the unit's customers in per cent
 */
public record Colour(String name, int weight) {}
