package org.iorewind.trace.archive;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.TraceStoreException;

/** An archive file, open for reading at any place. Thread-safe. */
final class ArchiveChannel implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;

    private ArchiveChannel(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Opens a file.
     *
     * @throws TraceStoreException if it cannot be read
     */
    static ArchiveChannel open(Path path) {
        try {
            return new ArchiveChannel(path, FileChannel.open(path, StandardOpenOption.READ));
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    Path path() {
        return path;
    }

    long size() throws IOException {
        return channel.size();
    }

    /** Fills a buffer with the bytes from an offset on. */
    void read(ByteBuffer into, long offset) throws IOException {
        long at = offset;
        while (into.hasRemaining()) {
            int read = channel.read(into, at);
            if (read < 0) {
                throw new EOFException("file ends at offset " + at);
            }
            at += read;
        }
    }

    /** Closes the file because of a failure, and returns that. */
    RuntimeException closing(RuntimeException failure) {
        try {
            channel.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    TraceStoreException unreadable(IOException cause) {
        return unreadable(path, cause);
    }

    private static TraceStoreException unreadable(Path path, IOException cause) {
        String nextStep = "check the path and its permissions";
        return new TraceStoreException(path.toString(), "", "a readable file", PlainReason.of(cause), nextStep, cause);
    }
}
