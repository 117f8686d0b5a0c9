package doubleeleven.gateway;

import doubleeleven.notification.EndpointUrl;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a merchant wants to be told what became of its payments. */
record EndpointRequest(URI url) {
    private static final URI NOWHERE = URI.create("");

    /**
     * Reads a request.
     *
     * @param loopback whether this machine may be named as well
     */
    static Checked<EndpointRequest> read(Map<String, @Nullable Object> json, boolean loopback) {
        return Fields.read(
                json,
                fields -> new EndpointRequest(fields.parsed(
                        "url", text -> EndpointUrl.read(text, loopback), EndpointUrl.EXPECTATION, NOWHERE)));
    }
}
