package doubleeleven.gateway.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import doubleeleven.aws.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;

/** The endpoints of Step Functions and SQS, as far as the gateway calls them. */
final class AwsStandIn implements AutoCloseable {
    /** What an endpoint answers: a status and a body. */
    record Reply(int status, Map<String, Object> body) {
        static Reply output(Map<String, Object> output) {
            return new Reply(
                    200,
                    Map.of(
                            "executionArn",
                            "arn:aws:states:us-east-1:000000000000:express:x:y:z",
                            "status",
                            "SUCCEEDED",
                            "startDate",
                            1_700_000_000,
                            "stopDate",
                            1_700_000_000,
                            "output",
                            Json.write(output)));
        }

        static Reply error(int status, String type) {
            return new Reply(status, Map.of("__type", type, "message", type));
        }
    }

    private final HttpServer server;
    private final List<Map<String, Object>> messages = new CopyOnWriteArrayList<>();
    private final List<String> executions = new CopyOnWriteArrayList<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile BiFunction<String, Map<String, Object>, Reply> workflow =
            (arn, input) -> Reply.error(500, "InternalServerError");

    AwsStandIn() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Decides what the workflow with that ARN answers to that input. */
    void workflow(BiFunction<String, Map<String, Object>, Reply> answers) {
        workflow = answers;
    }

    /** ARNs of the workflows that were called, in their order. */
    List<String> executions() {
        return executions;
    }

    /** Messages sent, with their queue and delay. */
    List<Map<String, Object>> messages() {
        return messages;
    }

    /** Names of the operations that were called, in their order. */
    List<String> calls() {
        return calls;
    }

    void forget() {
        messages.clear();
        executions.clear();
        calls.clear();
    }

    private void serve(HttpExchange exchange) throws IOException {
        String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        Map<String, Object> request =
                Json.object(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        calls.add(target.substring(target.indexOf('.') + 1));
        Reply reply = switch (target) {
            case "AWSStepFunctions.StartSyncExecution" -> start(request);
            case "AWSStepFunctions.StartExecution" -> begin(request);
            case "AWSStepFunctions.SendTaskSuccess" -> answerTask(request);
            case "AmazonSQS.SendMessage" -> send(Json.text(request, "QueueUrl"), request);
            case "AmazonSQS.SendMessageBatch" -> sendAll(request);
            default -> Reply.error(400, "UnknownOperationException");
        };
        byte[] body = Json.write(reply.body()).getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(reply.status(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Reply start(Map<String, Object> request) {
        String arn = Json.text(request, "stateMachineArn");
        executions.add(arn);
        return workflow.apply(arn, Json.object(Json.text(request, "input")));
    }

    private Reply begin(Map<String, Object> request) {
        Reply reply = start(request);
        return reply.status() == 200
                ? new Reply(200, Map.of("executionArn", "arn:x", "startDate", 1_700_000_000))
                : reply;
    }

    /** The last answer to a waiting task is kept as a message, as that is what it is. */
    private Reply answerTask(Map<String, Object> request) {
        if (Json.text(request, "taskToken").equals("late")) {
            return Reply.error(400, "TaskTimedOut");
        }
        messages.add(Map.of("token", request.get("taskToken"), "output", Json.object(Json.text(request, "output"))));
        return new Reply(200, Map.of());
    }

    private Reply sendAll(Map<String, Object> request) {
        List<Object> sent = new ArrayList<>();
        for (Map<String, Object> entry : Json.objects(request, "Entries")) {
            Map<String, Object> result =
                    new HashMap<>(send(Json.text(request, "QueueUrl"), entry).body());
            result.put("Id", entry.get("Id"));
            sent.add(result);
        }
        return new Reply(200, Map.of("Successful", sent, "Failed", List.of()));
    }

    private Reply send(String url, Map<String, Object> request) {
        Map<String, Object> message = new HashMap<>(Json.object(Json.text(request, "MessageBody")));
        message.put("queue", url.substring(url.lastIndexOf('/') + 1));
        message.put("delay", request.getOrDefault("DelaySeconds", 0));
        messages.add(message);
        return new Reply(
                200,
                Map.of("MessageId", "m" + messages.size(), "MD5OfMessageBody", md5(Json.text(request, "MessageBody"))));
    }

    private static String md5(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
