package org.iorewind.cli.output;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * A folder for the time of one command, for nobody else to look into. What killed commands left behind is removed by the next
 * one, unless a machine still has its monitor there. One thread.
 */
public final class ScratchFolder implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final String PREFIX = "iorewind-";
    private static final String LOCK = "owner";
    private static final String MONITOR = "qmp";

    private final Path path;
    private final FileChannel lock;

    private ScratchFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Makes one.
     *
     * @param parent where; null for shared memory, or what else is temporary
     * @throws IOException if that cannot be written
     */
    @SuppressWarnings("resource") // the lock belongs to the folder
    public static ScratchFolder make(@Nullable Path parent) throws IOException {
        Path place = parent(parent);
        tidy(place);
        Path folder = Files.createTempDirectory(
                place, PREFIX, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Unfinished.begin(folder);
        FileChannel lock =
                FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.tryLock();
        return new ScratchFolder(folder, lock);
    }

    private static Path parent(@Nullable Path wanted) {
        if (wanted != null) {
            return wanted.toAbsolutePath();
        }
        return Files.isDirectory(SHARED_MEMORY) && Files.isWritable(SHARED_MEMORY)
                ? SHARED_MEMORY
                : Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    }

    private static void tidy(Path place) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(place, PREFIX + "*")) {
            for (Path folder : folders) {
                Path owner = folder.resolve(LOCK);
                if (Files.isRegularFile(owner, LinkOption.NOFOLLOW_LINKS) && isLeft(owner) && !isListening(folder)) {
                    Unfinished.delete(folder);
                }
            }
        }
    }

    /** Whether the process that made it is gone. */
    private static boolean isLeft(Path owner) {
        try (FileChannel channel = FileChannel.open(owner, StandardOpenOption.WRITE)) {
            return channel.tryLock() != null;
        } catch (IOException | OverlappingFileLockException e) {
            // somebody else's, or ours
            return false;
        }
    }

    /** Whether a machine is still to be reached through it. */
    private static boolean isListening(Path folder) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(folder.resolve(MONITOR)));
        } catch (IOException e) {
            return false;
        }
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    @Override
    public void close() {
        try (lock) {
            Unfinished.delete(path);
            Unfinished.end(path);
        } catch (IOException ignored) {
            // stays listed, so that the end of the process tries again
        }
    }
}
