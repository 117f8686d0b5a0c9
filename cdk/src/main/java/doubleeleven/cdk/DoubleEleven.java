package doubleeleven.cdk;

import doubleeleven.cdk.construct.Deployment;
import doubleeleven.cdk.construct.ProjectSources;
import doubleeleven.cdk.stack.Stacks;
import doubleeleven.cdk.topology.TopologyFile;
import doubleeleven.routing.Traffic;
import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Aspects;

/**
 * Entry point of {@code cdk synth}. Run from the folder {@code cdk}. Context:
 *
 * <ul>
 *   <li>{@code topology}: name of a file in {@code topologies}, required
 *   <li>{@code region}: synthesise the stacks of this Region alone
 *   <li>{@code nag}: {@code true} checks the AwsSolutions rules as well
 * </ul>
 */
final class DoubleEleven {
    private DoubleEleven() {}

    public static void main(String[] arguments) {
        try {
            App app = new App();
            Path topology = topologyFile(context(app, "topology"));
            Deployment deployment =
                    new Deployment(TopologyFile.read(topology), new ProjectSources(Path.of("..")), Traffic.LIVE);
            Stacks.create(app, deployment, context(app, "region"));
            if (context(app, "nag").filter("true"::equals).isPresent()) {
                Aspects.of(app).add(new AwsSolutionsChecks());
            }
            app.synth();
        } catch (IllegalArgumentException | IllegalStateException refusal) {
            System.err.println(refusal.getMessage());
            System.exit(1);
        }
    }

    private static Path topologyFile(Optional<String> name) {
        return name.map(given -> Path.of("topologies", given + ".json"))
                .filter(Files::isRegularFile)
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "Say which topology: -c topology=sandbox, -c topology=production, or another file in cdk/topologies."));
    }

    private static Optional<String> context(App app, String name) {
        return Optional.ofNullable(app.getNode().tryGetContext(name)).map(String::valueOf);
    }
}
