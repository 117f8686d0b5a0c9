package doubleeleven.cdk.topology;

import java.util.List;

/**
 * A Region of the deployment.
 *
 * @param primary whether the global stack and the first routing rule are deployed from here
 * @param units those it serves
 */
public record Region(String name, boolean primary, List<Unit> units) {
    public Region {
        units = List.copyOf(units);
    }
}
