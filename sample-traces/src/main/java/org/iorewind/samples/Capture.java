package org.iorewind.samples;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.iorewind.record.qemulog.ImportOptions;
import org.iorewind.record.qemulog.QemuLogImport;
import org.iorewind.trace.Progress;
import org.iorewind.trace.archive.ArchiveWriter;

/**
 * A recording of a real machine.
 *
 * @param name short name, unique
 * @param form what kind of file it is
 * @param fidelity {@code full}, {@code observed} or {@code log}
 * @param tags what it is about
 * @param story what happened, in a sentence or two
 * @param made how it was made
 * @param misses what it cannot show
 */
public record Capture(
        String name, Form form, String fidelity, List<String> tags, String story, String made, String misses) {
    /** What kind of file a recording is, as it was made. */
    public enum Form {
        /** Text that QEMU wrote, compressed; it has to be imported. */
        QEMU_LOG(".log.zst"),
        /** A sealed archive, which every command reads. */
        ARCHIVE(".iorw");

        private final String ending;

        Form(String ending) {
            this.ending = ending;
        }

        /** How names of such files end. */
        public String ending() {
            return ending;
        }
    }

    /** Copies the tags. */
    public Capture {
        tags = List.copyOf(tags);
    }

    /** The name of its file. */
    public String file() {
        return name + form.ending();
    }

    /**
     * Commands that make {@code NAME.iorw} of it, to be typed in this order; none needs more than the one before.
     *
     * @return whole lines, beginning with the program's name
     */
    public List<String> commands() {
        String copy = "iorewind samples " + name + " -o " + file();
        return switch (form) {
            case ARCHIVE -> List.of(copy);
            case QEMU_LOG ->
                List.of(copy, "iorewind import qemu-log " + file() + " -o " + name + Form.ARCHIVE.ending());
        };
    }

    /**
     * Writes the recording, byte for byte.
     *
     * @throws UncheckedIOException if the stream takes no more
     */
    public void copyTo(OutputStream target) {
        try (InputStream recording = Capture.class.getResourceAsStream("captures/" + file())) {
            if (recording == null) {
                throw new IllegalStateException("captures.txt names a file that is not there: " + file());
            }
            recording.transferTo(target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Copies the recording into a folder.
     *
     * @param folder existing folder; a file of the same name in it is replaced
     * @return the copy
     * @throws UncheckedIOException if the folder cannot be written
     */
    public Path extractTo(Path folder) {
        Path copy = folder.resolve(file());
        try (OutputStream target = Files.newOutputStream(copy)) {
            copyTo(target);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + copy, e);
        }
    }

    /**
     * Makes a trace of it: an archive is copied, a log is imported as {@code iorewind import qemu-log} does.
     *
     * @param folder existing folder; files of the same name in it are replaced
     * @return the archive {@code NAME.iorw}
     * @throws UncheckedIOException if the folder cannot be written
     */
    public Path traceIn(Path folder) {
        Path recording = extractTo(folder);
        if (form == Form.ARCHIVE) {
            return recording;
        }
        Path trace = folder.resolve(name + Form.ARCHIVE.ending());
        try (ArchiveWriter writer = ArchiveWriter.create(trace)) {
            QemuLogImport.run(List.of(recording), writer, ImportOptions.defaults(), Progress.NONE);
        }
        return trace;
    }
}
