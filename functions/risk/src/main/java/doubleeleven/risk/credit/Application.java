package doubleeleven.risk.credit;

/**
 * What somebody asks for.
 *
 * @param requestedLimit in minor units; above 0
 * @param currentLimit of the line that the customer has here already, in minor units; 0 where there is none
 */
public record Application(String currency, long requestedLimit, long currentLimit, Applicant applicant) {
    public Application {
        if (requestedLimit <= 0) {
            throw new IllegalArgumentException("requestedLimit must be above 0, not " + requestedLimit);
        }
        if (currentLimit < 0) {
            throw new IllegalArgumentException("currentLimit must be 0 or above, not " + currentLimit);
        }
    }
}
