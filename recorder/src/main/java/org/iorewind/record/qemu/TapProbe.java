package org.iorewind.record.qemu;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.iorewind.record.ring.QemuLibrary;
import org.iorewind.record.ring.RingDescriptor;
import org.iorewind.record.ring.RingFile;
import org.iorewind.record.ring.RingOptions;
import org.iorewind.record.ring.WriterState;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.intake.BackPressure;
import org.jspecify.annotations.Nullable;

/** Finds out whether the library takes hold inside a QEMU: it is started with it, once, to say its version. */
public final class TapProbe {
    private static final RingOptions SMALL =
            new RingOptions(RingDescriptor.MIN_CAPACITY, BackPressure.COUNT, java.time.Duration.ofSeconds(1));
    private static final long LONGEST_ANSWER_S = 20;

    private TapProbe() {}

    /**
     * Tries it; leaves the library in the folder.
     *
     * @param program the words that start QEMU
     * @param folder for the library and a ring
     * @return why it does not work, in a sentence; null if it does
     */
    public static @Nullable String problem(List<String> program, Path folder) {
        String missing = QemuLibrary.problem();
        if (missing != null) {
            return missing;
        }
        try {
            Path library = QemuLibrary.extract(folder);
            Path place = folder.resolve("probe");
            try (RingFile ring = RingFile.create(place, SMALL)) {
                start(program, environment(library, place));
                boolean came = ring.writerState() != WriterState.AWAITED;
                ring.delete();
                return came
                        ? null
                        : QemuLibrary.FILE_NAME + " does not take hold in this QEMU (is it linked statically?)";
            }
        } catch (TraceStoreException e) {
            return e.getMessage();
        } catch (IOException e) {
            return "QEMU cannot be started with " + QemuLibrary.FILE_NAME + ": " + PlainReason.of(e);
        }
    }

    /** What tells QEMU to take the library, and the library where the ring is. */
    static Map<String, String> environment(Path library, Path ring) {
        String before = System.getenv("LD_PRELOAD");
        return Map.of(
                "LD_PRELOAD",
                before == null || before.isBlank() ? library.toString() : library + ":" + before,
                "IOREWIND_RING",
                ring.toString());
    }

    private static void start(List<String> program, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(program))
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.command().add("--version");
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            if (!process.waitFor(LONGEST_ANSWER_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
