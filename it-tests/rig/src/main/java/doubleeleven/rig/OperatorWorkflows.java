package doubleeleven.rig;

import doubleeleven.gateway.aws.FailoverHandler;
import doubleeleven.gateway.aws.ReleaseHandler;
import doubleeleven.gateway.aws.StressLoadHandler;
import doubleeleven.gateway.aws.StressStepHandler;
import doubleeleven.gateway.stress.Doors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The workflows that carry out what operators begin: failovers and failbacks, releases, stress tests; each Region has its own. */
final class OperatorWorkflows {
    private final Hosting hosting;
    private final List<StandardWorkflow> failovers = new ArrayList<>();
    private final List<StandardWorkflow> releases = new ArrayList<>();
    private final List<StandardWorkflow> stressTests = new ArrayList<>();

    OperatorWorkflows(Hosting hosting) {
        this.hosting = hosting;
    }

    /** Deploys a Region's failover and failback. */
    List<StandardWorkflow> addFailovers(Place region) {
        Map<String, Function> steps = Map.of(
                Workflows.FAILOVER,
                hosting.gatewayFunction(
                        region,
                        Workflows.FAILOVER,
                        120,
                        Map.of(),
                        host -> new FailoverHandler(host, hosting.course()::pause)));
        List<StandardWorkflow> added = List.of(
                hosting.workflow(region, Workflows.UNIT_FAILOVER, steps),
                hosting.workflow(region, Workflows.UNIT_FAILBACK, steps));
        failovers.addAll(added);
        return added;
    }

    StandardWorkflow addRelease(Place region) {
        Function steps = hosting.gatewayFunction(region, Workflows.RELEASE_STEP, 30, regions(), ReleaseHandler::new);
        releases.add(hosting.workflow(region, Workflows.RELEASE, Map.of(Workflows.RELEASE_STEP, steps)));
        return releases.getLast();
    }

    /** @param doors through which its load goes, as anybody's does */
    StandardWorkflow addStressTest(Place region, Doors doors) {
        Function steps = hosting.gatewayFunction(region, Workflows.STRESS_STEP, 30, regions(), StressStepHandler::new);
        Function load = hosting.function(
                region,
                Workflows.STRESS_LOAD,
                900,
                Hosting.GATEWAY,
                Map.of(),
                host -> new StressLoadHandler(host, doors, () -> new CoursePace(hosting.course())));
        stressTests.add(hosting.workflow(
                region, Workflows.STRESS_TEST, Map.of(Workflows.STRESS_STEP, steps, Workflows.STRESS_LOAD, load)));
        return stressTests.getLast();
    }

    private Map<String, String> regions() {
        return Map.of("REGIONS", String.join(",", hosting.topology().regions()));
    }

    /** How failovers and failbacks failed, incomplete ones included. */
    List<String> failedFailovers() {
        return failures(failovers);
    }

    /** Releases that failed, with what failed them. */
    List<String> failedReleases() {
        return failures(releases);
    }

    /** Stress tests that failed, with what failed them. */
    List<String> failedStressTests() {
        return failures(stressTests);
    }

    private static List<String> failures(List<StandardWorkflow> workflows) {
        return workflows.stream().flatMap(each -> each.failures().stream()).toList();
    }
}
