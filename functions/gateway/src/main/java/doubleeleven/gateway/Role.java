package doubleeleven.gateway;

/** What an API key may be used for. */
public enum Role {
    /** Opens accounts, brings money in, sees everything. */
    OPERATOR,
    /** Asks for payments and refunds of one merchant, sees that merchant's own. */
    MERCHANT
}
