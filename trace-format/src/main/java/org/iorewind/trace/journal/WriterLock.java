package org.iorewind.trace.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Says whether the writer of a journal lives: a lock on an empty file, which goes with the process however it ends. A number
 * of a process would not do: another process can have it later, and a container counts its own.
 *
 * <p>Nobody else opens that file in the writer's own process: closing it there would give up the lock. So writers of this
 * process are known by a list.
 */
final class WriterLock implements AutoCloseable {
    static final String NAME = "writer";

    /** Files whose locks this process holds. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final @Nullable Path file;
    private final @Nullable FileChannel channel;

    private WriterLock(@Nullable Path file, @Nullable FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Takes the lock of a new journal. On a file system without locks there is no such file, and readers cannot tell.
     *
     * @throws IOException if the file cannot be made
     */
    static WriterLock take(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            @Nullable FileLock lock = channel.tryLock();
            if (lock != null) {
                Path real = file.toRealPath();
                OWN.add(real);
                return new WriterLock(real, channel);
            }
        } catch (IOException e) {
            // No locks here.
        }
        channel.close();
        Files.deleteIfExists(file);
        return new WriterLock(null, null);
    }

    /**
     * Whether the writer of a journal has gone: closed it, or was killed, or the journal was removed. False also where nobody
     * can tell.
     *
     * @throws IOException if the file cannot be looked at
     */
    static boolean isGone(Path directory) throws IOException {
        Path file = directory.resolve(NAME);
        try {
            if (OWN.contains(file.toRealPath())) {
                return false;
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                @Nullable FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true);
                return lock != null;
            }
        } catch (NoSuchFileException e) {
            return Files.notExists(directory);
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null && file != null) {
            channel.close();
            OWN.remove(file);
        }
    }
}
