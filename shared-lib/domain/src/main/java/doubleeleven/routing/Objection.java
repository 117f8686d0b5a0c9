package doubleeleven.routing;

/**
 * Why a rule may not be published.
 *
 * @param place in the document, such as {@code units[1].standby}
 * @param message what would be right
 */
public record Objection(String place, String message) {}
