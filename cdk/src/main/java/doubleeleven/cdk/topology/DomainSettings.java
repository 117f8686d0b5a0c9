package doubleeleven.cdk.topology;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * The name under which callers reach whichever Region's door is nearest and healthy.
 *
 * @param name such as {@code pay.example.com}
 * @param hostedZoneId the public zone of Route 53 that has it
 * @param certificates ARN of a certificate of ACM in each Region, for the name and for the Region's own
 */
public record DomainSettings(String name, String hostedZoneId, Map<String, String> certificates) {
    static final Pattern NAME = Pattern.compile("(?=.{1,200}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}");
    static final Pattern ZONE = Pattern.compile("Z[A-Z0-9]{1,31}");

    public DomainSettings {
        certificates = Map.copyOf(certificates);
    }

    /** The name of one Region's door, whatever became of it. */
    public String nameIn(String region) {
        return region + "." + name;
    }

    public String certificate(String region) {
        String certificate = certificates.get(region);
        if (certificate == null) {
            throw new IllegalStateException("a valid topology has a certificate for " + region);
        }
        return certificate;
    }

    static Pattern certificateIn(String region) {
        return Pattern.compile("arn:aws[a-z-]*:acm:" + region + ":[0-9]{12}:certificate/[A-Za-z0-9-]+");
    }
}
