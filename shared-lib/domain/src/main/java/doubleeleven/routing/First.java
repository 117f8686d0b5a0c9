package doubleeleven.routing;

/**
 * Gateways that obey a version of the rule before all others do.
 *
 * @param region where they are
 * @param percent how many of the Region's execution environments, 1 to 100 in a hundred
 */
public record First(String region, int percent) {
    /** Numbers that environments draw one of, from 0. */
    public static final int NUMBERS = 100;

    public First {
        if (percent < 1 || percent > NUMBERS) {
            throw new IllegalArgumentException("a part is 1 to 100 per cent: " + percent);
        }
    }

    /** Whether an environment in that Region that drew that number is one of them. */
    public boolean includes(String where, int drawn) {
        return region.equals(where) && drawn < percent;
    }
}
