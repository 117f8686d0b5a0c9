package doubleeleven.cdk.topology;

/**
 * Physical names. Stacks find each other's resources by these alone: an export would tie the Regions' stacks together and could not
 * cross a Region anyway.
 */
public final class Names {
    private static final String PREFIX = "double11-";

    private Names() {}

    /** What there is once, or once in each Region: a table, the gateway, the decided topic. */
    public static String of(String part) {
        return PREFIX + part;
    }

    /** What there is once for each unit and colour, such as {@code double11-rz01-a-phase-two}. */
    public static String of(Unit unit, Colour colour, String part) {
        return PREFIX + unit.slug() + "-" + colour.name() + "-" + part;
    }
}
