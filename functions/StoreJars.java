import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Rewrites jars without compression, for the zip of a function: the zip then compresses a whole jar at once instead of thousands of small
 * classes one by one, which makes it a third smaller, and the class loader has nothing to inflate. Run by the build:
 * {@code java StoreJars.java <folder of jars> <folder to write>}.
 */
final class StoreJars {
    /** The earliest time a zip entry can carry, so that the same jars give the same bytes. */
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    private StoreJars() {}

    public static void main(String... args) throws IOException {
        Path from = Path.of(args[0]);
        Path to = Files.createDirectories(Path.of(args[1]));
        try (var old = Files.list(to)) {
            for (Path jar : old.toList()) {
                Files.delete(jar);
            }
        }
        List<Path> jars;
        try (var found = Files.list(from)) {
            jars = found.filter(path -> path.toString().endsWith(".jar")).sorted().toList();
        }
        for (Path jar : jars) {
            try (OutputStream out = Files.newOutputStream(to.resolve(jar.getFileName()))) {
                store(jar, out);
            }
        }
    }

    private static void store(Path jar, OutputStream out) throws IOException {
        try (ZipFile in = new ZipFile(jar.toFile());
                ZipOutputStream stored = new ZipOutputStream(out)) {
            stored.setMethod(ZipOutputStream.STORED);
            for (ZipEntry entry : in.stream().filter(each -> !each.isDirectory()).toList()) {
                byte[] bytes = in.getInputStream(entry).readAllBytes();
                CRC32 crc = new CRC32();
                crc.update(bytes);
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setSize(bytes.length);
                copy.setCrc(crc.getValue());
                copy.setTimeLocal(EPOCH);
                stored.putNextEntry(copy);
                stored.write(bytes);
            }
        }
    }
}
