package org.iorewind.cli.debug.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The user's names of a recording's events, kept from one session to the next: a line {@code SEQUENCE NAME} for each. What is not
 * such a line is passed over. The file is replaced as a whole. Two sessions at once: the last one that gives a name wins.
 */
final class MarksFile {
    /** So many names are kept. */
    static final int MOST = 1000;

    private static final int LONGEST = 1 << 20;

    private final Path file;

    MarksFile(Path file) {
        this.file = file;
    }

    /** The names that are kept; none if there is no such file, or it cannot be read. */
    NavigableMap<String, Long> load() {
        NavigableMap<String, Long> marks = new TreeMap<>();
        String text;
        try (InputStream in = Files.newInputStream(file)) {
            text = new String(in.readNBytes(LONGEST), UTF_8);
        } catch (IOException e) {
            return marks;
        }
        text.lines().limit(MOST).forEach(line -> take(line, marks));
        return marks;
    }

    private static void take(String line, Map<String, Long> marks) {
        int blank = line.indexOf(' ');
        if (blank <= 0 || blank + 1 == line.length()) {
            return;
        }
        try {
            long sequence = Long.parseLong(line, 0, blank, 10);
            if (sequence >= -1) {
                marks.put(line.substring(blank + 1), sequence);
            }
        } catch (NumberFormatException e) {
            // not a line of this file
        }
    }

    /**
     * Replaces what is kept.
     *
     * @throws IOException if it cannot be written; what was kept before is kept then
     */
    void save(NavigableMap<String, Long> marks) throws IOException {
        StringBuilder text = new StringBuilder();
        marks.entrySet().stream()
                .limit(MOST)
                .forEach(mark -> text.append(mark.getValue())
                        .append(' ')
                        .append(mark.getKey())
                        .append('\n'));
        Path partial = Files.createTempFile(file.toAbsolutePath().getParent(), "marks", null);
        try {
            Files.writeString(partial, text);
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(partial);
        }
    }
}
