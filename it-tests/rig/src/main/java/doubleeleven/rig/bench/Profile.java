package doubleeleven.rig.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/** Where processor time goes, by samples of all threads. */
final class Profile implements AutoCloseable {
    /** Of processor time, whatever runs; on Linux alone. */
    private static final String PROCESSOR = "jdk.CPUTimeSample";
    /** Of some of the threads that run, where there is nothing better. */
    private static final String RUNNING = "jdk.ExecutionSample";

    private static final Duration PERIOD = Duration.ofMillis(10);

    private static final Share OTHER = new Share("everything else", List.of());
    private static final List<Share> SHARES = List.of(
            new Share("the database itself", List.of("com.amazonaws.services.dynamodbv2", "com.almworks.sqlite4java")),
            new Share(
                    "checking the payer's signature",
                    List.of("sun.security", "org.jose4j", "doubleeleven.gateway.Consents")),
            new Share("interpreting the workflow", List.of("com.dashjoin", "doubleeleven.testkit.asl")),
            new Share("the rig's queues, streams and clients", List.of("doubleeleven.rig")),
            new Share("the SDK around its calls", List.of("software.amazon.awssdk")),
            new Share("the functions", List.of("doubleeleven.")));

    /** Code of some packages: a sample belongs to the first of these that is on its stack, from the top. */
    private record Share(String title, List<String> packages) {
        static Share of(RecordedStackTrace stack) {
            for (RecordedFrame frame : stack.getFrames()) {
                String type = frame.getMethod().getType().getName();
                for (Share share : SHARES) {
                    if (share.packages.stream().anyMatch(type::startsWith)) {
                        return share;
                    }
                }
            }
            return OTHER;
        }
    }

    private final Recording recording = new Recording();

    Profile() {
        recording.enable(PROCESSOR).with("throttle", PERIOD.toMillis() + "ms").withStackTrace();
        recording.enable(RUNNING).withPeriod(PERIOD).withStackTrace();
        recording.start();
    }

    /** Samples by what they belong to, most first. */
    Map<String, Long> stop() throws IOException {
        recording.stop();
        Path file = Files.createTempFile("profile", ".jfr");
        try {
            recording.dump(file);
            Map<String, Map<String, Long>> samples = new HashMap<>();
            try (RecordingFile recorded = new RecordingFile(file)) {
                while (recorded.hasMoreEvents()) {
                    RecordedEvent event = recorded.readEvent();
                    RecordedStackTrace stack = event.getStackTrace();
                    if (stack != null) {
                        samples.computeIfAbsent(event.getEventType().getName(), _ -> new HashMap<>())
                                .merge(Share.of(stack).title(), 1L, Long::sum);
                    }
                }
            }
            return samples.getOrDefault(PROCESSOR, samples.getOrDefault(RUNNING, Map.of())).entrySet().stream()
                    .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, Map.Entry::getValue, (one, _) -> one, LinkedHashMap::new));
        } finally {
            Files.delete(file);
        }
    }

    @Override
    public void close() {
        recording.close();
    }
}
