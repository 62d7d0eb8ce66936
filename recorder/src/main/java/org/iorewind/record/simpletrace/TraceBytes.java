package org.iorewind.record.simpletrace;

import com.github.luben.zstd.ZstdIOException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.ZipException;
import org.iorewind.record.text.Compression;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceStoreException;
import org.jspecify.annotations.Nullable;

/** Numbers and bytes of a file, plain, gzip or zstd, read from its start to its end. Not thread-safe. */
final class TraceBytes implements AutoCloseable {
    private final String name;
    private final InputStream file;
    private final InputStream in;
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
    private long position;

    private TraceBytes(String name, InputStream file, InputStream in) {
        this.name = name;
        this.file = file;
        this.in = in;
    }

    /**
     * Opens a file.
     *
     * @throws TraceFormatException if it is missing, or only begins like a compressed one
     * @throws TraceStoreException if it cannot be read
     */
    static TraceBytes open(Path path) {
        InputStream file = null;
        try {
            file = Files.newInputStream(path);
            return new TraceBytes(path.toString(), file, Compression.plain(file));
        } catch (IOException e) {
            closeQuietly(file);
            throw unreadable(path.toString(), 0, e);
        }
    }

    void order(ByteOrder order) {
        number.order(order);
    }

    /** Bytes read so far, after decompression. */
    long position() {
        return position;
    }

    String name() {
        return name;
    }

    /** Whether the buffer could be filled; false at the end of the file. The bytes before the end are in it then. */
    boolean fill(byte[] bytes, int length) {
        try {
            int read = in.readNBytes(bytes, 0, length);
            position += read;
            return read == length;
        } catch (IOException e) {
            throw unreadable(name, position, e);
        }
    }

    /** The next 64 bits; null at the end of the file. {@link #position} tells whether some of them were there. */
    @Nullable
    Long u64() {
        return fill(number.array(), Long.BYTES) ? number.getLong(0) : null;
    }

    private static RuntimeException unreadable(String name, long position, IOException e) {
        if (e instanceof NoSuchFileException) {
            return new TraceFormatException(name, "", "a simpletrace file", "no such file", "check the name", e);
        }
        if (e instanceof ZstdIOException || e instanceof ZipException || e instanceof EOFException) {
            return new TraceFormatException(
                    name,
                    "after byte " + position,
                    "valid compressed data",
                    String.valueOf(e.getMessage()),
                    "copy the file again; what can be decompressed can be imported by itself",
                    e);
        }
        return new TraceStoreException(
                name, "", "a readable file", String.valueOf(e.getMessage()), "check its permissions and its disk", e);
    }

    private static void closeQuietly(@Nullable InputStream in) {
        try {
            if (in != null) {
                in.close();
            }
        } catch (IOException ignored) {
            // the failure that matters is already on its way
        }
    }

    @Override
    public void close() {
        closeQuietly(in);
        closeQuietly(file);
    }
}
