package doubleeleven.cdk;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.cdk.Templates.Resource;
import doubleeleven.cdk.Templates.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Stress tests run on resources of their own; one call from the live gateway to the shadow's is all that lies between. */
class ShadowTest {
    private static final Pattern LIVE = Pattern.compile("double11-(?!shadow-)[a-z0-9-]*");
    private static final Pattern SHADOW = Pattern.compile("double11-shadow-[a-z0-9:-]*");
    private static final String EDGE = ":function:double11-shadow-gateway:live";
    /** What begins names that begin like this drives stress tests. */
    private static final String STRESS = "double11-stress-";
    /** What there is once, for both. */
    private static final List<String> LIVE_ALONE = List.of(STRESS, "health-watcher");

    private static final String INVOKE = "lambda:InvokeFunction";

    /** A resource with the actions that it may be touched by. */
    private record Touch(String role, String resource, Set<String> actions) {}

    @Test
    void whatLiveRolesMayTouchNoShadowRoleMayAndTheReverseButForOneCallIntoTheShadow() {
        for (Templates deployment : Templates.both()) {
            List<Touch> live = touches(deployment.stacks());
            List<Touch> shadow = touches(deployment.shadow());
            Set<String> edges = live.stream()
                    .filter(touch -> touch.resource().endsWith(EDGE))
                    .map(touch -> touch.role() + " " + touch.actions() + " " + touch.resource())
                    .collect(toCollection(TreeSet::new));

            assertThat(edges)
                    .containsExactlyElementsOf(Stream.of("us-east-1", "us-east-2", "us-west-2")
                            .map(region -> "function double11-gateway [" + INVOKE + "] lambda:" + region + EDGE)
                            .toList());
            assertThat(live).hasSizeGreaterThan(100);
            assertThat(shadow).hasSizeGreaterThan(100);
            live.removeIf(touch -> touch.resource().endsWith(EDGE));
            // None is a pattern, so different names are different resources.
            assertThat(Stream.concat(live.stream(), shadow.stream()))
                    .noneMatch(touch ->
                            touch.resource().contains("*") || touch.resource().contains("?"));
            assertThat(resources(live)).doesNotContainAnyElementsOf(resources(shadow));
            assertThat(resources(live))
                    .noneMatch(resource -> SHADOW.matcher(resource).find());
            assertThat(resources(shadow))
                    .noneMatch(resource -> LIVE.matcher(resource).find());
        }
    }

    /** Roles are not all: policies of queues and topics, subscriptions, schedules, variables and workflows name resources too. */
    @Test
    void noTemplateNamesAResourceOfTheOtherTrafficButThatOfTheLiveGateway() {
        for (Templates deployment : Templates.both()) {
            for (Template stack : deployment.shadow()) {
                assertThat(named(LIVE, stack.text())).as(stack.name()).isEmpty();
            }
            for (Template stack : deployment.stacks()) {
                Set<String> named = named(SHADOW, stack.text());
                if (!stack.name().startsWith("double11-region-")) {
                    assertThat(named).as(stack.name()).isEmpty();
                    continue;
                }
                assertThat(named).containsExactly("double11-shadow-gateway:live");
                Resource gateway = stack.function("double11-gateway");
                Resource role = stack.meantBy(gateway.at("Role")).orElseThrow();
                assertThat(stack.resources().values())
                        .filteredOn(resource ->
                                SHADOW.matcher(String.valueOf(resource.body())).find())
                        .containsExactlyInAnyOrder(gateway, role);
            }
        }
    }

    @Test
    void everyShadowRoleMayDoToTheShadowWhatItsLivePeerMayDoToTheLive() {
        for (Templates deployment : Templates.both()) {
            Map<String, Template> shadow =
                    deployment.shadow().stream().collect(toMap(Template::name, template -> template));
            assertThat(shadow.keySet())
                    .isEqualTo(deployment.stacks().stream()
                            .map(stack -> renamed(stack.name()))
                            .collect(toCollection(TreeSet::new)));
            for (Template stack : deployment.stacks()) {
                Map<String, Set<String>> expected = new TreeMap<>();
                grants(stack).forEach((role, grants) -> {
                    if (!role.startsWith("role Api") && LIVE_ALONE.stream().noneMatch(role::contains)) {
                        expected.put(
                                renamed(role),
                                grants.stream()
                                        .filter(grant -> !grant.contains(EDGE)
                                                && LIVE_ALONE.stream().noneMatch(grant::contains))
                                        .map(ShadowTest::renamed)
                                        .collect(toCollection(TreeSet::new)));
                    }
                });
                assertThat(grants(shadow.get(renamed(stack.name())))).isEqualTo(expected);
            }
        }
    }

    /** It is a client from outside, whose doors and keys come with what it is asked. */
    @Test
    void whatMakesTheLoadMayDoNothingInTheAccountAndNothingOfTheShadowDrivesStressTests() {
        for (Templates deployment : Templates.both()) {
            List<Template> regions = deployment.stacks().stream()
                    .filter(stack -> stack.name().startsWith("double11-region-"))
                    .toList();
            assertThat(regions.size()).isPositive();
            for (Template stack : regions) {
                Map<String, Set<String>> grants = grants(stack);
                assertThat(grants.keySet())
                        .filteredOn(role -> role.contains(STRESS))
                        .containsExactlyInAnyOrder(
                                "function double11-stress-load",
                                "function double11-stress-step",
                                "workflow double11-stress-test");
                assertThat(grants.get("function double11-stress-load"))
                        .singleElement()
                        .asString()
                        .contains("/aws/lambda/double11-stress-load", "[logs:CreateLogStream, logs:PutLogEvents]");
                assertThat(stack.function("double11-stress-load").text("Environment"))
                        .doesNotContain("TABLE", "QUEUE", "DOOR");
            }
            for (Template stack : deployment.shadow()) {
                assertThat(named(Pattern.compile("stress-[a-z]+"), stack.text()))
                        .as(stack.name())
                        .isEmpty();
            }
        }
    }

    @Test
    void onlyDoorsOfThisPlatformMayBeLoaded() {
        for (Template stack : Templates.domain().stacks()) {
            if (stack.name().startsWith("double11-region-")) {
                assertThat(String.valueOf(stack.function("double11-operations")
                                        .at("Environment", "Variables", "DOOR_HOSTS"))
                                .split(","))
                        .allMatch(host -> host.matches("[.]execute-api[.][a-z0-9-]+[.]amazonaws[.]com")
                                || host.matches("([a-z0-9-]+[.])?pay[.]example[.]com"));
            }
        }
    }

    /** The door is shared, so that a stress test goes through all that live traffic goes through. */
    @Test
    void theShadowHasNoDoorOfItsOwn() {
        for (Templates deployment : List.of(Templates.production(), Templates.sandbox(), Templates.domain())) {
            assertThat(deployment.shadow()).isNotEmpty().allSatisfy(stack -> {
                assertThat(stack.text()).doesNotContain("AWS::ApiGateway::", "AWS::Route53::");
                assertThat(stack.all("AWS::Lambda::Permission"))
                        .allSatisfy(permission ->
                                assertThat(permission.text("Principal")).isNotEqualTo("apigateway.amazonaws.com"));
            });
        }
    }

    @Test
    void everyShadowFunctionKnowsThatItIsOneAndCountsInANamespaceOfItsOwn() {
        for (Templates deployment : Templates.both()) {
            for (List<Template> stacks : List.of(deployment.stacks(), deployment.shadow())) {
                boolean shadow = stacks.equals(deployment.shadow());
                for (Template stack : stacks) {
                    assertThat(stack.all("AWS::Lambda::Function")).allSatisfy(function -> {
                        assertThat(function.at("Environment", "Variables", "TRAFFIC"))
                                .isEqualTo(shadow ? "SHADOW" : "LIVE");
                        assertThat(function.at("Environment", "Variables", "POWERTOOLS_METRICS_NAMESPACE"))
                                .isEqualTo(shadow ? "DoubleElevenShadow" : "DoubleEleven");
                    });
                    assertThat(stack.all("AWS::CloudWatch::Alarm"))
                            .extracting(alarm -> String.valueOf(alarm.body()))
                            .allMatch(alarm ->
                                    alarm.contains("DoubleElevenShadow") == (shadow && alarm.contains("DoubleEleven")));
                }
            }
        }
    }

    /** A stress test leaves nothing that has to be kept, and nothing that is in the way of the next one. */
    @Test
    void theShadowsDataGoesWithItsStacks() {
        for (Templates deployment : Templates.both()) {
            List<Resource> tables = deployment.shadow().stream()
                    .flatMap(stack -> stack.all("AWS::DynamoDB::GlobalTable").stream())
                    .toList();
            assertThat(tables).hasSize(6).allSatisfy(table -> {
                assertThat(table.body()).containsEntry("DeletionPolicy", "Delete");
                assertThat(table.text("Replicas")).doesNotContain("DeletionProtectionEnabled=true");
            });
            assertThat(deployment.shadow()).noneMatch(Template::protectedFromDeletion);
        }
    }

    @Test
    void aTopologyWithoutAShadowHasNoneAndItsGatewayCallsNone() {
        Templates without = Templates.synthesise(Templates.withoutShadow(), Optional.of("us-east-1"), false);

        assertThat(without.shadow()).isEmpty();
        assertThat(without.stacks())
                .isNotEmpty()
                .allSatisfy(stack -> assertThat(stack.text()).doesNotContain("double11-shadow", "SHADOW_GATEWAY"));
    }

    private static Set<String> named(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group()).collect(toCollection(TreeSet::new));
    }

    private static String renamed(String text) {
        return text.replace("double11-", "double11-shadow-");
    }

    private static Set<String> resources(List<Touch> touches) {
        return touches.stream().map(Touch::resource).collect(toCollection(TreeSet::new));
    }

    /** What is left to a statement on everything is the delivery of logs and traces, which IAM cannot limit. */
    private static List<Touch> touches(List<Template> stacks) {
        List<Touch> touches = new ArrayList<>();
        for (Template stack : stacks) {
            for (Resource role : stack.all("AWS::IAM::Role")) {
                for (Map<String, Object> statement : GrantsTest.statements(role)) {
                    Set<String> actions = new TreeSet<>(GrantsTest.texts(statement.get("Action")));
                    if (GrantsTest.WITHOUT_RESOURCE.containsAll(actions)) {
                        continue;
                    }
                    GrantsTest.resources(stack, statement)
                            .forEach(resource ->
                                    touches.add(new Touch(GrantsTest.owner(stack, role), resource, actions)));
                }
            }
        }
        return touches;
    }

    private static Map<String, Set<String>> grants(Template stack) {
        Map<String, Set<String>> grants = new TreeMap<>();
        for (Touch touch : touches(List.of(stack))) {
            grants.computeIfAbsent(touch.role(), first -> new TreeSet<>())
                    .add(touch.resource() + " " + touch.actions());
        }
        return grants;
    }
}
