package org.iorewind.cli.output;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.iorewind.cli.UsageException;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.TraceStoreException;

/**
 * A file that appears under its name only when all of it is written; {@link #close()} without {@link #finish()} leaves
 * nothing. One thread.
 */
public final class OutputFile implements AutoCloseable {
    private final Path target;
    private final Stage stage;
    private final FileChannel channel;
    private final OutputStream stream;

    private OutputFile(Path target, Stage stage, FileChannel channel) {
        this.target = target;
        this.stage = stage;
        this.channel = channel;
        this.stream = new BufferedOutputStream(new NamedOutput(target, Channels.newOutputStream(channel)), 1 << 16);
    }

    /**
     * Begins a file.
     *
     * @param target its name in the end
     * @param force whether a regular file of that name may be replaced
     * @throws UsageException if it exists and may not be replaced, or is no regular file
     * @throws TraceStoreException if it cannot be created, or another process is making it
     */
    public static OutputFile create(Path target, boolean force) {
        Stage stage = Stage.hold(Destination.file(target, force));
        try {
            // Another process may have finished it since.
            Destination.file(target, force);
            FileChannel channel =
                    FileChannel.open(stage.content(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return new OutputFile(target, stage, channel);
        } catch (IOException e) {
            stage.close();
            throw unwritable(target, e);
        } catch (RuntimeException e) {
            stage.close();
            throw e;
        }
    }

    /** Takes the content; where that fails it throws a {@link TraceStoreException} that names the file. */
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
            stage.publish();
        } catch (IOException e) {
            throw unwritable(target, e);
        }
    }

    /** Deletes the file unless it was finished. */
    @Override
    public void close() {
        try (stage;
                channel) {
            // Both are closed in any case.
        } catch (IOException ignored) {
            // A file that is thrown away.
        }
    }

    static TraceStoreException unwritable(Path target, IOException e) {
        return new TraceStoreException(
                target.toString(),
                "",
                "a place that can be written",
                PlainReason.of(e),
                "check that the folder exists, its permissions and the free space",
                e);
    }

    /** Whoever writes into a stream does not know which file that is. */
    private static final class NamedOutput extends OutputStream {
        private final Path target;
        private final OutputStream out;

        NamedOutput(Path target, OutputStream out) {
            this.target = target;
            this.out = out;
        }

        @Override
        public void write(int value) {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                throw unwritable(target, e);
            }
        }
    }
}
