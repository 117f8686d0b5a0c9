package doubleeleven.gateway;

/**
 * What is wrong with one field of a request.
 *
 * @param field such as {@code sources[1].amount}
 * @param message what would be right
 */
public record FieldError(String field, String message) {}
