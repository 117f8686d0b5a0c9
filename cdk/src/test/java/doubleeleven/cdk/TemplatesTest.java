package doubleeleven.cdk;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jr.ob.JSON;
import doubleeleven.cdk.Templates.Resource;
import doubleeleven.cdk.Templates.Template;
import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.sqs.Queue;

class TemplatesTest {
    private static final Set<String> REGIONS = Set.of("us-east-1", "us-east-2", "us-west-2");
    private static final Set<String> TABLES = Set.of(
            "double11-account",
            "double11-payment",
            "double11-credit",
            "double11-control",
            "double11-feature",
            "double11-platform");
    private static final long ZIP_BYTES_AT_MOST = 8_000_000;

    @Test
    void moneyLiesInTablesWithStrongConsistencyOverThreeRegions() {
        for (Templates deployment : Templates.both()) {
            assertThat(tables(deployment).stream()
                            .filter(table -> "STRONG".equals(table.at("MultiRegionConsistency")))
                            .map(table -> table.text("TableName")))
                    .containsExactlyInAnyOrder(
                            "double11-account", "double11-payment", "double11-credit", "double11-control");
            assertThat(tables(deployment))
                    .allSatisfy(table -> assertThat(replicas(table).stream()
                                    .map(replica -> replica.get("Region"))
                                    .collect(toSet()))
                            .isEqualTo(REGIONS));
        }
    }

    @Test
    void everyReplicaStreamsBothImages() {
        for (Templates deployment : Templates.both()) {
            assertThat(tables(deployment)).allSatisfy(table -> {
                assertThat(table.at("StreamSpecification", "StreamViewType")).isEqualTo("NEW_AND_OLD_IMAGES");
                assertThat(replicas(table))
                        .allSatisfy(replica -> assertThat(replica).doesNotContainKey("StreamSpecification"));
            });
        }
    }

    @Test
    void openPaymentsAreIndexedByTheirDueTimeInEveryReplica() {
        for (Templates deployment : Templates.both()) {
            Resource payment = table(deployment, "double11-payment");
            assertThat(payment.objects("GlobalSecondaryIndexes"))
                    .singleElement()
                    .satisfies(index -> assertThat(index)
                            .containsEntry("IndexName", "due")
                            .containsEntry(
                                    "KeySchema",
                                    List.of(
                                            Map.of("AttributeName", "due", "KeyType", "HASH"),
                                            Map.of("AttributeName", "dueAt", "KeyType", "RANGE")))
                            .containsEntry(
                                    "Projection",
                                    Map.of(
                                            "ProjectionType",
                                            "INCLUDE",
                                            "NonKeyAttributes",
                                            List.of("attempt", "status", "claimedAt", "decidedAt"))));
            assertThat(payment.objects("AttributeDefinitions"))
                    .contains(Map.of("AttributeName", "dueAt", "AttributeType", "N"));
        }
    }

    @Test
    void productionsDataOutlivesItsStackAndCanBeRestoredInEveryRegion() {
        assertThat(tables(Templates.production())).allSatisfy(table -> {
            assertThat(table.body())
                    .containsEntry("DeletionPolicy", "Retain")
                    .containsEntry("UpdateReplacePolicy", "Retain");
            assertThat(replicas(table)).allSatisfy(replica -> {
                assertThat(replica).containsEntry("DeletionProtectionEnabled", true);
                assertThat(replica)
                        .containsEntry("PointInTimeRecoverySpecification", Map.of("PointInTimeRecoveryEnabled", true));
            });
        });
        assertThat(Templates.production().stack("double11-global").protectedFromDeletion())
                .isTrue();
        assertThat(Templates.production().all("AWS::Logs::LogGroup"))
                .isNotEmpty()
                .allSatisfy(group -> assertThat(group.body()).containsEntry("DeletionPolicy", "RetainExceptOnCreate"));
    }

    @Test
    void aSandboxLeavesNothingBehind() {
        assertThat(tables(Templates.sandbox())).allSatisfy(table -> {
            assertThat(table.body()).containsEntry("DeletionPolicy", "Delete");
            assertThat(replicas(table))
                    .noneMatch(replica -> Boolean.TRUE.equals(replica.get("DeletionProtectionEnabled")));
        });
        assertThat(Templates.sandbox().stacks()).noneMatch(Template::protectedFromDeletion);
    }

    @Test
    void tablesAreEncryptedUnderTheKeyThatTheTopologyChose() {
        assertThat(tables(Templates.production()))
                .allSatisfy(table -> assertThat(table.object("SSESpecification"))
                        .containsEntry("SSEEnabled", true)
                        .containsEntry("SSEType", "KMS"));
        assertThat(tables(Templates.sandbox()))
                .allSatisfy(
                        table -> assertThat(table.object("SSESpecification")).containsEntry("SSEEnabled", false));
        assertThat(tables(Templates.ownKeys()))
                .allSatisfy(table -> assertThat(replicas(table))
                        .allSatisfy(replica -> assertThat(replica)
                                .containsEntry(
                                        "SSESpecification",
                                        Map.of("KMSMasterKeyId", Templates.KEY.formatted(replica.get("Region"))))));
    }

    @Test
    void everyFunctionRunsJava25TracedUnderARoleAndALogGroupOfItsOwn() {
        for (Templates deployment : Templates.both()) {
            for (Template stack : deployment.stacks()) {
                List<Resource> functions = stack.all("AWS::Lambda::Function");
                assertThat(functions).allSatisfy(function -> {
                    assertThat(function.at("Runtime")).isEqualTo("java25");
                    assertThat(function.at("TracingConfig", "Mode")).isEqualTo("Active");
                    assertThat(stack.meantBy(function.at("LoggingConfig", "LogGroup")))
                            .hasValueSatisfying(group -> assertThat(group.at("LogGroupName"))
                                    .isEqualTo("/aws/lambda/" + function.at("FunctionName")));
                });
                assertThat(functions.stream().map(function -> function.at("Role")))
                        .doesNotHaveDuplicates();
            }
            assertThat(deployment.stacks())
                    .allSatisfy(stack ->
                            assertThat(stack.text()).doesNotContain("nodejs").doesNotContain("python"));
        }
    }

    @Test
    void callersReachASnapshotThroughTheAlias() {
        for (Templates deployment : Templates.both()) {
            for (Template stack : deployment.regions()) {
                Resource alias = onlySnapshot(stack, "double11-gateway");
                assertThat(stack.all("AWS::ApiGateway::RestApi"))
                        .singleElement()
                        .satisfies(api -> assertThat(String.valueOf(api.body())).contains("{Ref=" + alias.id() + "}"));
            }
            for (Template stack : deployment.units()) {
                Resource alias = onlySnapshot(stack, stack.name().replace("-unit-", "-") + "-score-risk");
                assertThat(workflow(stack).at("DefinitionSubstitutions", "ScoreRiskFunction"))
                        .isEqualTo(Map.of("Ref", alias.id()));
            }
        }
    }

    @Test
    void theRelayTakesItsOwnRegionsDecisionsAloneAndGivesUpOnRecordsOneByOne() throws IOException {
        for (Templates deployment : Templates.both()) {
            for (Template stack : deployment.regions()) {
                Resource mapping = stack.all("AWS::Lambda::EventSourceMapping").getFirst();
                assertThat(stack.meantBy(mapping.at("FunctionName"))
                                .orElseThrow()
                                .at("FunctionName"))
                        .isEqualTo("double11-relay");
                assertThat(stack.meantBy(mapping.at("EventSourceArn"))
                                .orElseThrow()
                                .type())
                        .isEqualTo("Custom::ReplicaStream");
                assertThat(mapping.at("BisectBatchOnFunctionError")).isEqualTo(true);
                assertThat(mapping.at("FunctionResponseTypes")).isEqualTo(List.of("ReportBatchItemFailures"));
                assertThat(mapping.at("StartingPosition")).isEqualTo("TRIM_HORIZON");
                assertThat(mapping.number("MaximumRetryAttempts")).isBetween(1, 100);
                assertThat(stack.meantBy(mapping.at("DestinationConfig", "OnFailure", "Destination")))
                        .hasValueSatisfying(
                                queue -> assertThat(queue.at("QueueName")).isEqualTo("double11-relay-dlq"));
                Map<String, Object> pattern = JSON.std.mapFrom(mapping.text("FilterCriteria", "Filters", 0, "Pattern"));
                List<String> units = deployment.units().stream()
                        .filter(unit -> unit.region().equals(stack.region()))
                        .map(unit -> unit.name().split("-", -1)[2].toUpperCase(Locale.ROOT))
                        .distinct()
                        .toList();
                assertThat(pattern)
                        .isEqualTo(Map.of(
                                "eventName",
                                List.of("INSERT", "MODIFY"),
                                "dynamodb",
                                Map.of(
                                        "NewImage",
                                        Map.of(
                                                "unit",
                                                Map.of("S", units),
                                                "status",
                                                Map.of("S", List.of("COMMITTED", "ABORTED"))))));
            }
        }
    }

    /** What a merchant takes its time over may not take the executions that payments need. */
    @Test
    void notificationsHaveNoMoreExecutionsThanTheTopologyGivesThem() {
        for (Templates deployment : Templates.both()) {
            for (Template stack : deployment.units()) {
                assertThat(stack.all("AWS::Lambda::EventSourceMapping"))
                        .filteredOn(mapping -> stack.meantBy(mapping.at("EventSourceArn"))
                                .orElseThrow()
                                .text("QueueName")
                                .endsWith("-notifications"))
                        .singleElement()
                        .satisfies(mapping -> assertThat(mapping.at("ScalingConfig"))
                                .isEqualTo(Map.of("MaximumConcurrency", deployment.isProduction() ? 200 : 10)));
            }
        }
    }

    @Test
    void aMessageStaysHiddenForAsLongAsItsConsumerMayWorkOnIt() {
        for (Templates deployment : Templates.both()) {
            for (Template stack : deployment.units()) {
                List<Resource> mappings = stack.all("AWS::Lambda::EventSourceMapping");
                assertThat(mappings).hasSize(4).allSatisfy(mapping -> {
                    Resource queue = stack.meantBy(mapping.at("EventSourceArn")).orElseThrow();
                    Resource function =
                            stack.meantBy(mapping.at("FunctionName")).orElseThrow();
                    assertThat(queue.number("VisibilityTimeout"))
                            .as(queue.text("QueueName"))
                            .isGreaterThanOrEqualTo(function.number("Timeout"));
                    assertThat(mapping.at("FunctionResponseTypes")).isEqualTo(List.of("ReportBatchItemFailures"));
                });
            }
        }
        assertThat(Templates.production().stack("double11-unit-rz01-a").queue("double11-rz01-a-phase-two"))
                .as("six times its consumer's timeout, as Lambda advises")
                .satisfies(
                        queue -> assertThat(queue.number("VisibilityTimeout")).isEqualTo(6 * 30));
    }

    @Test
    void whatIsGivenUpEndsInADeadLetterQueue() {
        for (Templates deployment : Templates.both()) {
            for (Template stack : deployment.stacks()) {
                assertThat(stack.all("AWS::SQS::Queue")).allSatisfy(queue -> {
                    assertThat(queue.at("SqsManagedSseEnabled")).isEqualTo(true);
                    if (!queue.text("QueueName").endsWith("-dlq")) {
                        assertThat(stack.meantBy(queue.at("RedrivePolicy", "deadLetterTargetArn")))
                                .hasValueSatisfying(dead ->
                                        assertThat(dead.at("QueueName")).isEqualTo(queue.at("QueueName") + "-dlq"));
                    }
                });
                assertThat(stack.all("AWS::SNS::Subscription"))
                        .allSatisfy(subscription -> assertThat(
                                        stack.meantBy(subscription.at("RedrivePolicy", "deadLetterTargetArn")))
                                .isPresent());
            }
        }
    }

    /** Nobody waits for a scheduled run: neither one that fails nor one that never starts may vanish. */
    @Test
    void aScheduledRunThatFailsOrNeverStartsEndsInADeadLetterQueue() {
        for (Templates deployment : Templates.both()) {
            for (Template stack : Stream.concat(deployment.units().stream(), deployment.regions().stream())
                    .toList()) {
                assertThat(stack.all("AWS::Events::Rule")).isNotEmpty().allSatisfy(rule -> {
                    Resource target =
                            stack.meantBy(rule.at("Targets", 0, "Arn")).orElseThrow();
                    boolean workflow = target.at("StateMachineName") != null;
                    Resource dead = stack.queue(target.at(workflow ? "StateMachineName" : "FunctionName") + "-dlq");
                    assertThat(stack.meantBy(rule.at("Targets", 0, "DeadLetterConfig", "Arn")))
                            .hasValue(dead);
                    if (workflow) {
                        // What fails once it has begun is on record in the execution, and has an alarm.
                        return;
                    }
                    assertThat(stack.all("AWS::Lambda::EventInvokeConfig").stream()
                                    .filter(config -> stack.meantBy(config.at("FunctionName"))
                                            .equals(Optional.of(target))))
                            .singleElement()
                            .satisfies(config -> assertThat(
                                            stack.meantBy(config.at("DestinationConfig", "OnFailure", "Destination")))
                                    .hasValue(dead));
                });
            }
        }
    }

    @Test
    void everyRegionWatchesTheUnitsEachMinuteInProductionAndWhenItIsAskedToInASandbox() {
        for (Templates deployment : Templates.both()) {
            for (Template stack : deployment.regions()) {
                Resource watcher = stack.function("double11-health-watcher");
                assertThat(watcher.text("Environment", "Variables", "LOOK_EVERY_SECONDS"))
                        .isEqualTo(deployment.isProduction() ? "10" : "0");
                assertThat(stack.all("AWS::Events::Rule")).singleElement().satisfies(rule -> {
                    assertThat(stack.meantBy(rule.at("Targets", 0, "Arn"))).hasValue(watcher);
                    assertThat(rule.text("ScheduleExpression")).isEqualTo("rate(1 minute)");
                    assertThat(rule.text("State")).isEqualTo(deployment.isProduction() ? "ENABLED" : "DISABLED");
                });
            }
        }
    }

    @Test
    void thePaymentWorkflowIsExpressTracedAndOnePerUnitAndColour() {
        for (Templates deployment : Templates.both()) {
            assertThat(deployment.units()).allSatisfy(stack -> {
                Resource machine = workflow(stack);
                assertThat(machine.at("StateMachineType")).isEqualTo("EXPRESS");
                assertThat(machine.at("TracingConfiguration", "Enabled")).isEqualTo(true);
                assertThat(machine.at("LoggingConfiguration", "IncludeExecutionData"))
                        .isEqualTo(false);
            });
        }
        assertThat(Templates.production().units()).hasSize(6);
        assertThat(Templates.sandbox().units()).hasSize(4);
    }

    @Test
    void creditIsDecidedInEveryColourAndGoneThroughDailyInOneColourOfEachUnit() {
        for (Templates deployment : Templates.both()) {
            Set<String> daily = new TreeSet<>();
            for (Template stack : deployment.units()) {
                String prefix = stack.name().replace("-unit-", "-");
                assertThat(workflows(stack, "EXPRESS")).hasSize(1);
                List<String> standard = workflows(stack, "STANDARD").stream()
                        .map(machine -> machine.text("StateMachineName"))
                        .toList();
                assertThat(standard).contains(prefix + "-credit-decision");
                if (standard.contains(prefix + "-credit-day")) {
                    assertThat(daily.add(prefix.substring(0, prefix.lastIndexOf('-'))))
                            .isTrue();
                    assertThat(stack.all("AWS::Events::Rule").stream()
                                    .map(rule -> String.valueOf(rule.at("ScheduleExpression"))))
                            .contains("cron(30 0 * * ? *)");
                }
            }
            assertThat(daily).hasSize(3);
        }
    }

    @Test
    void releasesAreCarriedOutInEveryRegionAndAlarmWhereTheyFail() {
        for (Templates deployment : Templates.both()) {
            for (Template stack : deployment.regions()) {
                Resource machine = workflows(stack, "STANDARD").stream()
                        .filter(each -> "double11-release".equals(each.text("StateMachineName")))
                        .findFirst()
                        .orElseThrow();
                assertThat(machine.at("TracingConfiguration", "Enabled")).isEqualTo(true);
                assertThat(stack.function("double11-release-step").text("Environment", "Variables", "REGIONS"))
                        .isEqualTo(deployment.regions().stream()
                                .map(Template::region)
                                .sorted()
                                .collect(Collectors.joining(",")));
                assertThat(stack.all("AWS::CloudWatch::Alarm").stream().map(alarm -> alarm.text("AlarmName")))
                        .contains("double11-release-failed", "double11-release-timed-out");
            }
        }
    }

    @Test
    void theApiIsThrottledTracedAndLogged() {
        for (Templates deployment : Templates.both()) {
            boolean production = deployment.isProduction();
            assertThat(deployment.all("AWS::ApiGateway::Stage")).hasSize(3).allSatisfy(stage -> {
                assertThat(stage.at("TracingEnabled")).isEqualTo(true);
                assertThat(stage.at("AccessLogSetting", "DestinationArn")).isNotNull();
                assertThat(stage.text("AccessLogSetting", "Format")).contains("$context.requestId", "$context.status");
                assertThat(stage.objects("MethodSettings"))
                        .filteredOn("ResourcePath", "/*")
                        .singleElement()
                        .satisfies(settings -> assertThat(settings)
                                .containsEntry("HttpMethod", "*")
                                .containsEntry("ResourcePath", "/*")
                                .containsEntry("ThrottlingRateLimit", production ? 10_000 : 100)
                                .containsEntry("ThrottlingBurstLimit", production ? 5_000 : 200)
                                .containsEntry("LoggingLevel", "ERROR")
                                .containsEntry("DataTraceEnabled", false));
            });
        }
    }

    /** Anybody may ask for it, without a key. */
    @Test
    void theDoorsHealthHasALimitOfItsOwnFarAboveWhatRoute53AsksFor() {
        for (Templates deployment : Templates.both()) {
            assertThat(deployment.all("AWS::ApiGateway::Stage"))
                    .hasSize(3)
                    .allSatisfy(stage -> assertThat(stage.objects("MethodSettings"))
                            .hasSize(2)
                            .filteredOn("ResourcePath", "/~1health")
                            .singleElement()
                            .satisfies(settings -> assertThat(settings)
                                    .containsEntry("HttpMethod", "GET")
                                    .containsEntry("ThrottlingRateLimit", 50)
                                    .containsEntry("ThrottlingBurstLimit", 50)
                                    .containsEntry("LoggingLevel", "ERROR")
                                    .containsEntry("MetricsEnabled", true)
                                    .containsEntry("DataTraceEnabled", false)));
        }
    }

    @Test
    void withoutADomainNoDoorHasAName() {
        for (Templates deployment : Templates.both()) {
            assertThat(deployment.stacks().stream()
                            .flatMap(stack -> stack.resources().values().stream())
                            .map(Resource::type))
                    .noneMatch(type -> type.startsWith("AWS::Route53::"))
                    .doesNotContain("AWS::ApiGateway::DomainName", "AWS::ApiGateway::BasePathMapping");
            assertThat(deployment.stacks()).extracting(Template::name).doesNotContain("double11-doors");
        }
    }

    @Test
    void everyRegionsDoorHasTheNameThatAllShareAndItsOwnUnderItsOwnCertificate() {
        assertThat(Templates.domain().regions()).hasSize(3).allSatisfy(stack -> {
            List<Resource> names = stack.all("AWS::ApiGateway::DomainName");
            assertThat(names.stream().map(name -> name.text("DomainName")))
                    .containsExactlyInAnyOrder("pay.example.com", stack.region() + ".pay.example.com");
            assertThat(names).allSatisfy(name -> {
                assertThat(name.at("RegionalCertificateArn"))
                        .isEqualTo(Templates.CERTIFICATE.formatted(stack.region()));
                assertThat(name.at("EndpointConfiguration", "Types")).isEqualTo(List.of("REGIONAL"));
                assertThat(name.at("SecurityPolicy")).isEqualTo("TLS_1_2");
            });
            assertThat(stack.all("AWS::ApiGateway::BasePathMapping")).hasSize(2).allSatisfy(mapping -> {
                assertThat(mapping.at("BasePath")).isNull();
                assertThat(stack.meantBy(mapping.at("RestApiId")))
                        .isEqualTo(
                                stack.all("AWS::ApiGateway::RestApi").stream().findFirst());
                assertThat(stack.meantBy(mapping.at("Stage")))
                        .isEqualTo(stack.all("AWS::ApiGateway::Stage").stream().findFirst());
            });
        });
    }

    /** A Region that is lost is left out by Route 53 alone: no record knows of another Region. */
    @Test
    void theSharedNameLeadsToTheNearestRegionWhoseDoorIsHealthy() {
        assertThat(Templates.domain().regions()).hasSize(3).allSatisfy(stack -> {
            Resource check = stack.all("AWS::Route53::HealthCheck").getFirst();
            assertThat(check.object("HealthCheckConfig"))
                    .containsEntry("Type", "HTTPS")
                    .containsEntry("FullyQualifiedDomainName", stack.region() + ".pay.example.com")
                    .containsEntry("ResourcePath", "/health")
                    .containsEntry("EnableSNI", true)
                    .containsEntry("RequestInterval", 10)
                    .containsEntry("FailureThreshold", 3);
            Resource shared = record(stack, "pay.example.com");
            assertThat(shared.at("Region")).isEqualTo(stack.region());
            assertThat(shared.at("SetIdentifier")).isEqualTo(stack.region());
            assertThat(stack.meantBy(shared.at("HealthCheckId"))).hasValue(check);
            assertThat(stack.all("AWS::Route53::RecordSet")).hasSize(2);
        });
    }

    /** The health check and whoever chooses a door by itself use it: it must not lead elsewhere. */
    @Test
    void aRegionsOwnNameLeadsToItsDoorWhateverBecameOfIt() {
        assertThat(Templates.domain().regions()).hasSize(3).allSatisfy(stack -> {
            Resource own = record(stack, stack.region() + ".pay.example.com");
            assertThat(own.at("HealthCheckId")).isNull();
            assertThat(own.at("SetIdentifier")).isNull();
        });
    }

    private static Resource record(Template stack, String name) {
        Resource found = stack.all("AWS::Route53::RecordSet").stream()
                .filter(record -> name.equals(record.at("Name")))
                .findFirst()
                .orElseThrow();
        assertThat(found.at("Type")).isEqualTo("A");
        assertThat(found.at("HostedZoneId")).isEqualTo("Z0123456789ABCDEFGHIJ");
        assertThat(stack.meantBy(found.at("AliasTarget", "DNSName")))
                .hasValueSatisfying(
                        target -> assertThat(target.at("DomainName")).isEqualTo(name));
        assertThat(stack.meantBy(found.at("AliasTarget", "HostedZoneId")))
                .isEqualTo(stack.meantBy(found.at("AliasTarget", "DNSName")));
        return found;
    }

    @Test
    void theApiHasTheDocumentsModelsAndSendsEveryOperationToTheGateway() throws IOException {
        Object yaml = new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(Path.of("..", "functions", "gateway", "openapi.yaml")));
        for (Templates deployment : Templates.both()) {
            assertThat(deployment.all("AWS::ApiGateway::RestApi")).hasSize(3).allSatisfy(api -> {
                assertThat(api.object("Body", "components", "schemas").keySet())
                        .isEqualTo(((Map<?, ?>) step(step(yaml, "components"), "schemas")).keySet())
                        .allMatch(model -> model.matches("[A-Za-z0-9]+"));
                assertThat(api.object("Body", "paths").keySet()).isEqualTo(((Map<?, ?>) step(yaml, "paths")).keySet());
                api.object("Body", "paths")
                        .values()
                        .forEach(path -> assertThat(operations(path))
                                .isNotEmpty()
                                .allSatisfy(operation -> assertThat(step(operation, "x-amazon-apigateway-integration"))
                                        .asInstanceOf(InstanceOfAssertFactories.MAP)
                                        .containsEntry("type", "aws_proxy")));
            });
        }
    }

    @Test
    void operatorsCallsGoToTheirOwnFunctionAndAllOthersToTheGateway() {
        for (Templates deployment : Templates.both()) {
            for (Template stack : deployment.regions()) {
                String operations = stack.function("double11-operations").id();
                String gateway = onlySnapshot(stack, "double11-gateway").id();
                Resource api = stack.all("AWS::ApiGateway::RestApi").getFirst();
                api.object("Body", "paths")
                        .forEach((path, methods) -> operations(methods)
                                .forEach(operation -> assertThat(String.valueOf(
                                                step(step(operation, "x-amazon-apigateway-integration"), "uri")))
                                        .as(path)
                                        .contains(path.startsWith("/operations/") ? operations : gateway)
                                        .doesNotContain(path.startsWith("/operations/") ? gateway : operations)));
                assertThat(stack.all("AWS::Lambda::Permission"))
                        .filteredOn(permission ->
                                String.valueOf(permission.at("FunctionName")).contains(operations))
                        .singleElement()
                        .satisfies(permission -> assertThat(String.valueOf(permission.at("SourceArn")))
                                .contains("/v1/*/operations/*"));
            }
        }
    }

    /** What operators do not see, nobody looks at; what does not go back to its own queue is lost to its consumer. */
    @Test
    void operatorsSeeEveryDeadLetterQueueOfTheirRegionAndRedriveEachToItsOwnQueue() {
        for (Templates deployment : Templates.both()) {
            for (Template region : deployment.regions()) {
                Set<String> withSource = new TreeSet<>();
                Set<String> all = new TreeSet<>();
                for (Template stack : deployment.stacks()) {
                    if (!stack.region().equals(region.region())) {
                        continue;
                    }
                    for (Resource queue : stack.all("AWS::SQS::Queue")) {
                        String name = queue.text("QueueName");
                        if (name.endsWith("-dlq")) {
                            all.add(name);
                        }
                        stack.meantBy(queue.at("RedrivePolicy", "deadLetterTargetArn"))
                                .ifPresent(dead -> {
                                    assertThat(dead.text("QueueName")).isEqualTo(name + "-dlq");
                                    withSource.add(name);
                                });
                    }
                }
                Resource operations = region.function("double11-operations");
                Set<String> sources = names(operations, "QUEUES");
                Set<String> others = names(operations, "FINAL_DEAD_LETTERS");
                assertThat(sources).as(region.name()).isEqualTo(withSource).isNotEmpty();
                assertThat(Stream.concat(sources.stream().map(source -> source + "-dlq"), others.stream()))
                        .as(region.name())
                        .containsExactlyInAnyOrderElementsOf(all);
            }
        }
    }

    private static Set<String> names(Resource function, String variable) {
        return new TreeSet<>(
                List.of(function.text("Environment", "Variables", variable).split(",", -1)));
    }

    @Test
    void theSolutionsRulesFindNothingThatIsNotArgued() {
        for (Templates deployment :
                List.of(Templates.production(), Templates.sandbox(), Templates.domain(), Templates.elsewhere())) {
            assertThat(deployment.objections()).isEmpty();
            List<Map<?, ?>> accepted = deployment.stacks().stream()
                    .flatMap(stack -> stack.resources().values().stream())
                    .flatMap(resource -> suppressions(resource).stream())
                    .toList();
            assertThat(accepted)
                    .isNotEmpty()
                    .allSatisfy(each -> assertThat(String.valueOf(each.get("reason")))
                            .hasSizeGreaterThan(20)
                            .contains(" "));
        }
    }

    /** Shows that the test above can fail. */
    @Test
    void theSolutionsRulesDoFindAQueueWithoutDeadLetters() throws IOException {
        App app = new App();
        Stack stack = new Stack(app, "careless");
        Queue.Builder.create(stack, "Queue").build();
        Aspects.of(app).add(new AwsSolutionsChecks());

        assertThat(Templates.objections(Path.of(app.synth().getDirectory())))
                .anyMatch(found -> found.contains("AwsSolutions-SQS3"));
    }

    /** A zip is loaded at every cold start. */
    @Test
    void noFunctionsZipIsLargerThanEightMegabytes() throws IOException {
        try (Stream<Path> contexts = Files.list(Path.of("..", "functions"))) {
            List<Path> zips = contexts.filter(context -> Files.exists(context.resolve("pom.xml")))
                    .map(context -> context.resolve("target").resolve(context.getFileName() + ".zip"))
                    .toList();
            assertThat(zips)
                    .isNotEmpty()
                    .allSatisfy(zip -> assertThat(Files.size(zip)).isBetween(1L, ZIP_BYTES_AT_MOST));
        }
    }

    @Test
    void aTopologyThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> Templates.synthesise(Path.of("topologies", "moon.json"), Optional.empty(), false))
                .hasMessageContaining("moon.json");
    }

    @Test
    void aRegionThatTheTopologyDoesNotHaveIsRefused() {
        assertThatThrownBy(() ->
                        Templates.synthesise(Path.of("topologies", "sandbox.json"), Optional.of("eu-west-1"), false))
                .hasMessageContaining("eu-west-1");
    }

    private static List<Resource> tables(Templates deployment) {
        List<Resource> tables = deployment.all("AWS::DynamoDB::GlobalTable");
        assertThat(tables.stream().map(table -> table.text("TableName"))).containsExactlyInAnyOrderElementsOf(TABLES);
        return tables;
    }

    private static Resource table(Templates deployment, String name) {
        return tables(deployment).stream()
                .filter(table -> name.equals(table.at("TableName")))
                .findFirst()
                .orElseThrow();
    }

    private static List<Map<String, Object>> replicas(Resource table) {
        return table.objects("Replicas");
    }

    /** The alias of the only function of a stack that starts from a snapshot. */
    private static Resource onlySnapshot(Template stack, String name) {
        assertThat(stack.all("AWS::Lambda::Function").stream()
                        .filter(function -> function.at("SnapStart") != null)
                        .map(function -> function.at("FunctionName")))
                .containsExactly(name);
        assertThat(stack.function(name).at("SnapStart", "ApplyOn")).isEqualTo("PublishedVersions");
        List<Resource> aliases = stack.all("AWS::Lambda::Alias");
        assertThat(aliases).singleElement().satisfies(alias -> {
            assertThat(alias.at("Name")).isEqualTo("live");
            assertThat(stack.meantBy(alias.at("FunctionName"))).hasValue(stack.function(name));
        });
        return aliases.getFirst();
    }

    private static Resource workflow(Template stack) {
        return workflows(stack, "EXPRESS").getFirst();
    }

    private static List<Resource> workflows(Template stack, String type) {
        return stack.all("AWS::StepFunctions::StateMachine").stream()
                .filter(machine -> type.equals(machine.at("StateMachineType")))
                .toList();
    }

    private static List<Map<?, ?>> suppressions(Resource resource) {
        Object rules = step(step(step(resource.body(), "Metadata"), "cdk_nag"), "rules_to_suppress");
        return rules instanceof List<?> list
                ? list.stream().<Map<?, ?>>map(rule -> (Map<?, ?>) rule).toList()
                : List.of();
    }

    private static List<Object> operations(Object path) {
        return ((Map<?, ?>) path)
                .entrySet().stream()
                        .filter(entry -> Set.of("get", "put", "post", "delete", "patch")
                                .contains(String.valueOf(entry.getKey())))
                        .<Object>map(Map.Entry::getValue)
                        .toList();
    }

    private static Object step(Object object, String name) {
        return object instanceof Map<?, ?> map ? map.get(name) : null;
    }

    /** What floods the doors takes no execution from what finishes decided payments; a sandbox has too few to keep any. */
    @Test
    void inProductionPhaseTwoHasExecutionsOfItsOwn() {
        for (Templates deployment : Templates.both()) {
            for (Template stack : deployment.units()) {
                for (Resource function : stack.all("AWS::Lambda::Function")) {
                    boolean kept = deployment.isProduction()
                            && function.text("FunctionName").endsWith("-phase-two");
                    assertThat(function.at("ReservedConcurrentExecutions"))
                            .as(function.text("FunctionName"))
                            .isEqualTo(kept ? 2900 : null);
                }
            }
        }
    }
}
