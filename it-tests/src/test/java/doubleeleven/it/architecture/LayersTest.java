package doubleeleven.it.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import doubleeleven.it.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may know whom. Modules are found on disk, so a new one is covered; one that is not built is a failure, not an empty pass. */
class LayersTest {
    private static final String DOMAIN = "shared-lib/domain";
    private static final String ADAPTERS = "shared-lib/aws";
    /** Stands in for AWS in tests and is in no zip. */
    private static final String TESTKIT = "shared-lib/testkit";

    private static final Map<String, JavaClasses> MODULES = new TreeMap<>();
    private static JavaClasses all;

    @BeforeAll
    static void read() throws IOException {
        Map<String, Path> folders = new TreeMap<>();
        for (String module : modules()) {
            Path classes = Project.root().resolve(module).resolve(Path.of("target", "classes"));
            assertThat(classes)
                    .as("%s is built before its layers are looked at: mvn verify, without -pl", module)
                    .isDirectory();
            folders.put(module, classes);
        }
        all = new ClassFileImporter().importPaths(folders.values());
        folders.forEach((module, folder) -> {
            JavaClasses own = all.that(DescribedPredicate.describe(
                    "of " + module,
                    type -> type.getSource()
                            .filter(source -> source.getUri()
                                    .toString()
                                    .startsWith(folder.toUri().toString()))
                            .isPresent()));
            assertThat(own).as("classes of %s", module).isNotEmpty();
            MODULES.put(module, own);
        });
    }

    @Test
    void theContextsAndTheSharedLibrariesAreAllLookedAt() {
        assertThat(MODULES)
                .containsKeys(
                        DOMAIN,
                        ADAPTERS,
                        "functions/credit",
                        "functions/gateway",
                        "functions/ledger",
                        "functions/notification",
                        "functions/payment",
                        "functions/risk",
                        "functions/setup")
                .doesNotContainKey(TESTKIT);
    }

    @Test
    void theDomainKnowsNeitherAwsNorOurAdapters() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..aws..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("software.amazon..", "com.amazonaws..", "org.crac..", "doubleeleven..aws..")
                .check(all);
    }

    @Test
    void theSharedDomainKnowsNoContextAndNoAdapter() {
        assertThat(uses(DOMAIN)).isEmpty();
    }

    @Test
    void theSharedAdaptersKnowNoContext() {
        assertThat(uses(ADAPTERS)).isSubsetOf(DOMAIN);
    }

    @Test
    void noContextKnowsAnother() {
        for (String context : MODULES.keySet()) {
            if (context.startsWith("functions/")) {
                assertThat(uses(context))
                        .as("modules that %s uses", context)
                        .contains(ADAPTERS)
                        .isSubsetOf(DOMAIN, ADAPTERS);
            }
        }
    }

    @Test
    void aClassHasOneModuleOnly() {
        assertThat(MODULES.values().stream().flatMap(JavaClasses::stream).map(JavaClass::getName))
                .doesNotHaveDuplicates();
    }

    @Test
    void packagesKnowOneAnotherInOneDirectionOnly() {
        slices().matching("doubleeleven.(**)").should().beFreeOfCycles().check(all);
    }

    @Test
    void everyClassOfAContextIsInAPackageOfThatContext() {
        MODULES.forEach((module, classes) -> {
            if (module.startsWith("functions/")) {
                String context = "doubleeleven." + module.substring("functions/".length());
                assertThat(classes)
                        .allSatisfy(
                                each -> assertThat(each.getPackageName() + ".").startsWith(context + "."));
            }
        });
    }

    /** The other modules that a module's classes use. */
    private static Set<String> uses(String module) {
        Map<String, String> owners = MODULES.entrySet().stream()
                .flatMap(each -> each.getValue().stream().map(type -> Map.entry(type.getName(), each.getKey())))
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one));
        return MODULES.get(module).stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .map(dependency -> owners.get(
                        dependency.getTargetClass().getBaseComponentType().getName()))
                .filter(owner -> owner != null && !owner.equals(module))
                .collect(toSet());
    }

    private static List<String> modules() throws IOException {
        Path root = Project.root();
        try (Stream<Path> functions = Files.list(root.resolve("functions"));
                Stream<Path> shared = Files.list(root.resolve("shared-lib"))) {
            return Stream.concat(functions, shared)
                    .filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .map(folder -> root.relativize(folder).toString().replace('\\', '/'))
                    .filter(module -> !module.equals(TESTKIT))
                    .sorted()
                    .toList();
        }
    }
}
