package org.iorewind.record.kernellog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.agrona.DirectBuffer;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceFormatException;

/** Fuzz target: the import of a kernel log. */
public final class KernelLogFuzz {
    private KernelLogFuzz() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        try {
            Path log = Files.createTempFile("fuzz", ".log");
            try {
                Files.write(log, input);
                KernelLogImport.run(List.of(log), new Nowhere(), Progress.NONE);
            } catch (TraceFormatException refused) {
                // A named refusal is the right answer to most inputs.
            } finally {
                Files.delete(log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes events and forgets them. */
    private static final class Nowhere implements EventAppender {
        private long events;

        @Override
        public long append(DirectBuffer buffer, int offset, int lengthBytes) {
            return events++;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
