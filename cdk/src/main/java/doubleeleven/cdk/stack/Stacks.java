package doubleeleven.cdk.stack;

import doubleeleven.cdk.construct.Deployment;
import doubleeleven.cdk.topology.Colour;
import doubleeleven.cdk.topology.DomainSettings;
import doubleeleven.cdk.topology.Region;
import doubleeleven.cdk.topology.Topology;
import doubleeleven.cdk.topology.Unit;
import doubleeleven.routing.Traffic;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.constructs.Construct;

/**
 * The stacks of a deployment. Ids start with the Region, so that a pattern such as {@code double11-us-east-1-*} selects a Region's,
 * {@code double11-shadow-*} what stress tests run on; the names of the stacks themselves do not.
 */
public final class Stacks {
    private Stacks() {}

    /** Creates the stacks of all Regions, or of one alone. */
    public static void create(Construct scope, Deployment deployment, Optional<String> only) {
        Topology topology = deployment.topology();
        only.filter(region -> !topology.regionNames().contains(region)).ifPresent(region -> {
            throw new IllegalArgumentException(
                    "topology " + topology.name() + " has the Regions " + topology.regionNames() + ", not " + region);
        });
        createAll(scope, deployment, only);
        deployment.shadow().ifPresent(shadow -> createAll(scope, shadow, only));
    }

    private static void createAll(Construct scope, Deployment deployment, Optional<String> only) {
        Topology topology = deployment.topology();
        Optional<Stack> global = Optional.empty();
        for (Region region : topology.regions()) {
            if (only.isPresent() && !only.get().equals(region.name())) {
                continue;
            }
            if (region.primary()) {
                global = Optional.of(global(scope, deployment, region));
            }
            Stack regional = regional(scope, deployment, region);
            // Order only: the table's replicas come before what reads them.
            global.ifPresent(tables -> regional.addStackDependency(tables));
            if (deployment.traffic() == Traffic.LIVE && region.name().equals(beside(topology, DoorsStack.REGION))) {
                topology.domain()
                        .ifPresent(domain -> doors(scope, deployment, domain).addStackDependency(regional));
            }
            for (Unit unit : region.units()) {
                for (Colour colour : unit.colours()) {
                    unit(scope, deployment, unit, colour).addStackDependency(regional);
                }
            }
        }
    }

    private static Stack global(Construct scope, Deployment deployment, Region region) {
        String name = deployment.names().of("global");
        return new GlobalStack(
                scope,
                id(deployment, region.name(), "global"),
                props(deployment, region.name(), name, "tables of all Regions", Map.of())
                        .terminationProtection(deployment.data().deletionProtection())
                        .build(),
                deployment);
    }

    private static Stack regional(Construct scope, Deployment deployment, Region region) {
        return new RegionStack(
                scope,
                id(deployment, region.name(), "region"),
                props(
                                deployment,
                                region.name(),
                                deployment.names().of("region-" + region.name()),
                                "API and relay of " + region.name(),
                                Map.of())
                        .build(),
                deployment,
                region);
    }

    /** The Region itself, or the primary one where the deployment has no part there. */
    private static String beside(Topology topology, String region) {
        return topology.regionNames().contains(region) ? region : topology.primaryRegion();
    }

    private static Stack doors(Construct scope, Deployment deployment, DomainSettings domain) {
        return new DoorsStack(
                scope,
                id(deployment, DoorsStack.REGION, "doors"),
                props(
                                deployment,
                                DoorsStack.REGION,
                                deployment.names().of("doors"),
                                "alarms on the doors of all Regions",
                                Map.of())
                        .build(),
                deployment,
                domain);
    }

    private static Stack unit(Construct scope, Deployment deployment, Unit unit, Colour colour) {
        String part = "unit-" + unit.slug() + "-" + colour.name();
        return new UnitStack(
                scope,
                id(deployment, unit.region(), part),
                props(
                                deployment,
                                unit.region(),
                                deployment.names().of(part),
                                "unit " + unit.name() + ", colour " + colour.name(),
                                Map.of("unit", unit.name(), "colour", colour.name()))
                        .build(),
                deployment,
                unit,
                colour);
    }

    private static String title(Deployment deployment) {
        return deployment.traffic() == Traffic.LIVE ? "Double Eleven: " : "Double Eleven, shadow: ";
    }

    private static String id(Deployment deployment, String region, String part) {
        return deployment.names().of(region + "-" + part);
    }

    private static StackProps.Builder props(
            Deployment deployment, String region, String name, String description, Map<String, String> tags) {
        Map<String, String> all = new TreeMap<>(tags);
        all.put("application", "double-eleven");
        all.put("traffic", deployment.traffic().name());
        all.put("topology", deployment.topology().name());
        return StackProps.builder()
                .stackName(name)
                .description(title(deployment) + description)
                // No account: templates are the same everywhere, and names make every ARN.
                .env(Environment.builder().region(region).build())
                .tags(all);
    }
}
