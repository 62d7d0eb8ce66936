package org.iorewind.record;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.agrona.DirectBuffer;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.TraceFormatException;

/** What the fuzz targets of all importers do: import bytes, and take no answer but events or a named refusal. */
public final class FuzzedImport {
    private FuzzedImport() {}

    /** Imports the bytes. */
    public static void run(byte[] input, FileImporter importer) {
        try {
            Path file = Files.createTempFile("fuzz", ".input");
            try {
                Files.write(file, input);
                importer.run(file, new Nowhere());
            } catch (TraceFormatException refused) {
                // A named refusal is the right answer to most inputs.
            } finally {
                Files.delete(file);
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
