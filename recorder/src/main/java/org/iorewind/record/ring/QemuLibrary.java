package org.iorewind.record.ring;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Collectors;
import org.iorewind.record.memory.RamLayout;
import org.iorewind.trace.TraceStoreException;
import org.jspecify.annotations.Nullable;

/**
 * {@code libiorewind-qemu.so}, the part of the recorder that runs inside QEMU: as {@code LD_PRELOAD} it takes the lines of the
 * trace log, as {@code -plugin} it records the stores of the guest's CPUs. The build packs it when a C compiler is there.
 *
 * <p>It is told by the environment of QEMU:
 *
 * <pre>
 *   IOREWIND_RING       the ring's file; without it the library does nothing
 *   IOREWIND_RAM        the guest's memory, see {@link #ramAt}; without it QEMU itself is asked
 *   IOREWIND_BELOW_4G   without IOREWIND_RAM: how many bytes of memory lie below 4 GiB, if that is not as with q35
 *   IOREWIND_KEEP_LOG   if set: lines go to QEMU's log file as well
 * </pre>
 */
public final class QemuLibrary {
    /** Name of the file; the library finds itself in {@code LD_PRELOAD} by it. */
    public static final String FILE_NAME = "libiorewind-qemu.so";

    private static final int MOST_PIECES = 16;

    private QemuLibrary() {}

    /** Why the library cannot be used here, in a sentence; null if it can. */
    public static @Nullable String problem() {
        String resource = resource();
        if (!System.getProperty("os.name").equals("Linux")) {
            return FILE_NAME + " is for Linux, this is " + System.getProperty("os.name");
        }
        if (QemuLibrary.class.getResource(resource) == null) {
            return FILE_NAME + " for " + architecture()
                    + " is not in this build: install a C compiler (gcc) and build iorewind again";
        }
        return null;
    }

    /**
     * Writes the library into a folder.
     *
     * @param folder that exists; neither blanks nor colons may be in its path, {@code LD_PRELOAD} would end there
     * @return the file
     * @throws TraceStoreException if there is no library ({@link #problem}), or it cannot be written there
     */
    public static Path extract(Path folder) {
        Path file = folder.toAbsolutePath().resolve(FILE_NAME);
        String problem = problem();
        if (problem != null) {
            throw new TraceStoreException(file.toString(), "", FILE_NAME, problem, "record without it");
        }
        if (file.toString().matches(".*[\\s:;,].*")) {
            throw new TraceStoreException(
                    file.toString(), "", "a path without blanks, colons and commas", "one with", "name another folder");
        }
        try (InputStream in = java.util.Objects.requireNonNull(QemuLibrary.class.getResourceAsStream(resource()))) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw new TraceStoreException(
                    file.toString(),
                    "",
                    "a folder to write to",
                    String.valueOf(e.getMessage()),
                    "name another folder",
                    e);
        }
    }

    /**
     * The text of {@code IOREWIND_RAM} that names a file with places inside QEMU, which is written when QEMU has been asked.
     *
     * @param file what {@link #places} says goes there, before the guest runs
     */
    public static String ramAt(Path file) {
        return "at:" + file.toAbsolutePath();
    }

    /**
     * The content of the file of {@link #ramAt}: {@code ADDRESS+BYTES=HOST}, hexadecimal, one a line. The library takes at most
     * 16 pieces: the largest.
     *
     * @param layout where the guest's RAM is, with addresses inside QEMU as offsets
     */
    public static String places(RamLayout layout) {
        return layout.pieces().stream()
                .sorted(Comparator.comparingLong(RamLayout.Piece::length).reversed())
                .limit(MOST_PIECES)
                .map(piece -> Long.toHexString(piece.address()) + "+" + Long.toHexString(piece.length()) + "="
                        + Long.toHexString(piece.offset()) + "\n")
                .collect(Collectors.joining());
    }

    private static String resource() {
        return "linux-" + architecture() + "/" + FILE_NAME;
    }

    private static String architecture() {
        String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return name.equals("amd64") ? "x86_64" : name;
    }
}
