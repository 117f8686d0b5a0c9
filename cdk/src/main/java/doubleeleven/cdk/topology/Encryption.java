package doubleeleven.cdk.topology;

/**
 * Who holds the key of the tables at rest. All three work with multi-Region strong consistency.
 *
 * <p>{@link #CUSTOMER_MANAGED} needs one existing key in every Region, because a key cannot be made in another Region's stack, and makes a
 * key's loss or a mistake in its policy an outage of every Region that uses it: choose it when someone must be able to revoke access.
 */
public enum Encryption {
    AWS_OWNED,
    AWS_MANAGED,
    CUSTOMER_MANAGED
}
