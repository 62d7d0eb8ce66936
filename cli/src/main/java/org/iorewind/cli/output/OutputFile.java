package org.iorewind.cli.output;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.iorewind.cli.UsageException;
import org.iorewind.trace.TraceStoreException;

/**
 * A file that appears under its name only when all of it is written. Until {@link #finish()} it is {@code NAME.partial};
 * {@link #close()} without it leaves nothing. One thread.
 */
public final class OutputFile implements AutoCloseable {
    private final Path target;
    private final Path partial;
    private final FileChannel channel;
    private final OutputStream stream;
    private boolean finished;

    private OutputFile(Path target, Path partial, FileChannel channel) {
        this.target = target;
        this.partial = partial;
        this.channel = channel;
        this.stream = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    }

    /**
     * Begins a file.
     *
     * @param target its name in the end
     * @param force whether a file of that name may be replaced
     * @throws UsageException if it exists and may not be replaced, or is a directory
     * @throws TraceStoreException if it cannot be created
     */
    public static OutputFile create(Path target, boolean force) {
        refuseExisting(target, force);
        Path partial = partial(target);
        try {
            FileChannel channel = FileChannel.open(
                    partial, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
            Unfinished.begin(partial);
            return new OutputFile(target, partial, channel);
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    /** Takes the content. */
    public OutputStream stream() {
        return stream;
    }

    /**
     * Everything is written: the file gets its name once it is on the disk.
     *
     * @throws TraceStoreException if it cannot be written; nothing is left then
     */
    public void finish() {
        try {
            stream.flush();
            channel.force(true);
            channel.close();
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw unwritable(target, e);
        }
        Unfinished.end(partial);
        finished = true;
    }

    /** Deletes the file unless it was finished. */
    @Override
    public void close() {
        if (!finished) {
            try {
                channel.close();
                Unfinished.delete(partial);
                Unfinished.end(partial);
            } catch (IOException ignored) {
                // stays listed, so that the end of the process tries again
            }
        }
    }

    static Path partial(Path target) {
        return target.resolveSibling(target.getFileName() + ".partial");
    }

    static void refuseExisting(Path target, boolean force) {
        if (target.getFileName() == null || Files.isDirectory(target)) {
            throw new UsageException(target + " is a directory: name a file with -o");
        }
        if (!force && Files.exists(target)) {
            throw new UsageException(target + " exists already: choose another name, or add --force to replace it");
        }
    }

    static TraceStoreException unwritable(Path target, IOException e) {
        return new TraceStoreException(
                target.toString(),
                "",
                "a place that can be written",
                e.getClass().getSimpleName() + ": " + e.getMessage(),
                "check that the folder exists, its permissions and the free space",
                e);
    }
}
