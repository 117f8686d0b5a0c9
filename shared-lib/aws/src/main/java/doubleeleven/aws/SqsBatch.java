package doubleeleven.aws;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * A batch of queue messages as Lambda delivers it, and the answer that lists the ones to deliver again. One message's failure never
 * takes the others with it; a poison message reaches the dead-letter queue alone.
 */
public final class SqsBatch {
    private final Log log;

    public SqsBatch(Log log) {
        this.log = log;
    }

    /**
     * One message.
     *
     * @param body the body as an object
     */
    public record Message(String id, Map<String, Object> body) {}

    /** Handles each message alone. Whatever the handler throws makes that message, and only that one, come again. */
    public void each(InputStream in, OutputStream out, Handler handler) throws IOException {
        together(in, out, messages -> {
            Set<String> failed = new LinkedHashSet<>();
            for (Message message : messages) {
                try {
                    handler.handle(message.body());
                } catch (RuntimeException e) {
                    failed(message, e);
                    failed.add(message.id());
                }
            }
            return failed;
        });
    }

    /** Handles the readable messages together; the handler answers the ids of those to deliver again. */
    public void together(InputStream in, OutputStream out, Function<List<Message>, Set<String>> handler)
            throws IOException {
        Set<String> failed = new LinkedHashSet<>();
        List<Message> messages = new ArrayList<>();
        for (Map<String, Object> row : Json.objects(Json.object(in), "Records")) {
            String id = Json.text(row, "messageId");
            try {
                messages.add(new Message(id, Json.object(Json.text(row, "body"))));
            } catch (RuntimeException e) {
                log.error("A message cannot be read", Map.of("message_id", id), e);
                failed.add(id);
            }
        }
        failed.addAll(handler.apply(messages));
        Json.write(
                Map.of(
                        "batchItemFailures",
                        failed.stream().map(id -> Map.of("itemIdentifier", id)).toList()),
                out);
    }

    /** Logs a message that will come again. */
    public void failed(Message message, RuntimeException cause) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("message_id", message.id());
        if (message.body().get("trace") instanceof String trace) {
            fields.put("traceparent", trace);
        }
        log.error("A message failed and will be delivered again", fields, cause);
    }

    /** What to do with one message's body. */
    @FunctionalInterface
    public interface Handler {
        void handle(Map<String, Object> body);
    }
}
