package doubleeleven.it.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import doubleeleven.it.Project;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The examples of the README do what it prints: its commands in their order, in one shell. */
final class ReadmeIT {
    private static final Pattern SECTION = Pattern.compile("(?s)\n## (?:The API|Credit)\n(.*?)(?=\n## )");
    /** A command, and the answer under it. */
    private static final Pattern EXAMPLE = Pattern.compile("(?s)```sh\n(.*?)```(?:\n+```json\n(.*?)```)?");
    /** Stands in the README for what differs from run to run. */
    private static final String ANY = "…";

    private record Example(String command, @Nullable String printed) {}

    @TestFactory
    List<DynamicTest> everyExampleOfTheReadmeAnswersAsPrinted() throws IOException, InterruptedException {
        List<Example> examples = examples();
        assertThat(examples).hasSizeGreaterThan(9);
        List<String> answers = answers(examples);
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < examples.size(); i++) {
            Example example = examples.get(i);
            String answer = answers.get(i);
            String printed = example.printed();
            if (printed != null) {
                tests.add(DynamicTest.dynamicTest(
                        example.command().lines().findFirst().orElseThrow(),
                        () -> compare(read(printed), read(answer), answer)));
            }
        }
        return tests;
    }

    private static List<Example> examples() throws IOException {
        List<Example> examples = new ArrayList<>();
        Matcher section = SECTION.matcher(Files.readString(Project.root().resolve("README.md")));
        while (section.find()) {
            Matcher matcher = EXAMPLE.matcher(section.group(1));
            while (matcher.find()) {
                examples.add(new Example(matcher.group(1), matcher.group(2)));
            }
        }
        return examples;
    }

    private static List<String> answers(List<Example> examples) throws IOException, InterruptedException {
        String divider = "=== next ===";
        StringBuilder script = new StringBuilder("set -euo pipefail\n");
        examples.forEach(example -> script.append(example.command())
                .append("\necho '")
                .append('\n')
                .append(divider)
                .append("'\n"));
        Process shell = new ProcessBuilder("bash", "-c", script.toString())
                .directory(Project.root().toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(said).isZero();
        return List.of(said.split(Pattern.quote(divider) + "\n?", -1));
    }

    private static Object read(String json) throws IOException {
        return JSON.std.anyFrom(json.strip());
    }

    /** Everything printed must be answered; the answer holds more only where the README says so. */
    private static void compare(Object printed, @Nullable Object answer, String whole) {
        if (printed instanceof Map<?, ?> fields) {
            assertThat(answer).as(whole).isInstanceOf(Map.class);
            Map<?, ?> answered = (Map<?, ?>) answer;
            fields.forEach((name, value) -> {
                if (!name.equals(ANY)) {
                    compare(value, answered.get(name), whole);
                }
            });
            if (!fields.containsKey(ANY)) {
                assertThat(answered.keySet().equals(fields.keySet())).as(whole).isTrue();
            }
        } else if (printed instanceof List<?> elements) {
            assertThat(answer).as(whole).isInstanceOf(List.class);
            List<?> answered = (List<?>) answer;
            assertThat(answered).as(whole).hasSameSizeAs(elements);
            for (int i = 0; i < elements.size(); i++) {
                compare(elements.get(i), answered.get(i), whole);
            }
        } else if (printed instanceof String text && text.contains(ANY)) {
            String pattern = Pattern.quote(text).replace(ANY, "\\E.*\\Q");
            assertThat(String.valueOf(answer)).as(whole).matches(pattern);
        } else {
            assertThat(String.valueOf(answer)).as(whole).isEqualTo(String.valueOf(printed));
        }
    }
}
