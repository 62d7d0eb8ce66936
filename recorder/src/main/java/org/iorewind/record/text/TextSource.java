package org.iorewind.record.text;

import com.github.luben.zstd.ZstdIOException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipException;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceStoreException;
import org.jspecify.annotations.Nullable;

/**
 * A text read line by line. Compression is recognised by the first bytes, never by the name. A line longer than
 * {@link #LINE_LIMIT_BYTES} is refused: no source writes one, and memory stays bounded. Not thread-safe.
 */
public final class TextSource implements AutoCloseable {
    /** Longest accepted line, bytes. The longest real one is a page of the recording plug-in: about 14 KiB. */
    public static final int LINE_LIMIT_BYTES = 1 << 20;

    private static final int BUFFER_BYTES = 1 << 16;
    private static final int CR = '\r';
    private static final int LF = '\n';

    private final String name;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private byte[] line = new byte[256];
    private long lineNumber;
    private boolean ended;

    private TextSource(String name, InputStream in) {
        this.name = name;
        this.in = in;
    }

    /**
     * Opens a file.
     *
     * @throws TraceStoreException if the file is missing or unreadable
     * @throws TraceFormatException if the file is empty or its compression is damaged
     */
    public static TextSource open(Path path) {
        InputStream file = null;
        try {
            if (Files.isDirectory(path)) {
                throw new TraceFormatException(
                        path.toString(), "", "a text log", "a directory", "name the file itself");
            }
            file = Files.newInputStream(path);
            return over(path.toString(), file);
        } catch (IOException e) {
            closeQuietly(file);
            throw unreadable(path.toString(), e);
        } catch (RuntimeException e) {
            closeQuietly(file);
            throw e;
        }
    }

    /**
     * Text that arrives while it is read, such as from a pipe; plain, and perhaps empty.
     *
     * @param name for messages
     * @param in is closed with this
     */
    public static TextSource live(String name, InputStream in) {
        return new TextSource(name, in);
    }

    /** Whether another byte was read already: {@link #nextLine} may not have to wait. */
    public boolean hasBuffered() {
        return position < limit;
    }

    private static TextSource over(String name, InputStream raw) throws IOException {
        BufferedInputStream start = new BufferedInputStream(raw, BUFFER_BYTES);
        start.mark(1);
        if (start.read() < 0) {
            throw new TraceFormatException(
                    name,
                    "",
                    "a text log",
                    "an empty file",
                    "look whether whatever wrote it was running, and had this file as its output");
        }
        start.reset();
        InputStream in = Compression.plain(start);
        return new TextSource(name, in);
    }

    /** The name of the source, for messages. */
    public String name() {
        return name;
    }

    /** Number of the line last returned, from 1. */
    public long lineNumber() {
        return lineNumber;
    }

    /**
     * The next line without its end, or null at the end of the text. Bytes that are not UTF-8 become U+FFFD.
     *
     * @throws TraceFormatException if a line is too long, or compressed data is damaged or cut
     */
    public @Nullable String nextLine() {
        int length = 0;
        while (true) {
            if (position == limit && !fill()) {
                if (length == 0) {
                    return null;
                }
                break;
            }
            int b = buffer[position++];
            if (b == LF) {
                break;
            }
            if (length == line.length) {
                if (length >= LINE_LIMIT_BYTES) {
                    throw new TraceFormatException(
                            name,
                            "line " + (lineNumber + 1),
                            "a line of at most " + LINE_LIMIT_BYTES + " bytes",
                            "a longer one",
                            "check that this is a text log");
                }
                line = Arrays.copyOf(line, length * 2);
            }
            line[length++] = (byte) b;
        }
        lineNumber++;
        if (length > 0 && line[length - 1] == CR) {
            length--;
        }
        return new String(line, 0, length, StandardCharsets.UTF_8);
    }

    private boolean fill() {
        if (ended) {
            return false;
        }
        try {
            limit = in.read(buffer, 0, buffer.length);
        } catch (EOFException e) {
            throw damaged("more compressed data", "the end of the file", e);
        } catch (ZipException e) {
            throw damaged("valid gzip data", String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw damagedOrUnreadable(e);
        }
        position = 0;
        if (limit <= 0) {
            limit = 0;
            ended = true;
            return false;
        }
        return true;
    }

    private RuntimeException damagedOrUnreadable(IOException e) {
        return e instanceof ZstdIOException
                ? damaged("valid zstd data", String.valueOf(e.getMessage()), e)
                : unreadable(name, e);
    }

    private TraceFormatException damaged(String expected, String found, IOException cause) {
        return new TraceFormatException(
                name,
                "after line " + lineNumber,
                expected,
                found,
                "copy the file again; what could be decompressed can be imported as plain text",
                cause);
    }

    private static RuntimeException unreadable(String name, IOException e) {
        if (e instanceof NoSuchFileException) {
            return new TraceFormatException(name, "", "a text log", "no such file", "check the name", e);
        }
        if (e instanceof ZstdIOException || e instanceof ZipException || e instanceof EOFException) {
            return new TraceFormatException(
                    name, "", "valid compressed data", String.valueOf(e.getMessage()), "copy the file again", e);
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
    }
}
