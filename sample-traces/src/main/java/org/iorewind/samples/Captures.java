package org.iorewind.samples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The real captures that come with iorewind. */
public final class Captures {
    private Captures() {}

    /** All captures; the first is the one to show. */
    public static List<Capture> list() {
        InputStream table = Objects.requireNonNull(Captures.class.getResourceAsStream("captures/captures.tsv"));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(table, StandardCharsets.UTF_8))) {
            List<Capture> captures = new ArrayList<>();
            String header = lines.readLine();
            for (String line = lines.readLine(); header != null && line != null; line = lines.readLine()) {
                String[] cells = line.split("\t");
                captures.add(new Capture(cells[0], cells[1], cells[2], cells[3]));
            }
            return captures;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The capture with this name. */
    public static Optional<Capture> named(String name) {
        return list().stream().filter(capture -> capture.name().equals(name)).findFirst();
    }
}
