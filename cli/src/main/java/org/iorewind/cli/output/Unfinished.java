package org.iorewind.cli.output;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The outputs that this process has begun and not finished. What is still listed when the process ends, by Ctrl-C for
 * example, is deleted. Thread-safe.
 */
final class Unfinished {
    private static final Set<Path> PATHS = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(Unfinished::deleteAll, "delete unfinished outputs"));
    }

    private Unfinished() {}

    /** This path is ours and is worth nothing until it is finished. */
    static void begin(Path path) {
        PATHS.add(path.toAbsolutePath());
    }

    /** This path is finished, or gone. */
    static void end(Path path) {
        PATHS.remove(path.toAbsolutePath());
    }

    /** Deletes an output of ours, file or directory, as far as it exists; links are deleted, never followed. */
    static void delete(Path path) throws IOException {
        if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.deleteIfExists(path);
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                Files.deleteIfExists(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void deleteAll() {
        for (Path path : PATHS) {
            try {
                delete(path);
            } catch (IOException ignored) {
                // the process is ending; its name says that it is partial
            }
        }
    }
}
