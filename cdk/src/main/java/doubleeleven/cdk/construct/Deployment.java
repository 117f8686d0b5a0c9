package doubleeleven.cdk.construct;

import doubleeleven.cdk.topology.Topology;
import software.amazon.awscdk.RemovalPolicy;

/** What all constructs of one deployment share. */
public record Deployment(Topology topology, Sources sources) {
    /** For tables: money outlives every mistake with a stack. */
    public RemovalPolicy tableRemoval() {
        return topology.data().retained() ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    }

    /** For logs: kept, except when the stack fails to come up, because a left-over name would block the next try. */
    RemovalPolicy logRemoval() {
        return topology.data().retained() ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
    }
}
