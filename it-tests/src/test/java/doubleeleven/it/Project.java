package doubleeleven.it;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the project lies. */
public final class Project {
    private Project() {}

    /** The folder with the parent of all modules, found upwards from where the tests run. */
    public static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve("statemachines"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("the tests do not run inside the project");
        }
        return folder;
    }
}
