package doubleeleven.cdk.construct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AslTest {
    private static final String PUT = """
            {"States": {"Put": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem",
              "Arguments": {"TableName": "${Table}"}}}}
            """;

    @Test
    void aTokenWithoutAValueIsRefusedByName() {
        assertThatThrownBy(() -> Asl.parse(PUT).requireBound(Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("${Table} has no value");
    }

    @Test
    void aValueWithoutATokenIsRefusedByName() {
        assertThatThrownBy(() -> Asl.parse(PUT).requireBound(Set.of("Table", "Queue")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("${Queue} is not used");
    }

    @Test
    void allThatDiffersIsToldAtOnce() {
        assertThatThrownBy(() -> Asl.parse(PUT).requireBound(Set.of("Tabel")))
                .hasMessageContaining("${Table} has no value")
                .hasMessageContaining("${Tabel} is not used");
    }

    @Test
    void aTokenInAnExpressionCountsToo() {
        Asl asl = Asl.parse("""
                {"States": {"Read": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem",
                  "Arguments": {"TableName": "{% $kind = 'REFUND' ? '${Payments}' : '${Accounts}' %}"}}}}
                """);

        assertThat(asl.tokens()).containsExactly("Accounts", "Payments");
        assertThat(asl.actions())
                .containsEntry("Accounts", new TreeSet<>(Set.of("dynamodb:GetItem")))
                .containsEntry("Payments", new TreeSet<>(Set.of("dynamodb:GetItem")));
    }

    @Test
    void aTaskNeedsTheActionOfItsResourceWhereverItIsNested() {
        Asl asl = Asl.parse("""
                {"States": {"Try": {"Type": "Parallel", "Branches": [{"States": {"Each": {"Type": "Map",
                  "ItemProcessor": {"States": {"Call": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                  "Arguments": {"FunctionName": "${Function}"}}}}}}}]}}}
                """);

        assertThat(asl.actions()).containsOnlyKeys("Function");
        assertThat(asl.actions().get("Function")).containsExactly("lambda:InvokeFunction");
    }

    @Test
    void aTaskOfAResourceThatNoRuleKnowsIsRefusedByName() {
        for (String resource : new String[] {"sns:publish", "dynamodb:transactWriteItems", "aws-sdk:dynamodb:query"}) {
            assertThatThrownBy(() -> Asl.parse(PUT.replace("dynamodb:putItem", resource)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("arn:aws:states:::" + resource);
        }
    }

    @Test
    void aTaskWhoseTargetIsWrittenOutIsRefused() {
        assertThatThrownBy(() -> Asl.parse(PUT.replace("${Table}", "double11-payment")))
                .hasMessageContaining("without a token")
                .hasMessageContaining("double11-payment");
    }

    @Test
    void aTaskWithoutArgumentsIsRefused() {
        assertThatThrownBy(() -> Asl.parse("""
                        {"States": {"Put": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem"}}}
                        """)).hasMessageContaining("has no arguments");
    }

    @Test
    void aDefinitionThatIsNoJsonIsRefused() {
        assertThatThrownBy(() -> Asl.parse("{\"States\": ")).hasMessageContaining("JSON");
    }

    @Test
    void thePaymentWorkflowIsBoundByExactlyTheseValues() {
        Asl asl = Asl.parse(new ProjectSources(Path.of("..")).stateMachine("payment-tcc"));

        assertThatCode(() -> asl.requireBound(Set.of(
                        "AccountTable", "ControlTable", "CreditTable", "PaymentTable", "ScoreRiskFunction", "Unit")))
                .doesNotThrowAnyException();
    }
}
