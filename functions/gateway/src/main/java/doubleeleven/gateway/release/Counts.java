package doubleeleven.gateway.release;

/** Where gateways add up what they counted. */
@FunctionalInterface
public interface Counts {
    /**
     * Adds to what is counted of that colour of a unit.
     *
     * @throws RuntimeException where that is not known to have been done
     */
    void add(String unit, String colour, Tally tally);
}
