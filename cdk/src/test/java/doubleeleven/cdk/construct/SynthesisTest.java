package doubleeleven.cdk.construct;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import doubleeleven.cdk.topology.TopologyFile;
import doubleeleven.routing.Traffic;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.stepfunctions.StateMachineType;

/** What is not bound is not deployed. */
class SynthesisTest {
    private static final Map<String, Binding> TABLE = Map.of("PaymentTable", new Binding.Table("payment"));

    @Test
    void aWorkflowWithATokenThatHasNoValueIsNotSynthesised() {
        assertThatThrownBy(() -> workflow("putItem", "${PaymentTable}-${Suffix}"))
                .hasMessageContaining("${Suffix} has no value");
    }

    @Test
    void aWorkflowThatDoesNotUseAValueIsNotSynthesised() {
        assertThatThrownBy(() -> workflow("putItem", "${Other}")).hasMessageContaining("${PaymentTable} is not used");
    }

    @Test
    void aWorkflowWithATaskThatNobodyGrantedIsNotSynthesised() {
        assertThatThrownBy(() -> workflow("transactWriteItems", "${PaymentTable}"))
                .hasMessageContaining("transactWriteItems");
    }

    private static void workflow(String operation, String table) {
        Stack stack = new Stack(new App(), "stack");
        Deployment deployment = new Deployment(
                TopologyFile.read(Path.of("topologies", "sandbox.json")),
                new Definition("""
                        {"States": {"Put": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:%s",
                          "Arguments": {"TableName": "%s"}}}}
                        """.formatted(operation, table)),
                Traffic.LIVE);
        new AslStateMachine(stack, "Workflow", deployment, "any", "any", StateMachineType.EXPRESS, "nobody.", TABLE);
    }

    private record Definition(String json) implements Sources {
        @Override
        public Path functions(String context) {
            throw new AssertionError("no function is asked for");
        }

        @Override
        public String stateMachine(String name) {
            return json;
        }

        @Override
        public String openApi() {
            throw new AssertionError("no document is asked for");
        }
    }
}
