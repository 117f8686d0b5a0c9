package doubleeleven.cdk;

import static java.util.stream.Collectors.partitioningBy;
import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.jr.ob.JSON;
import doubleeleven.cdk.construct.Deployment;
import doubleeleven.cdk.construct.ProjectSources;
import doubleeleven.cdk.stack.Stacks;
import doubleeleven.cdk.topology.TopologyFile;
import doubleeleven.routing.Traffic;
import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.Stack;

/**
 * The templates of a topology as {@code cdk deploy} would send them, synthesised once for all tests.
 *
 * @param stacks those of live traffic
 * @param shadow those that stress tests run on
 */
record Templates(String topology, List<Template> stacks, List<Template> shadow, List<String> objections) {
    static final String KEY = "arn:aws:kms:%s:111122223333:key/11111111-2222-3333-4444-555555555555";

    static final String CERTIFICATE = "arn:aws:acm:%s:111122223333:certificate/11111111-2222-3333-4444-555555555555";
    static final List<String> USUAL_REGIONS = List.of("us-east-1", "us-east-2", "us-west-2");
    private static final String SHADOW = "double11-shadow-";

    private static final Supplier<Templates> PRODUCTION =
            once(() -> synthesise(Path.of("topologies", "production.json"), Optional.empty(), true));
    private static final Supplier<Templates> SANDBOX =
            once(() -> synthesise(Path.of("topologies", "sandbox.json"), Optional.empty(), true));
    private static final Supplier<Templates> OWN_KEYS =
            once(() -> synthesise(withOwnKeys(), Optional.of("us-east-1"), false));
    private static final Supplier<Templates> WITH_DOMAIN =
            once(() -> synthesise(withDomain(USUAL_REGIONS), Optional.empty(), true));
    private static final Supplier<Templates> ELSEWHERE = once(() ->
            synthesise(withDomain(List.of("eu-west-1", "eu-west-2", "eu-central-1")), Optional.of("eu-west-1"), true));

    static Templates production() {
        return PRODUCTION.get();
    }

    static Templates sandbox() {
        return SANDBOX.get();
    }

    /** The primary Region of a deployment under customer-managed keys. */
    static Templates ownKeys() {
        return OWN_KEYS.get();
    }

    /** All Regions of a deployment whose doors share a name. */
    static Templates domain() {
        return WITH_DOMAIN.get();
    }

    /** The primary Region of one that has no part in the Region of Route 53's metrics. */
    static Templates elsewhere() {
        return ELSEWHERE.get();
    }

    static List<Templates> both() {
        return List.of(production(), sandbox());
    }

    boolean isProduction() {
        return topology.equals("production.json");
    }

    Template stack(String name) {
        return stacks.stream()
                .filter(stack -> stack.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no stack " + name));
    }

    /** The stacks of Regions, without those of units. */
    List<Template> regions() {
        return stacks.stream()
                .filter(stack -> stack.name().startsWith("double11-region-"))
                .toList();
    }

    /** The stacks of units, one for each colour. */
    List<Template> units() {
        return stacks.stream()
                .filter(stack -> stack.name().startsWith("double11-unit-"))
                .toList();
    }

    List<Resource> all(String type) {
        return stacks.stream().flatMap(stack -> stack.all(type).stream()).toList();
    }

    static Templates synthesise(Path topology, Optional<String> region, boolean nag) {
        try {
            App app = App.Builder.create()
                    .context(deployedContext())
                    .outdir(Files.createTempDirectory(Path.of("target"), "cdk.out")
                            .toString())
                    .build();
            Stacks.create(
                    app,
                    new Deployment(TopologyFile.read(topology), new ProjectSources(Path.of("..")), Traffic.LIVE),
                    region);
            if (nag) {
                Aspects.of(app).add(new AwsSolutionsChecks());
            }
            Path assembly = Path.of(app.synth().getDirectory());
            List<Template> templates = new ArrayList<>();
            for (Object child : app.getNode().getChildren()) {
                if (child instanceof Stack stack) {
                    templates.add(Template.read(assembly, stack));
                }
            }
            Map<Boolean, List<Template>> byTraffic = templates.stream()
                    .collect(partitioningBy(template -> template.name().startsWith(SHADOW)));
            return new Templates(
                    topology.getFileName().toString(), byTraffic.get(false), byTraffic.get(true), objections(assembly));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Errors and warnings of a synthesis: what the rules found and nothing argues for, and what they could not judge. */
    static List<String> objections(Path assembly) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(assembly)) {
            for (Path file : files.filter(each -> each.toString().matches(".*(manifest|metadata)\\.json"))
                    .toList()) {
                collect(JSON.std.anyFrom(Files.readString(file)), found);
            }
        }
        return found;
    }

    private static void collect(Object node, List<String> found) {
        if (node instanceof Map<?, ?> object) {
            if (Set.of("aws:cdk:error", "aws:cdk:warning").contains(String.valueOf(object.get("type")))) {
                found.add(String.valueOf(object.get("data")));
            }
            object.values().forEach(child -> collect(child, found));
        } else if (node instanceof List<?> list) {
            list.forEach(child -> collect(child, found));
        }
    }

    private static Map<String, Object> deployedContext() throws IOException {
        return map(JSON.std.mapFrom(Files.readString(Path.of("cdk.json"))).get("context"));
    }

    private static Path withOwnKeys() {
        return production("own-keys", topology -> {
            Map<String, Object> data = map(topology.get("data"));
            data.put("encryption", "CUSTOMER_MANAGED");
            data.put("keys", USUAL_REGIONS.stream().collect(toMap(region -> region, KEY::formatted)));
        });
    }

    private static Path withDomain(List<String> regions) {
        return production("domain", topology -> {
            topology.put("regions", regions);
            List<?> units = (List<?>) topology.get("units");
            for (int i = 0; i < regions.size(); i++) {
                map(units.get(i)).put("region", regions.get(i));
            }
            topology.put(
                    "domain",
                    Map.of(
                            "name",
                            "pay.example.com",
                            "hostedZoneId",
                            "Z0123456789ABCDEFGHIJ",
                            "certificates",
                            regions.stream().collect(toMap(region -> region, CERTIFICATE::formatted))));
        });
    }

    private static Path production(String name, Consumer<Map<String, Object>> change) {
        try {
            Map<String, Object> topology = JSON.std.mapFrom(Files.readString(Path.of("topologies", "production.json")));
            change.accept(topology);
            Path file = Files.createTempFile(Path.of("target"), name, ".json");
            return Files.writeString(file, JSON.std.asString(topology));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path withoutShadow() {
        try {
            Map<String, Object> topology = JSON.std.mapFrom(Files.readString(Path.of("topologies", "production.json")));
            topology.put("shadow", false);
            Path file = Files.createTempFile(Path.of("target"), "without-shadow", ".json");
            return Files.writeString(file, JSON.std.asString(topology));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Supplier<Templates> once(Supplier<Templates> made) {
        return new Supplier<>() {
            private Optional<Templates> kept = Optional.empty();

            @Override
            public synchronized Templates get() {
                if (kept.isEmpty()) {
                    kept = Optional.of(made.get());
                }
                return kept.get();
            }
        };
    }

    @SuppressWarnings("unchecked") // every JSON object is a map of texts
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    /** One stack. */
    record Template(
            String name, String region, boolean protectedFromDeletion, String text, Map<String, Resource> resources) {
        static Template read(Path assembly, Stack stack) throws IOException {
            String text = Files.readString(assembly.resolve(stack.getTemplateFile()));
            Map<String, Resource> resources = map(JSON.std.mapFrom(text).get("Resources")).entrySet().stream()
                    .collect(toMap(Map.Entry::getKey, each -> new Resource(each.getKey(), map(each.getValue()))));
            return new Template(
                    stack.getStackName(),
                    stack.getRegion(),
                    Boolean.TRUE.equals(stack.getTerminationProtection()),
                    text,
                    resources);
        }

        List<Resource> all(String type) {
            return resources.values().stream()
                    .filter(resource -> resource.type().equals(type))
                    .toList();
        }

        Resource function(String name) {
            return named("AWS::Lambda::Function", "FunctionName", name);
        }

        Resource queue(String name) {
            return named("AWS::SQS::Queue", "QueueName", name);
        }

        private Resource named(String type, String property, String name) {
            return all(type).stream()
                    .filter(resource -> name.equals(resource.at(property)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + type + " " + name + " in " + this.name));
        }

        /** The resource that an expression such as {@code {"Fn::GetAtt": [id, "Arn"]}} or {@code {"Ref": id}} means. */
        Optional<Resource> meantBy(Object expression) {
            if (expression instanceof Map<?, ?> object) {
                Object id = object.get("Ref");
                if (object.get("Fn::GetAtt") instanceof List<?> attribute) {
                    id = attribute.getFirst();
                }
                return Optional.ofNullable(id).map(each -> resources.get(String.valueOf(each)));
            }
            return Optional.empty();
        }
    }

    /** One resource of a stack. */
    record Resource(String id, Map<String, Object> body) {
        String type() {
            return String.valueOf(body.get("Type"));
        }

        /** A property; numbers are steps into lists. Null where there is none. */
        Object at(Object... path) {
            Object value = body.get("Properties");
            for (Object step : path) {
                value = step instanceof Integer index && value instanceof List<?> list
                        ? (index < list.size() ? list.get(index) : null)
                        : value instanceof Map<?, ?> object ? object.get(String.valueOf(step)) : null;
            }
            return value;
        }

        String text(Object... path) {
            return String.valueOf(at(path));
        }

        int number(Object... path) {
            return at(path) instanceof Number number ? number.intValue() : Integer.MIN_VALUE;
        }

        List<Map<String, Object>> objects(Object... path) {
            return at(path) instanceof List<?> list
                    ? list.stream().map(Templates::map).toList()
                    : List.of();
        }

        Map<String, Object> object(Object... path) {
            return at(path) instanceof Map<?, ?> object ? map(object) : Map.of();
        }

        @Override
        public String toString() {
            return type() + " " + id;
        }
    }
}
