package org.iorewind.samples;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A log of a real machine.
 *
 * @param name short name, unique
 * @param file file name of the log
 * @param fidelity {@code full}, {@code observed} or {@code log}
 * @param story what happened, in a sentence or two
 */
public record Capture(String name, String file, String fidelity, String story) {
    /**
     * Copies the log into a folder.
     *
     * @param folder existing folder; a file of the same name in it is replaced
     * @return the copy
     * @throws UncheckedIOException if the folder cannot be written
     */
    public Path extractTo(Path folder) {
        Path copy = folder.resolve(file);
        try (InputStream log = open()) {
            Files.copy(log, copy, StandardCopyOption.REPLACE_EXISTING);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + copy, e);
        }
    }

    private InputStream open() {
        InputStream log = Capture.class.getResourceAsStream("captures/" + file);
        if (log == null) {
            throw new IllegalStateException("captures.tsv names a file that is not there: " + file);
        }
        return log;
    }
}
