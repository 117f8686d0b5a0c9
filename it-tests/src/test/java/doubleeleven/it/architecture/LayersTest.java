package doubleeleven.it.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LayersTest {
    private static final List<String> MODULES = List.of(
            "shared-lib/domain",
            "shared-lib/aws",
            "functions/gateway",
            "functions/payment",
            "functions/ledger",
            "functions/risk",
            "functions/setup");

    private static JavaClasses classes;

    @BeforeAll
    static void read() {
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPaths(MODULES.stream()
                        .map(module -> Path.of("..", module, "target", "classes"))
                        .toList());
    }

    @Test
    void theDomainKnowsNothingOfAws() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..aws..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("software.amazon..", "com.amazonaws..")
                .check(classes);
    }

    @Test
    void noContextUsesAnother() {
        for (List<String> pair : List.of(
                List.of(
                        "doubleeleven.gateway..",
                        "doubleeleven.ledger..",
                        "doubleeleven.risk..",
                        "doubleeleven.setup.."),
                List.of(
                        "doubleeleven.ledger..",
                        "doubleeleven.gateway..",
                        "doubleeleven.risk..",
                        "doubleeleven.setup.."),
                List.of(
                        "doubleeleven.risk..",
                        "doubleeleven.gateway..",
                        "doubleeleven.ledger..",
                        "doubleeleven.setup.."),
                List.of(
                        "doubleeleven.setup..",
                        "doubleeleven.gateway..",
                        "doubleeleven.ledger..",
                        "doubleeleven.risk.."))) {
            noClasses()
                    .that()
                    .resideInAPackage(pair.getFirst())
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            pair.get(1),
                            pair.get(2),
                            pair.get(3),
                            "doubleeleven.payment.phasetwo..",
                            "doubleeleven.payment.aws..")
                    .check(classes);
        }
        noClasses()
                .that()
                .resideInAnyPackage("doubleeleven.payment.phasetwo..", "doubleeleven.payment.aws..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "doubleeleven.gateway..",
                        "doubleeleven.ledger..",
                        "doubleeleven.risk..",
                        "doubleeleven.setup..")
                .check(classes);
    }
}
