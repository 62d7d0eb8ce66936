package org.iorewind.record.qemu;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.iorewind.record.ring.QemuLibrary;
import org.jspecify.annotations.Nullable;

/**
 * The recorder's library in a QEMU that runs: an earlier recorder started it so, and has died or left since. What it was told
 * at its start stands in {@code /proc}.
 *
 * @param ring into which it writes as soon as somebody reads
 * @param readsMemory it reads the tables beside the lines
 * @param recordsStores it is a plug-in too, and records every store of the guest's CPUs to the tables
 */
public record LibraryInside(Path ring, boolean readsMemory, boolean recordsStores) {
    private static final String RING = "IOREWIND_RING=";
    private static final String NO_MEMORY = "IOREWIND_RAM=none";
    private static final String DELETED = " (deleted)";

    /**
     * Looks for it.
     *
     * @param candidates processes one of which is QEMU
     * @return null if it is in none of them, or they may not be looked into
     */
    static @Nullable LibraryInside of(List<Long> candidates) {
        for (long pid : candidates) {
            List<String> environment = words(pid, "environ");
            for (String variable : environment) {
                if (variable.startsWith(RING)) {
                    Path ring = openFile(pid, variable.substring(RING.length()));
                    if (ring != null) {
                        boolean plugin =
                                words(pid, "cmdline").stream().anyMatch(word -> word.contains(QemuLibrary.FILE_NAME));
                        return new LibraryInside(ring, !environment.contains(NO_MEMORY), plugin);
                    }
                }
            }
        }
        return null;
    }

    private static List<String> words(long pid, String file) {
        try {
            String text = new String(Files.readAllBytes(Path.of("/proc/" + pid, file)), StandardCharsets.UTF_8);
            return List.of(text.split("\\x00", -1));
        } catch (IOException e) {
            // gone, or not ours to look into
            return List.of();
        }
    }

    /** The ring as the process has it open: by its name, or, when that is gone, by the process's own. */
    private static @Nullable Path openFile(long pid, String name) {
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String target = target(file);
                if (target.equals(name)) {
                    return Path.of(name);
                }
                if (target.equals(name + DELETED)) {
                    return file;
                }
            }
        } catch (IOException | RuntimeException e) {
            // gone, or not ours to look into
        }
        return null;
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
