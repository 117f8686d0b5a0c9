package doubleeleven.gateway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.aws.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the gateway logs. */
class LogLinesTest {
    private final PrintStream usual = System.out;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private Deployment gateway;

    @BeforeEach
    void deploy() {
        System.setOut(new PrintStream(out, true, UTF_8));
        gateway = new Deployment();
    }

    @AfterEach
    void remove() {
        System.setOut(usual);
        gateway.close();
    }

    private List<Map<String, Object>> lines(String message) {
        return out.toString(UTF_8)
                .lines()
                .filter(line -> line.startsWith("{"))
                .map(Json::object)
                .filter(line -> message.equals(line.get("message")))
                .toList();
    }

    @Test
    void callIsFoundByTheTraceparentThatEveryOtherFunctionLogs() {
        Deployment.Reply reply = gateway.operator("GET", "/customers/nobody/accounts", "");

        assertThat(lines("call")).hasSize(1);
        assertThat(lines("call").getFirst())
                .containsEntry("traceparent", reply.headers().get("traceparent"))
                .containsEntry("traceId", reply.text("traceId"));
    }

    @Test
    void unitThatWasNotReachedIsLoggedWithTheCallsTraceparent() {
        gateway.operator("POST", "/customers", """
                {"customer":"14911","currency":"GBP","publicKey":"%s","openingBalance":1}""".formatted(gateway.payer.publicKey()));
        gateway.aws.workflow((arn, input) -> AwsStandIn.Reply.error(400, "StateMachineDoesNotExist"));

        Deployment.Reply reply = gateway.operator("POST", "/customers/14911/top-ups", """
                {"reference":"B1","amount":500,"currency":"GBP"}""");

        assertThat(lines("unit not reached"))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .containsEntry("traceparent", reply.headers().get("traceparent")));
    }
}
