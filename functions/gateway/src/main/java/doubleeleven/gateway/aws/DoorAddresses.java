package doubleeleven.gateway.aws;

import doubleeleven.aws.Environment;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Which addresses may be loaded: those under the hosts in {@code DOOR_HOSTS}, by HTTPS; offline, those of the one endpoint that serves
 * everything there. A generator of load that could be sent anywhere would be a weapon.
 *
 * @param hosts exact names, and ends of names that begin with a dot
 */
record DoorAddresses(List<String> hosts, List<String> endpoint) implements Predicate<String> {
    static DoorAddresses of(Environment environment) {
        return new DoorAddresses(
                environment
                        .find("DOOR_HOSTS")
                        .map(hosts -> Arrays.asList(hosts.split(",", -1)))
                        .orElse(List.of()),
                environment.find("AWS_ENDPOINT_URL").stream()
                        .map(DoorAddresses::origin)
                        .toList());
    }

    @Override
    public boolean test(String address) {
        URI uri = URI.create(address);
        return endpoint.contains(origin(address))
                || ("https".equals(uri.getScheme())
                        && uri.getHost() != null
                        && uri.getPort() == -1
                        && hosts.stream().anyMatch(host -> isUnder(uri.getHost(), host)));
    }

    private static boolean isUnder(String name, String host) {
        return host.startsWith(".") ? name.endsWith(host) : name.equals(host);
    }

    private static String origin(String address) {
        URI uri = URI.create(address);
        return uri.getScheme() + "://" + uri.getAuthority();
    }
}
