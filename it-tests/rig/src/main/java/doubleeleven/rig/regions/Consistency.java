package doubleeleven.rig.regions;

import doubleeleven.testkit.LocalTables;
import java.util.Map;

/** How the replicas of a global table agree. */
public enum Consistency {
    /** Each write is in a majority of the Regions before it is acknowledged, and a strongly consistent read sees it from any of them. */
    STRONG,
    /** Each Region writes its own replica; the last writer of an item wins in the end. */
    EVENTUAL;

    /** As the global stack deploys the tables. */
    public static final Map<String, Consistency> DEPLOYED = Map.of(
            LocalTables.ACCOUNT, STRONG,
            LocalTables.PAYMENT, STRONG,
            LocalTables.CREDIT, STRONG,
            LocalTables.CONTROL, STRONG,
            LocalTables.FEATURE, EVENTUAL,
            LocalTables.PLATFORM, EVENTUAL);
}
