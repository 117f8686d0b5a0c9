package doubleeleven.setup.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.sun.net.httpserver.HttpServer;
import doubleeleven.aws.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** CloudFormation's side of a custom resource: it asks, and listens at an address for the answer. */
final class CloudFormation implements AutoCloseable {
    private final HttpServer server;
    private final List<Map<String, Object>> answers = new CopyOnWriteArrayList<>();
    private volatile int status = 200;

    CloudFormation() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        server.createContext("/answer", exchange -> {
            if (exchange.getRequestMethod().equals("PUT")) {
                answers.add(Json.object(exchange.getRequestBody()));
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    /** From now on it does not take answers. */
    void refuseAnswers() {
        status = 403;
    }

    /** Asks, and returns the one answer that was heard. */
    Map<String, Object> ask(RequestStreamHandler resource, String type, Map<String, Object> properties) {
        answers.clear();
        String event = Json.write(Map.of(
                "RequestType",
                type,
                "ResponseURL",
                "http://127.0.0.1:" + server.getAddress().getPort() + "/answer?signature=a%2Fb",
                "StackId",
                "stack",
                "RequestId",
                "request",
                "LogicalResourceId",
                "Resource",
                "ResourceProperties",
                properties));
        call(resource, event);
        if (answers.size() != 1) {
            throw new AssertionError("not one answer: " + answers);
        }
        return answers.getFirst();
    }

    static Map<String, Object> call(RequestStreamHandler handler, String event) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            handler.handleRequest(new ByteArrayInputStream(event.getBytes(UTF_8)), out, endingSoon());
        } catch (IOException e) {
            throw new AssertionError(e.getMessage(), e);
        }
        return Json.object(out.toString(UTF_8));
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /** The context of a call that has a second left. */
    private static Context endingSoon() {
        return (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getRemainingTimeInMillis")) {
                        return 1000;
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
