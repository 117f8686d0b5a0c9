package doubleeleven.cdk.topology;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The Region sets in which DynamoDB offers multi-Region strong consistency. A table spans three Regions of one set; sets do not mix.
 *
 * <p>Kept as a list on purpose: a Region set that is not known to be strong is refused at synthesis, because a weaker table would lose
 * acknowledged payments with a Region and nothing would show it until then.
 */
final class StrongRegions {
    private static final List<Set<String>> SETS = List.of(
            Set.of("us-east-1", "us-east-2", "us-west-2"),
            Set.of("eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1"),
            Set.of("ap-northeast-1", "ap-northeast-2", "ap-northeast-3"));

    private StrongRegions() {}

    /** Why these Regions cannot hold a strongly consistent table, or nothing when they can. */
    static Optional<String> objection(List<String> regions) {
        if (Set.copyOf(regions).size() != 3) {
            return Optional.of(
                    "regions: multi-Region strong consistency takes three different Regions, these are " + regions);
        }
        if (SETS.stream().noneMatch(set -> set.containsAll(regions))) {
            return Optional.of("regions: " + regions
                    + " are not in one Region set with multi-Region strong consistency; choose three of one of "
                    + SETS.stream().map(set -> set.stream().sorted().toList()).toList());
        }
        return Optional.empty();
    }
}
