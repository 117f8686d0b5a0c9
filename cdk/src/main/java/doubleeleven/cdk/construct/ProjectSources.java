package doubleeleven.cdk.construct;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The artefacts as the build leaves them in the project. */
public record ProjectSources(Path root) implements Sources {
    @Override
    public Path functions(String context) {
        return existing(
                Path.of("functions", context, "target", context + ".zip"),
                "build it with `mvn package -pl functions/" + context + " -am`");
    }

    @Override
    public String stateMachine(String name) {
        return text(Path.of("statemachines", name + ".asl.json"));
    }

    @Override
    public String openApi() {
        return text(Path.of("functions", "gateway", "openapi.yaml"));
    }

    private String text(Path relative) {
        try {
            return Files.readString(existing(relative, "it is part of the sources"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path existing(Path relative, String advice) {
        Path file = root.resolve(relative).toAbsolutePath().normalize();
        if (!Files.isRegularFile(file)) {
            throw new IllegalStateException("there is no " + file + "; " + advice);
        }
        return file;
    }
}
