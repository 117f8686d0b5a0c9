package doubleeleven.risk.credit;

/** Why credit was not granted, as an applicant is told. The names are stored and part of the API: they are added to, never renamed. */
public enum AdverseReason {
    RECENT_DELINQUENCY("A payment was late in the last month"),
    PAST_DELINQUENCY("Payments were late in the months before the last"),
    UTILISATION("Balances are high for the credit limit, or have risen"),
    LOW_PAYMENTS("Payments were small for the bills or the limit, or were left out"),
    CREDIT_LIMIT("The credit limit granted so far is low"),
    ACCOUNT_USE("How the account was used: spending, and months paid in full, carried over or without use"),
    /** Nothing alone stands out. */
    OVERALL_RISK("All that is known of the account together"),
    REQUEST_BELOW_LEAST("The limit asked for is below the least that is granted"),
    CURRENCY_NOT_SERVED("No credit is granted in this currency");

    private final String text;

    AdverseReason(String text) {
        this.text = text;
    }

    /** What an applicant is told. */
    public String text() {
        return text;
    }
}
