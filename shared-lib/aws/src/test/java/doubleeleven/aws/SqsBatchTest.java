package doubleeleven.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SqsBatchTest {
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final SqsBatch batch =
            new SqsBatch(new Log("test", new PrintStream(logged, true, UTF_8), Clock.systemUTC()));
    private final List<Object> handled = new ArrayList<>();

    @Test
    void onlyTheMessageThatFailedComesAgain() throws IOException {
        batch.each(messages("{\"n\":1}", "{\"n\":2}", "{\"n\":3}"), out, this::handleAllButTwo);

        assertThat(handled).containsExactly(1, 3);
        assertThat(comingAgain()).containsExactly("m1");
    }

    @Test
    void aMessageThatCannotBeReadComesAgainAloneAndReachesTheDeadLetterQueue() throws IOException {
        batch.each(messages("no json", "{\"n\":1}", "[]"), out, this::handleAllButTwo);

        assertThat(handled).containsExactly(1);
        assertThat(comingAgain()).containsExactly("m0", "m2");
    }

    @Test
    void whatTheHandlerOfTheWholeBatchNamesComesAgain() throws IOException {
        batch.together(
                messages("{\"n\":1}", "{\"n\":2}"),
                out,
                read -> Set.of(read.getLast().id()));

        assertThat(comingAgain()).containsExactly("m1");
    }

    @Test
    void whenAllIsDoneNothingComesAgain() throws IOException {
        batch.each(messages("{\"n\":1}"), out, this::handleAllButTwo);

        assertThat(comingAgain()).isEmpty();
        assertThat(logged.size()).isZero();
    }

    @Test
    void aFailureIsLoggedWithItsCauseAndItsMessagesTrace() throws IOException {
        batch.each(messages("{\"n\":2,\"trace\":\"00-1-2-01\"}"), out, this::handleAllButTwo);

        assertThat(Json.object(logged.toString(UTF_8)))
                .containsEntry("level", "ERROR")
                .containsEntry("message_id", "m0")
                .containsEntry("traceparent", "00-1-2-01");
        assertThat(logged.toString(UTF_8)).contains("two is refused");
    }

    private void handleAllButTwo(Map<String, Object> body) {
        if (Json.integer(body, "n") == 2) {
            throw new IllegalStateException("two is refused");
        }
        handled.add(body.get("n"));
    }

    private List<String> comingAgain() {
        return Json.objects(Json.object(out.toString(UTF_8)), "batchItemFailures").stream()
                .map(failure -> Json.text(failure, "itemIdentifier"))
                .toList();
    }

    private static ByteArrayInputStream messages(String... bodies) {
        List<Map<String, Object>> records = new ArrayList<>();
        for (String body : bodies) {
            records.add(Map.of("messageId", "m" + records.size(), "body", body));
        }
        return new ByteArrayInputStream(Json.write(Map.of("Records", records)).getBytes(UTF_8));
    }
}
