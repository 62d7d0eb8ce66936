package org.iorewind.cli.output;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.iorewind.trace.TraceStoreException;
import org.jspecify.annotations.Nullable;

/**
 * A directory beside an output in which it is made, held by one process at a time through a lock that dies with the
 * process. One thread.
 *
 * <pre>
 *   OUT.unfinished/lock       locked while the output is made
 *   OUT.unfinished/content    becomes OUT
 *   OUT.unfinished/replaced   what was OUT before, while the two change places
 * </pre>
 */
final class Stage implements AutoCloseable {
    private static final String LOCK = "lock";
    private static final String CONTENT = "content";
    private static final String REPLACED = "replaced";

    /** Each new attempt means that another process finished in the same moment. */
    private static final int ATTEMPTS = 50;

    private final Path target;
    private final Path directory;
    private final FileChannel lock;

    private Stage(Path target, Path directory, FileChannel lock) {
        this.target = target;
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Takes the place for an output; what a killed process left there goes.
     *
     * @param target the output's name in the end
     * @throws TraceStoreException if another process makes the same output, or the place cannot be written
     */
    static Stage hold(Path target) {
        Path directory = target.resolveSibling(target.getFileName() + ".unfinished");
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                @Nullable Stage stage = tryToHold(target, directory);
                if (stage != null) {
                    return stage;
                }
            }
        } catch (IOException e) {
            throw OutputFile.unwritable(target, e);
        }
        throw busy(target);
    }

    private static @Nullable Stage tryToHold(Path target, Path directory) throws IOException {
        makeDirectory(target, directory);
        Path file = directory.resolve(LOCK);
        boolean held = false;
        @Nullable FileChannel channel = null;
        try {
            @Nullable Object before = makeLockFile(file);
            channel = FileChannel.open(file, StandardOpenOption.WRITE);
            if (!lock(channel)) {
                throw busy(target);
            }
            // Whoever held it before may have removed the file: then this lock is on a file that nobody else sees.
            if (!Objects.equals(before, key(file))) {
                return null;
            }
            Unfinished.begin(directory);
            Stage stage = new Stage(target, directory, channel);
            stage.tidy();
            held = true;
            return stage;
        } catch (NoSuchFileException e) {
            // The holder before has just finished and removed the directory.
            return null;
        } finally {
            if (channel != null && !held) {
                channel.close();
            }
        }
    }

    private static void makeDirectory(Path target, Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            boolean ours = Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                    && (Files.exists(directory.resolve(LOCK), LinkOption.NOFOLLOW_LINKS) || isEmpty(directory));
            if (!ours) {
                throw new TraceStoreException(
                        target.toString(),
                        "",
                        "room to make it under the name " + directory.getFileName(),
                        "something of that name that iorewind did not make",
                        "move it away, or choose another name",
                        e);
            }
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            // Between looking for the lock and listing, another process may have made it.
            return entries.allMatch(entry -> LOCK.equals(String.valueOf(entry.getFileName())));
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    private static @Nullable Object makeLockFile(Path file) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            return key(file);
        }
        return key(file);
    }

    /** Which file it is. The file is not opened for that: closing it again would give up the lock. */
    private static @Nullable Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** Where the output is made. */
    Path content() {
        return directory.resolve(CONTENT);
    }

    /**
     * Gives the content the output's name. A directory of that name is replaced whole, or not at all.
     *
     * @throws IOException if that fails; what had the name before has it again then
     */
    void publish() throws IOException {
        if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            Files.move(content(), target, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        // From here to the end the directory holds something of worth, and must outlive this process.
        Unfinished.end(directory);
        Path replaced = directory.resolve(REPLACED);
        Files.move(target, replaced, StandardCopyOption.ATOMIC_MOVE);
        try {
            Files.move(content(), target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.move(replaced, target, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        } finally {
            Unfinished.begin(directory);
        }
    }

    /** A failure that names the place in here, as one that names the output. */
    TraceStoreException named(TraceStoreException failure) {
        if (!failure.file().startsWith(directory.toString())) {
            return failure;
        }
        return new TraceStoreException(
                target.toString(), "", failure.expected(), failure.found(), failure.nextStep(), failure);
    }

    /** Removes what is left and lets others in. */
    @Override
    public void close() {
        try (lock) {
            tidy();
            // The lock goes last: nobody may come in while something is still being removed.
            Files.deleteIfExists(directory.resolve(LOCK));
            Files.deleteIfExists(directory);
            Unfinished.end(directory);
        } catch (DirectoryNotEmptyException e) {
            // Another process has come in after the lock went: the directory is its own now.
            Unfinished.end(directory);
        } catch (IOException ignored) {
            // stays listed, so that the end of the process tries again
        }
    }

    private void tidy() throws IOException {
        Path replaced = directory.resolve(REPLACED);
        if (Files.exists(replaced, LinkOption.NOFOLLOW_LINKS) && !Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            // A process was killed between taking the old output away and putting the new one there.
            Files.move(replaced, target, StandardCopyOption.ATOMIC_MOVE);
        }
        List<Path> entries;
        try (Stream<Path> all = Files.list(directory)) {
            entries = all.toList();
        }
        for (Path entry : entries) {
            if (!LOCK.equals(String.valueOf(entry.getFileName()))) {
                Unfinished.delete(entry);
            }
        }
    }

    private static TraceStoreException busy(Path target) {
        return new TraceStoreException(
                target.toString(),
                "",
                "to be the only one that writes it",
                "another iorewind is writing " + target.getFileName(),
                "wait for it, or choose another name");
    }
}
