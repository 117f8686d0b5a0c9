import com.amazonaws.services.lambda.crac.Core;
import com.amazonaws.services.lambda.crac.Resource;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Does what it is told, so that the executor can be watched. */
public final class Probe implements RequestStreamHandler, Resource {
    private static int calls;

    public Probe() {
        Core.getGlobalContext().register(this);
    }

    @Override
    public void beforeCheckpoint(com.amazonaws.services.lambda.crac.Context<? extends Resource> context) {
        System.out.println("about to be kept, " + System.getenv("GREETING"));
    }

    @Override
    public void afterRestore(com.amazonaws.services.lambda.crac.Context<? extends Resource> context) {
        // Nothing of it was in use.
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        String order = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\"", "");
        calls++;
        System.out.println("told to " + order);
        String answer = switch (order) {
            case "environment" ->
                System.getenv("GREETING") + " " + System.getenv("AWS_REGION") + " " + context.getFunctionName();
            case "count" -> String.valueOf(calls);
            case "memory" -> String.valueOf(Runtime.getRuntime().maxMemory() >> 20);
            case "throw" -> throw new IllegalStateException("told to throw");
            case "exit" -> exit();
            case "sleep" -> sleep();
            case "hog" -> hog();
            default -> order;
        };
        out.write(('"' + answer + '"').getBytes(StandardCharsets.UTF_8));
    }

    private static String exit() {
        Runtime.getRuntime().halt(7);
        return "";
    }

    private static String sleep() {
        try {
            Thread.sleep(60_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "slept";
    }

    private static String hog() {
        List<byte[]> all = new ArrayList<>();
        while (true) {
            all.add(new byte[1 << 20]);
        }
    }
}
