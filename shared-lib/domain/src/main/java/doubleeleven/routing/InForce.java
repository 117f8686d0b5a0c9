package doubleeleven.routing;

/**
 * The version in force, and the rule that all gateways obey but those that try it first. While nobody tries anything the two say the same.
 * Both have the version's number: of who serves which shard they say the same, and that is what units compare numbers for.
 *
 * @param rule what every change is built upon: nobody's emergency spreads what is only tried
 */
public record InForce(PublishedRule published, RoutingRule rule) {
    public InForce {
        if (rule.version() != published.version()) {
            throw new IllegalArgumentException(
                    "version " + published.version() + " is not obeyed as version " + rule.version());
        }
    }

    /** A version that all obey. */
    public static InForce ofAll(PublishedRule published) {
        return new InForce(published, published.rule());
    }

    /** The next version, which only those obey at first; the others what they obey now. */
    public InForce tryingFirst(PublishedRule next, First first) {
        return new InForce(next.tried(new Trial(first, rest().version(), null)), rule.at(next.version()));
    }

    public long version() {
        return published.version();
    }

    /** Whether some gateways obey what others do not. */
    public boolean isTrial() {
        return published.isOnlyTried();
    }

    /** What all obey but those that try something, by the number of the version that says so. */
    public RoutingRule rest() {
        Trial trial = published.trial();
        return trial != null && isTrial() ? rule.at(trial.rest()) : rule;
    }
}
