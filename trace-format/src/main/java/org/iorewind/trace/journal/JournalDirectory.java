package org.iorewind.trace.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What may be in the directory of a journal, whole or not. */
public final class JournalDirectory {
    private static final Set<String> FILES = Set.of(
            JournalDescriptor.MARKER_NAME,
            JournalDescriptor.MARKER_PARTIAL_NAME,
            StagingDescriptor.NAME,
            WriterLock.NAME);
    private static final Set<String> QUEUE_FILES =
            Set.of(JournalDescriptor.QUEUE_DATA_NAME, JournalDescriptor.QUEUE_TABLE_NAME);

    private JournalDirectory() {}

    /**
     * Whether a directory holds nothing but what a {@link JournalWriter} makes, so that nothing else is lost with it. Also
     * true of a journal that is damaged, of one whose writer was stopped before its first event, and of an empty
     * directory.
     *
     * @throws IOException if it cannot be read
     */
    public static boolean holdsNothingElse(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : entries.toList()) {
                boolean expected = Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
                        ? isNamed(entry, Set.of(JournalDescriptor.BLOCKS_NAME)) && holdsQueueOnly(entry)
                        : isNamed(entry, FILES);
                if (!expected) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Removes what a writer made before it found that it cannot begin; what cannot be removed stays. */
    static void abandon(Path directory, @Nullable WriterLock lock) {
        if (lock != null) {
            try {
                lock.close();
            } catch (IOException e) {
                // It goes with the process.
            }
        }
        Path blocks = directory.resolve(JournalDescriptor.BLOCKS_NAME);
        for (Path each : List.of(
                blocks.resolve(JournalDescriptor.QUEUE_DATA_NAME),
                blocks.resolve(JournalDescriptor.QUEUE_TABLE_NAME),
                blocks,
                directory.resolve(StagingDescriptor.NAME),
                directory.resolve(WriterLock.NAME),
                directory.resolve(JournalDescriptor.MARKER_PARTIAL_NAME))) {
            try {
                Files.deleteIfExists(each);
            } catch (IOException e) {
                // The failure that led here is the one to report.
            }
        }
    }

    private static boolean holdsQueueOnly(Path blocks) throws IOException {
        try (Stream<Path> entries = Files.list(blocks)) {
            return entries.allMatch(
                    entry -> isNamed(entry, QUEUE_FILES) && !Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS));
        }
    }

    private static boolean isNamed(Path entry, Set<String> names) {
        return names.contains(String.valueOf(entry.getFileName()));
    }
}
