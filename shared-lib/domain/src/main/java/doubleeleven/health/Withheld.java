package doubleeleven.health;

/** Why a unit that is down is not taken out of service by itself, in the order in which it is asked. */
public enum Withheld {
    /** The rule says that a person decides. */
    SWITCHED_OFF("automatic failover is switched off by the rule"),
    /** Some unit would be left without a standby. */
    NO_STANDBY("too few units serve"),
    /** The planned peak would be more than those that are left can carry. */
    NO_CAPACITY("the units that are left cannot carry the planned peak"),
    /** Whoever would serve its customers is not seen to work, or the watchers see everything fail. */
    STANDBY_NOT_WELL("its standby is not seen to work"),
    /** One of another unit that began by itself is under way: one at a time. */
    ANOTHER_RUNNING("another unit is being taken out by itself"),
    /** It was taken out by itself lately: what goes to and fro needs a person. */
    COOLING_DOWN("it was taken out by itself within the last hour");

    private final String why;

    Withheld(String why) {
        this.why = why;
    }

    public String why() {
        return why;
    }
}
