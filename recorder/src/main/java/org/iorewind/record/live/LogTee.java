package org.iorewind.record.live;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.TraceStoreException;
import org.jspecify.annotations.Nullable;

/** Passes on the log lines that the user asked QEMU for himself. One thread. */
final class LogTee implements AutoCloseable {
    private static final String OURS = "amdvi_";

    private final @Nullable OutputStream out;
    private final boolean alsoOurs;
    private boolean broken;

    private LogTee(@Nullable OutputStream out, boolean alsoOurs) {
        this.out = out;
        this.alsoOurs = alsoOurs;
    }

    /**
     * Where they go.
     *
     * @param file that the user named, or null
     * @param otherwise gets them without a file; null if the user asked for none
     * @param alsoOurs the events of the IOMMU as well
     */
    static LogTee to(@Nullable Path file, @Nullable OutputStream otherwise, boolean alsoOurs) {
        if (file == null) {
            return new LogTee(otherwise, alsoOurs);
        }
        try {
            return new LogTee(new BufferedOutputStream(Files.newOutputStream(file)), alsoOurs);
        } catch (IOException e) {
            throw new TraceStoreException(
                    file.toString(),
                    "",
                    "a log file (-D) that can be written",
                    PlainReason.of(e),
                    "name another one",
                    e);
        }
    }

    /** A line has arrived. A log that cannot be written is given up: the recording goes on. */
    void line(String text) {
        if (out == null || broken || !alsoOurs && text.contains(OURS)) {
            return;
        }
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.write('\n');
        } catch (IOException e) {
            broken = true;
        }
    }

    /** No line waits: what was passed on becomes visible. */
    void flush() {
        try {
            if (out != null) {
                out.flush();
            }
        } catch (IOException e) {
            broken = true;
        }
    }

    @Override
    public void close() {
        flush();
    }
}
