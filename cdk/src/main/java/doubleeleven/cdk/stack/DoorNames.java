package doubleeleven.cdk.stack;

import doubleeleven.cdk.construct.Deployment;
import doubleeleven.cdk.topology.DomainSettings;
import java.util.List;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.apigateway.DomainName;
import software.amazon.awscdk.services.apigateway.EndpointType;
import software.amazon.awscdk.services.apigateway.SecurityPolicy;
import software.amazon.awscdk.services.apigateway.SpecRestApi;
import software.amazon.awscdk.services.certificatemanager.Certificate;
import software.amazon.awscdk.services.certificatemanager.ICertificate;
import software.amazon.awscdk.services.route53.CfnHealthCheck;
import software.amazon.awscdk.services.route53.CfnHealthCheck.HealthCheckConfigProperty;
import software.amazon.awscdk.services.route53.CfnHealthCheck.HealthCheckTagProperty;
import software.amazon.awscdk.services.route53.CfnRecordSet;
import software.amazon.awscdk.services.route53.CfnRecordSet.AliasTargetProperty;
import software.constructs.Construct;

/**
 * The names of one Region's door: the one that all doors share, answered for this Region while it is healthy and nearest, and its own. All
 * of it belongs to the Region's stack, and nothing has to be changed anywhere for Route 53 to leave a lost Region out.
 */
final class DoorNames extends Construct {
    /** Where a door says whether it can take payments. */
    static final String HEALTH = "/health";

    /** With three failures 30 s until a lost door is left out of answers; resolvers keep an answer for 60 s, the TTL of API Gateway's names. */
    private static final int INTERVAL_SECONDS = 10;
    /** One lost packet, or one slow start, is no lost Region. */
    private static final int FAILURES = 3;

    private static final int HTTPS_PORT = 443;

    DoorNames(Construct scope, String id, Deployment deployment, DomainSettings domain, SpecRestApi api) {
        super(scope, id);
        String region = Stack.of(this).getRegion();
        ICertificate certificate = Certificate.fromCertificateArn(this, "Certificate", domain.certificate(region));
        CfnHealthCheck check = healthCheck(this, "Health", deployment, domain, region);
        DomainName own = name("Own", domain.nameIn(region), certificate, api);
        record("OwnRecord", domain, domain.nameIn(region), own).build();
        DomainName shared = name("Shared", domain.name(), certificate, api);
        record("SharedRecord", domain, domain.name(), shared)
                .setIdentifier(region)
                .region(region)
                .healthCheckId(check.getAttrHealthCheckId())
                .build();
    }

    /** Asks the door by its Region's own name, which stays when the shared one leads elsewhere. */
    static CfnHealthCheck healthCheck(
            Construct scope, String id, Deployment deployment, DomainSettings domain, String region) {
        return CfnHealthCheck.Builder.create(scope, id)
                .healthCheckConfig(HealthCheckConfigProperty.builder()
                        .type("HTTPS")
                        .fullyQualifiedDomainName(domain.nameIn(region))
                        .port(HTTPS_PORT)
                        .enableSni(true)
                        .resourcePath(HEALTH)
                        .requestInterval(INTERVAL_SECONDS)
                        .failureThreshold(FAILURES)
                        .build())
                .healthCheckTags(List.of(HealthCheckTagProperty.builder()
                        .key("Name")
                        .value(deployment.names().of("door-" + region))
                        .build()))
                .build();
    }

    private DomainName name(String id, String name, ICertificate certificate, SpecRestApi api) {
        return DomainName.Builder.create(this, id)
                .domainName(name)
                .certificate(certificate)
                .endpointType(EndpointType.REGIONAL)
                .securityPolicy(SecurityPolicy.TLS_1_2)
                .mapping(api)
                .build();
    }

    private CfnRecordSet.Builder record(String id, DomainSettings domain, String name, DomainName target) {
        return CfnRecordSet.Builder.create(this, id)
                .hostedZoneId(domain.hostedZoneId())
                .name(name)
                .type("A")
                .aliasTarget(AliasTargetProperty.builder()
                        .dnsName(target.getDomainNameAliasDomainName())
                        .hostedZoneId(target.getDomainNameAliasHostedZoneId())
                        // The door's own health check decides, and it alone.
                        .evaluateTargetHealth(false)
                        .build());
    }
}
