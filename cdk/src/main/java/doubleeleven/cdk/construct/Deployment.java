package doubleeleven.cdk.construct;

import doubleeleven.cdk.topology.DataSettings;
import doubleeleven.cdk.topology.Names;
import doubleeleven.cdk.topology.Topology;
import doubleeleven.routing.Traffic;
import java.util.Optional;
import software.amazon.awscdk.RemovalPolicy;

/** What all constructs of one deployment share. */
public record Deployment(Topology topology, Sources sources, Traffic traffic) {
    public Names names() {
        return new Names(traffic);
    }

    /** The same for stress tests, beside this one; empty where the topology has none, and for the shadow itself. */
    public Optional<Deployment> shadow() {
        return topology.shadow() && traffic == Traffic.LIVE
                ? Optional.of(new Deployment(topology, sources, Traffic.SHADOW))
                : Optional.empty();
    }

    /** What stress tests leave behind can be lost. */
    public DataSettings data() {
        DataSettings data = topology.data();
        return switch (traffic) {
            case LIVE -> data;
            case SHADOW -> new DataSettings(false, false, false, data.encryption(), data.keys());
        };
    }

    /** For tables: money outlives every mistake with a stack. */
    public RemovalPolicy tableRemoval() {
        return data().retained() ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    }

    /** For logs: kept, except when the stack fails to come up, because a left-over name would block the next try. */
    RemovalPolicy logRemoval() {
        return data().retained() ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
    }
}
