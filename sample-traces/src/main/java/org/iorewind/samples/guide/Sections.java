package org.iorewind.samples.guide;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A text of the catalogue: sections of lines, each a key and what belongs to it. Empty lines and those that begin with
 * {@code #} say nothing. Immutable.
 *
 * <pre>
 *   [name]
 *   key    text
 * </pre>
 */
public final class Sections {
    /**
     * A line.
     *
     * @param key its first word
     * @param text the rest
     */
    public record Line(String key, String text) {}

    /**
     * The lines below a name.
     *
     * @param name in brackets
     * @param lines in their order
     */
    public record Section(String name, List<Line> lines) {
        /** Copies the list. */
        public Section {
            lines = List.copyOf(lines);
        }

        /** All lines with a key, as one text; empty if there is none. */
        public String text(String key) {
            return lines.stream()
                    .filter(line -> line.key().equals(key))
                    .map(Line::text)
                    .collect(Collectors.joining(" "));
        }

        /**
         * The text of a key that must be there.
         *
         * @throws IllegalStateException if it is not
         */
        public String required(String key) {
            String text = text(key);
            if (text.isEmpty()) {
                throw new IllegalStateException("[" + name + "]: expected a line " + key + ", found none");
            }
            return text;
        }
    }

    private Sections() {}

    /**
     * Reads a resource.
     *
     * @param owner a class of the package that has it
     * @param resource its name there
     * @return the sections by their names, in the order of the text
     * @throws IllegalStateException if a line is none of the above, or a name stands there twice
     */
    public static Map<String, Section> of(Class<?> owner, String resource) {
        InputStream text = Objects.requireNonNull(owner.getResourceAsStream(resource), resource);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8))) {
            return parse(resource, lines.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Section> parse(String resource, List<String> text) {
        Map<String, Section> sections = new LinkedHashMap<>();
        String name = "";
        List<Line> lines = new ArrayList<>();
        for (String line : text) {
            if (line.startsWith("[") && line.endsWith("]")) {
                add(resource, sections, name, lines);
                name = line.substring(1, line.length() - 1);
                lines.clear();
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                int end = line.indexOf(' ');
                if (end <= 0 || name.isEmpty()) {
                    throw new IllegalStateException(
                            resource + ", [" + name + "]: expected a key and a text below a name, found: " + line);
                }
                lines.add(new Line(line.substring(0, end), line.substring(end).strip()));
            }
        }
        add(resource, sections, name, lines);
        return sections;
    }

    private static void add(String resource, Map<String, Section> sections, String name, List<Line> lines) {
        if (!name.isEmpty() && sections.put(name, new Section(name, lines)) != null) {
            throw new IllegalStateException(resource + ": twice [" + name + "]");
        }
    }
}
