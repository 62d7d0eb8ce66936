package org.iorewind.trace.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.UnsupportedTraceException;
import org.jspecify.annotations.Nullable;

/**
 * What the file {@code iorewind-journal} says.
 *
 * @param layout of the slots: there is one for each major version
 * @param high high half of the session's id
 * @param low its low half
 */
record JournalMarker(SlotLayout layout, long high, long low) {
    private static final int MAX_LENGTH = 256;
    private static final Pattern TEXT = Pattern.compile(JournalDescriptor.MARKER_WORD + "(\\d{1,3})\\.(\\d{1,3})\n"
            + JournalDescriptor.SESSION_WORD + "([0-9a-f]{16})([0-9a-f]{16})\n");

    /**
     * Reads it.
     *
     * @param directory of the journal
     * @throws TraceFormatException if it is none, damaged, or of a major version that is not known
     * @throws TraceStoreException if it cannot be read
     */
    static JournalMarker read(Path directory) {
        Path file = directory.resolve(JournalDescriptor.MARKER_NAME);
        String content = text(directory, file);
        Matcher text = TEXT.matcher(content);
        if (!text.matches()) {
            String found = content.length() + " bytes of something else";
            throw new CorruptTraceException(
                    file.toString(), "", "format version and session id", found, "copy the journal directory again");
        }
        int major = Integer.parseInt(text.group(1));
        @Nullable SlotLayout layout = SlotLayout.of(major);
        if (layout == null) {
            String expected = "journal format 1 to " + JournalDescriptor.MAJOR;
            String nextStep = "read it with a version of iorewind that knows this format";
            throw new UnsupportedTraceException(file.toString(), "", expected, "journal format " + major, nextStep);
        }
        long high = Long.parseUnsignedLong(text.group(3), 16);
        return new JournalMarker(layout, high, Long.parseUnsignedLong(text.group(4), 16));
    }

    private static String text(Path directory, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_LENGTH), ISO_8859_1);
        } catch (IOException e) {
            if (Files.exists(file)) {
                String nextStep = "check the permissions";
                throw new TraceStoreException(file.toString(), "", "a readable file", PlainReason.of(e), nextStep, e);
            }
            String nextStep = "check the path; a recording that stopped before its first event leaves no journal";
            throw new UnsupportedTraceException(
                    directory.toString(), "", "a journal with a file 'iorewind-journal'", "none", nextStep, e);
        }
    }
}
