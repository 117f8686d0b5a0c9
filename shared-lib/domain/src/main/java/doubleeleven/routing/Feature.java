package doubleeleven.routing;

/** What a rule can switch off, so that the platform goes on without it. */
public enum Feature {
    /** Payments from coupons. */
    COUPONS("coupons"),
    /** Payments on credit that are paid back in more than one instalment. */
    INSTALMENTS("instalments"),
    /** Failovers that begin by themselves, where enough Regions see a unit down. */
    AUTOMATIC_FAILOVER("automaticFailover"),
    /** Second runs of an attempt, at its standby, while its unit has not answered yet. */
    HEDGING("hedging"),
    /** Telling merchants what became of their payments: while it is off, they are told later. */
    NOTIFICATIONS("notifications");

    private final String field;

    Feature(String field) {
        this.field = field;
    }

    /** As a document calls it. */
    public String field() {
        return field;
    }
}
