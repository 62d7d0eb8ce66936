package org.iorewind.record.simpletrace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.iorewind.record.FuzzedImport;
import org.iorewind.record.qemulog.ImportOptions;
import org.iorewind.trace.Progress;

/** Fuzz target: the import of QEMU's binary trace. */
public final class SimpleTraceFuzz {
    private static final String DECLARATIONS = """
            amdvi_mmio_write(const char *reg, uint64_t addr, unsigned size, uint64_t val, uint64_t offset) "%s"
            amdvi_command_exec(uint32_t head, uint32_t tail, uint64_t buf) "head"
            amdvi_completion_wait(uint64_t addr, uint64_t data) "wait"
            amdvi_iotlb_hit(uint8_t bus, uint8_t slot, uint8_t func, uint64_t addr, uint64_t txaddr) "hit"
            amdvi_translation_result(uint8_t bus, uint8_t slot, uint8_t func, uint64_t addr, uint64_t txaddr) "result"
            amdvi_generate_msi_interrupt(const char *mode) "mode"
            amdvi_page_fault(uint64_t addr) "fault"
            edu_probe(const char *name, int64_t delta, ssize_t length) "probe"
            """;

    private static final Path EVENTS = events();

    private SimpleTraceFuzz() {}

    private static Path events() {
        try {
            Path file = Files.createTempFile("fuzz", ".events");
            file.toFile().deleteOnExit();
            return Files.writeString(file, DECLARATIONS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzedImport.run(
                input,
                (file, events) -> SimpleTraceImport.run(file, EVENTS, events, ImportOptions.defaults(), Progress.NONE));
    }
}
