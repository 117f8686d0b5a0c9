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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** SQS as far as operators' calls use it: queues whose messages hide for a while once they are received. */
final class QueuesStandIn implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, List<Message>> queues = new HashMap<>();
    private final Map<String, Map<String, Object>> moves = new HashMap<>();
    private final List<String> gone = new ArrayList<>();
    private int numbers;

    private static final class Message {
        final String id;
        final String body;
        long visibleAt;
        int receives;

        Message(String id, String body) {
            this.id = id;
            this.body = body;
        }

        boolean isVisible() {
            return visibleAt <= System.currentTimeMillis();
        }
    }

    QueuesStandIn() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::serve);
        server.start();
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    synchronized void put(String queue, String body) {
        queue(queue).add(new Message("m" + ++numbers, body));
    }

    synchronized void clear() {
        queues.clear();
        moves.clear();
        gone.clear();
    }

    /** What anybody would receive now. */
    synchronized List<String> visible(String queue) {
        return queue(queue).stream()
                .filter(Message::isVisible)
                .map(message -> message.body)
                .toList();
    }

    /** Makes a queue one that does not exist. */
    synchronized void remove(String queue) {
        gone.add(queue);
    }

    synchronized void moveIsUnderWay(String queue) {
        moves.put(queue, Map.of("Status", "RUNNING", "ApproximateNumberOfMessagesMoved", 3));
    }

    private List<Message> queue(String name) {
        return queues.computeIfAbsent(name, first -> new ArrayList<>());
    }

    private synchronized void serve(HttpExchange exchange) throws IOException {
        String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        Map<String, Object> request =
                Json.object(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        String queue = String.valueOf(request.getOrDefault("QueueUrl", request.get("SourceArn")));
        queue = queue.substring(Math.max(queue.lastIndexOf('/'), queue.lastIndexOf(':')) + 1);
        boolean known = !gone.contains(queue);
        Map<String, Object> answer = known
                ? answer(target.substring(target.indexOf('.') + 1), queue, request)
                : Map.of("__type", "com.amazonaws.sqs#QueueDoesNotExist", "message", queue);
        byte[] body = Json.write(answer).getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(known ? 200 : 400, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private Map<String, Object> answer(String operation, String queue, Map<String, Object> request) {
        return switch (operation) {
            case "GetQueueAttributes" ->
                Map.of(
                        "Attributes",
                        Map.of(
                                "ApproximateNumberOfMessages",
                                "" + visible(queue).size()));
            case "ReceiveMessage" -> Map.of("Messages", receive(queue, request));
            case "ChangeMessageVisibilityBatch" -> changeVisibility(queue, request);
            case "DeleteMessage" -> {
                queue(queue).removeIf(message -> message.id.equals(Json.text(request, "ReceiptHandle")));
                yield Map.of();
            }
            case "SendMessage" -> {
                put(queue, Json.text(request, "MessageBody"));
                yield Map.of("MessageId", "m" + numbers, "MD5OfMessageBody", md5(Json.text(request, "MessageBody")));
            }
            case "StartMessageMoveTask" -> move(queue, Json.text(request, "DestinationArn"));
            case "ListMessageMoveTasks" ->
                Map.of("Results", moves.containsKey(queue) ? List.of(moves.get(queue)) : List.of());
            default -> throw new AssertionError("not stood in for: " + operation);
        };
    }

    private List<Map<String, Object>> receive(String queue, Map<String, Object> request) {
        List<Map<String, Object>> received = new ArrayList<>();
        for (Message message : queue(queue)) {
            if (message.isVisible() && received.size() < Json.integer(request, "MaxNumberOfMessages")) {
                message.visibleAt = System.currentTimeMillis() + 1000 * Json.integer(request, "VisibilityTimeout");
                message.receives++;
                Map<String, Object> json = new LinkedHashMap<>();
                json.put("MessageId", message.id);
                json.put("ReceiptHandle", message.id);
                json.put("Body", message.body);
                json.put("MD5OfBody", md5(message.body));
                json.put(
                        "Attributes",
                        Map.of("SentTimestamp", "1762819200000", "ApproximateReceiveCount", "" + message.receives));
                received.add(json);
            }
        }
        return received;
    }

    private Map<String, Object> changeVisibility(String queue, Map<String, Object> request) {
        List<Object> changed = new ArrayList<>();
        for (Map<String, Object> entry : Json.objects(request, "Entries")) {
            queue(queue).stream()
                    .filter(message -> message.id.equals(entry.get("ReceiptHandle")))
                    .forEach(message -> message.visibleAt =
                            System.currentTimeMillis() + 1000 * Json.integer(entry, "VisibilityTimeout"));
            changed.add(Map.of("Id", entry.get("Id")));
        }
        return Map.of("Successful", changed, "Failed", List.of());
    }

    private Map<String, Object> move(String from, String toArn) {
        List<Message> moved = List.copyOf(queue(from));
        queue(toArn.substring(toArn.lastIndexOf(':') + 1)).addAll(moved);
        queue(from).clear();
        moves.put(from, Map.of("Status", "COMPLETED", "ApproximateNumberOfMessagesMoved", moved.size()));
        return Map.of("TaskHandle", "t");
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
