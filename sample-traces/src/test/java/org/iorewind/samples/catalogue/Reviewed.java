package org.iorewind.samples.catalogue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a scenario was reviewed against, and which of its events tell what it is about.
 *
 * @param sections of the hardware reference that its golden lines rest on; those with a V are of hardware vIOMMU
 * @param filter as {@code iorewind dump --filter} takes it
 */
record Reviewed(List<String> sections, String filter) {
    private static final Path TABLE = Path.of("golden", "reviewed.tsv");
    private static final int CELLS = 3;
    private static final Map<String, Reviewed> ALL = read();

    private static Map<String, Reviewed> read() {
        Map<String, Reviewed> all = new LinkedHashMap<>();
        try {
            for (String line : Files.readAllLines(TABLE)) {
                String[] cells = line.split("\t", -1);
                if (cells.length != CELLS) {
                    throw new IllegalStateException(TABLE + ": expected scenario, sections and filter, found: " + line);
                }
                if (all.put(cells[0], new Reviewed(List.of(cells[1].split(" ")), cells[2])) != null) {
                    throw new IllegalStateException(TABLE + ": twice: " + cells[0]);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Collections.unmodifiableMap(all);
    }

    /** By scenario, in the order of the file. */
    static Map<String, Reviewed> all() {
        return ALL;
    }

    /** That of a scenario. */
    static Reviewed of(String scenario) {
        Reviewed reviewed = ALL.get(scenario);
        if (reviewed == null) {
            throw new IllegalStateException(TABLE + ": expected a line for " + scenario + ", found none");
        }
        return reviewed;
    }
}
