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
import java.util.Optional;
import org.iorewind.samples.guide.Guide.Step;
import org.jspecify.annotations.Nullable;

/**
 * The guides to all samples, as {@code guides.txt} has them.
 *
 * <pre>
 *   [name]
 *   look   what there is to see
 *   run    a command
 *   shows  what stands in its output
 * </pre>
 */
public final class Guides {
    private static final String LOOK = "look   ";
    private static final String RUN = "run    ";
    private static final String SHOWS = "shows  ";

    private Guides() {}

    /**
     * All guides by the name of their sample, in the order of the file.
     *
     * @throws IllegalStateException if the file has a line that is none of the above
     */
    public static Map<String, Guide> all() {
        InputStream text = Objects.requireNonNull(Guides.class.getResourceAsStream("guides.txt"));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8))) {
            Map<String, Guide> guides = new LinkedHashMap<>();
            Draft draft = new Draft("");
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("[")) {
                    draft.addTo(guides);
                    draft = new Draft(line.substring(1, line.length() - 1));
                } else if (!line.isEmpty() && !line.startsWith("#")) {
                    draft.add(line);
                }
            }
            draft.addTo(guides);
            return guides;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The guide to a sample. */
    public static Optional<Guide> to(String name) {
        return Optional.ofNullable(all().get(name));
    }

    /** A guide of which not all lines have been read. */
    private static final class Draft {
        private final String name;
        private final StringBuilder look = new StringBuilder();
        private final List<Step> steps = new ArrayList<>();
        private @Nullable String command;
        private final List<String> shows = new ArrayList<>();

        Draft(String name) {
            this.name = name;
        }

        void add(String line) {
            if (line.startsWith(LOOK)) {
                look.append(look.isEmpty() ? "" : " ").append(line.substring(LOOK.length()));
            } else if (line.startsWith(RUN)) {
                endStep();
                command = line.substring(RUN.length());
            } else if (line.startsWith(SHOWS) && command != null) {
                shows.add(line.substring(SHOWS.length()));
            } else {
                throw new IllegalStateException("guides.txt, [" + name + "]: a line that is none: " + line);
            }
        }

        private void endStep() {
            if (command != null) {
                steps.add(new Step(command, shows));
                shows.clear();
            }
        }

        void addTo(Map<String, Guide> guides) {
            endStep();
            if (!name.isEmpty() && guides.put(name, new Guide(name, look.toString(), steps)) != null) {
                throw new IllegalStateException("guides.txt: twice [" + name + "]");
            }
        }
    }
}
