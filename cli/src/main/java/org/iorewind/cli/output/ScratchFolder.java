package org.iorewind.cli.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** A folder for the time of one command, for nobody else to look into. One thread. */
public final class ScratchFolder implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final String PREFIX = "iorewind-";

    private final Path path;

    private ScratchFolder(Path path) {
        this.path = path;
    }

    /**
     * Makes one.
     *
     * @param parent where; null for shared memory, or what else is temporary
     * @throws IOException if that cannot be written
     */
    public static ScratchFolder make(@Nullable Path parent) throws IOException {
        Path folder = Files.createTempDirectory(
                parent(parent),
                PREFIX,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Unfinished.begin(folder);
        return new ScratchFolder(folder);
    }

    private static Path parent(@Nullable Path wanted) {
        if (wanted != null) {
            return wanted.toAbsolutePath();
        }
        return Files.isDirectory(SHARED_MEMORY) && Files.isWritable(SHARED_MEMORY)
                ? SHARED_MEMORY
                : Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            Unfinished.delete(path);
            Unfinished.end(path);
        } catch (IOException ignored) {
            // stays listed, so that the end of the process tries again
        }
    }
}
