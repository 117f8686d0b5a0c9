package doubleeleven.setup.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import doubleeleven.aws.Json;
import doubleeleven.aws.Log;
import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CustomResourceTest {
    static final Log SILENT =
            new Log("setup", new PrintStream(OutputStream.nullOutputStream(), true, UTF_8), Clock.systemUTC());

    private final CloudFormation cloudFormation = new CloudFormation();

    @AfterEach
    void stop() {
        cloudFormation.close();
    }

    @Test
    void whatWorkedIsAnsweredWithItsAttributes() {
        Map<String, Object> answer = cloudFormation.ask(
                resource(properties -> Map.of("Heard", Json.text(properties, "Said"))),
                "Create",
                Map.of("Said", "hello"));

        assertThat(answer)
                .containsEntry("Status", "SUCCESS")
                .containsEntry("Data", Map.of("Heard", "hello"))
                .containsEntry("StackId", "stack")
                .containsEntry("RequestId", "request")
                .containsEntry("LogicalResourceId", "Resource")
                .containsEntry("PhysicalResourceId", "thing");
    }

    /** Another id would make CloudFormation delete the resource after an update. */
    @Test
    void anUpdateKeepsTheId() {
        CustomResource resource = resource(properties -> Map.of());

        assertThat(cloudFormation.ask(resource, "Update", Map.of()))
                .containsEntry("Status", "SUCCESS")
                .containsEntry("PhysicalResourceId", "thing");
    }

    @Test
    void aFaultIsAnsweredAsAFailureWithItsReason() {
        assertThat(cloudFormation.ask(
                        resource(properties -> {
                            throw new IllegalStateException("no table");
                        }),
                        "Create",
                        Map.of()))
                .containsEntry("Status", "FAILED")
                .containsEntry("Reason", "IllegalStateException: no table")
                .containsEntry("PhysicalResourceId", "thing");
    }

    @Test
    void aClassThatIsMissingIsAnsweredAsAFailureToo() {
        assertThat(cloudFormation.ask(
                        resource(properties -> {
                            throw new NoClassDefFoundError("doubleeleven/Gone");
                        }),
                        "Create",
                        Map.of()))
                .containsEntry("Status", "FAILED");
    }

    @Test
    void aReasonIsNeverTooLongToBeTaken() {
        Map<String, Object> answer = cloudFormation.ask(
                resource(properties -> {
                    throw new IllegalStateException("long ".repeat(2000));
                }),
                "Create",
                Map.of());

        assertThat(Json.write(answer).getBytes(UTF_8)).hasSizeLessThan(4096);
    }

    @Test
    void aDeletionDoesNothingAndSucceeds() {
        assertThat(cloudFormation.ask(
                        resource(properties -> {
                            throw new AssertionError("applied");
                        }),
                        "Delete",
                        Map.of()))
                .containsEntry("Status", "SUCCESS");
    }

    /** Lambda repeats a call that fails, so CloudFormation gets another chance to hear the answer. */
    @Test
    void anAnswerThatIsNotTakenFailsTheCall() {
        cloudFormation.refuseAnswers();

        assertThatThrownBy(() -> cloudFormation.ask(resource(properties -> Map.of()), "Create", Map.of()))
                .hasMessageContaining("403");
    }

    private static CustomResource resource(Function<Map<String, Object>, Map<String, String>> work) {
        return new CustomResource(SILENT, "thing") {
            @Override
            Map<String, String> apply(Map<String, Object> properties, Context context) {
                return work.apply(properties);
            }
        };
    }
}
