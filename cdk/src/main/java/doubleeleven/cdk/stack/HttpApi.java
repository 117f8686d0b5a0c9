package doubleeleven.cdk.stack;

import doubleeleven.cdk.construct.Alarms;
import doubleeleven.cdk.construct.Alarms.MetricOf;
import doubleeleven.cdk.construct.Deployment;
import doubleeleven.cdk.construct.Logs;
import doubleeleven.cdk.construct.Nag;
import doubleeleven.cdk.construct.OpenApi;
import doubleeleven.cdk.topology.ApiSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.services.apigateway.AccessLogFormat;
import software.amazon.awscdk.services.apigateway.ApiDefinition;
import software.amazon.awscdk.services.apigateway.EndpointType;
import software.amazon.awscdk.services.apigateway.LogGroupLogDestination;
import software.amazon.awscdk.services.apigateway.MethodDeploymentOptions;
import software.amazon.awscdk.services.apigateway.MethodLoggingLevel;
import software.amazon.awscdk.services.apigateway.SpecRestApi;
import software.amazon.awscdk.services.apigateway.StageOptions;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.IFunction;
import software.amazon.awscdk.services.lambda.Permission;
import software.constructs.Construct;

/** The HTTP API as its OpenAPI document describes it; calls go to the gateway function, those of operators to theirs. */
final class HttpApi extends Construct {
    private static final String STAGE = "v1";
    /** What operators call has a function of its own, whose role may do what no caller's may. */
    private static final String OPERATIONS = "/operations/";
    /**
     * Route 53's checkers ask once or twice a second. Far more than that, so that it takes some effort to have them refused and the door
     * out of DNS; far less than what callers are given.
     */
    private static final int HEALTH_A_SECOND = 50;

    private final SpecRestApi api;

    HttpApi(Construct scope, String id, Deployment deployment, IFunction gateway, IFunction operations) {
        super(scope, id);
        String name = deployment.names().of("api");
        this.api = SpecRestApi.Builder.create(this, "RestApi")
                .restApiName(name)
                .apiDefinition(ApiDefinition.fromInline(OpenApi.forApiGateway(
                        deployment.sources().openApi(),
                        path -> invocationsOf(path.startsWith(OPERATIONS) ? operations : gateway))))
                .endpointTypes(List.of(EndpointType.REGIONAL))
                .cloudWatchRole(true)
                .cloudWatchRoleRemovalPolicy(deployment.tableRemoval())
                .deployOptions(stage(deployment))
                .build();
        // The stack has its own outputs, by names that scripts can rely on.
        api.getNode().tryRemoveChild("Endpoint");
        permit(api, gateway, "/*");
        permit(api, operations, OPERATIONS + "*");
        accept(api);
        Alarms.create(
                this,
                "Faults",
                deployment,
                name + "-faults",
                "Calls of the API end with a status of 500 or more.",
                new MetricOf("AWS/ApiGateway", "5XXError", "Sum", Map.of("ApiName", name, "Stage", STAGE)),
                deployment.topology().alarms().errors());
        output(scope, "ApiUrl", api.getUrl());
        output(scope, "ApiId", api.getRestApiId());
    }

    SpecRestApi api() {
        return api;
    }

    private static String invocationsOf(IFunction function) {
        return "arn:" + Aws.PARTITION + ":apigateway:" + Aws.REGION + ":lambda:path/2015-03-31/functions/"
                + function.getFunctionArn() + "/invocations";
    }

    private static void permit(SpecRestApi api, IFunction function, String paths) {
        function.addPermission(
                "Api",
                Permission.builder()
                        .principal(new ServicePrincipal("apigateway.amazonaws.com"))
                        .sourceArn(api.arnForExecuteApi("*", paths, STAGE))
                        .build());
    }

    private StageOptions stage(Deployment deployment) {
        ApiSettings settings = deployment.topology().api();
        return StageOptions.builder()
                .stageName(STAGE)
                .throttlingRateLimit(settings.requestsPerSecond())
                .throttlingBurstLimit(settings.burst())
                .tracingEnabled(true)
                .metricsEnabled(true)
                .loggingLevel(MethodLoggingLevel.ERROR)
                // A trace of the data would log customers' tokens and merchants' keys.
                .dataTraceEnabled(false)
                .methodOptions(Map.of(
                        DoorNames.HEALTH + "/GET",
                        // A method's own settings replace all of the stage's.
                        MethodDeploymentOptions.builder()
                                .throttlingRateLimit(HEALTH_A_SECOND)
                                .throttlingBurstLimit(HEALTH_A_SECOND)
                                .metricsEnabled(true)
                                .loggingLevel(MethodLoggingLevel.ERROR)
                                .dataTraceEnabled(false)
                                .build()))
                .accessLogDestination(new LogGroupLogDestination(Logs.group(
                        this,
                        deployment,
                        "/aws/vendedlogs/apigateway/" + deployment.names().of("api"))))
                .accessLogFormat(AccessLogFormat.custom(accessLog()))
                .build();
    }

    private static String accessLog() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("requestId", "$context.requestId");
        fields.put("traceId", "$context.xrayTraceId");
        fields.put("time", "$context.requestTimeEpoch");
        fields.put("sourceIp", "$context.identity.sourceIp");
        fields.put("method", "$context.httpMethod");
        fields.put("resource", "$context.resourcePath");
        fields.put("status", "$context.status");
        fields.put("latencyMillis", "$context.responseLatency");
        fields.put("integrationLatencyMillis", "$context.integrationLatency");
        fields.put("integrationStatus", "$context.integration.status");
        fields.put("errorType", "$context.error.responseType");
        return fields.entrySet().stream()
                .map(field -> "\"" + field.getKey() + "\":\"" + field.getValue() + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static void accept(SpecRestApi api) {
        Nag.accept(
                api,
                "AwsSolutions-APIG2",
                "The gateway validates every request: only it can name the field and the range that a value missed.");
        Nag.accept(
                api.getDeploymentStage(),
                "AwsSolutions-APIG3",
                "The stage throttles all callers together and the gateway refuses whoever has no valid key or token; a web ACL, which would also tell one address from another, belongs to the network of who deploys this.");
        Nag.accept(
                api.getNode().findChild("CloudWatchRole"),
                "AwsSolutions-IAM4",
                "Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
                "API Gateway demands this very policy for the account's logging role.");
    }

    private static void output(Construct scope, String name, String value) {
        CfnOutput.Builder.create(scope, name).value(value).build();
    }
}
