package doubleeleven.risk;

import doubleeleven.ids.AttemptId;

/** What is remembered of payers. A projection: lost, it can be rebuilt from the payments. */
public interface Features {
    /** Reads what is known of a payer, within the deadline or not at all. */
    FeatureSnapshot of(String payer);

    /** Remembers a paid payment once, however often and in whatever order it is told. */
    void remember(String payer, AttemptId attempt, Recent paid);
}
