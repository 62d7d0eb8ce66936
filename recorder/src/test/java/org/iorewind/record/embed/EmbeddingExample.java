package org.iorewind.record.embed;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.MemoryRegion;

/** The program of {@code docs/embedding.md}. */
final class EmbeddingExample {
    private EmbeddingExample() {}

    // docs: begin
    static final long RIGHTS = 3L << 61; // IR and IW of a table entry

    static void run(Path trace) {
        RecordingOptions options = RecordingOptions.of(
                        "my-vmm 1.2", "All stores to tables and all requests are recorded.")
                .withRegistersAt(0xFED8_0000L)
                .withObservations(EventKind.TRANSLATION);
        try (Recording recording = Recording.open(trace, options)) {
            EventPort cpu = recording.port(); // one for each thread
            cpu.mark(1, "the guest sets up its IOMMU");
            cpu.snapshot(MemoryRegion.DEVICE_TABLE, 0x10000, ByteBuffer.allocate(8192)); // zeros as yet
            cpu.snapshot(MemoryRegion.TABLE_LEVEL_1, 0x20000, ByteBuffer.allocate(4096));
            cpu.store(
                    MemoryRegion.DEVICE_TABLE,
                    0x10000 + 0x30 * 32,
                    RIGHTS | 0x20000 | 1 << 9 | 3); // 00:06.0: one level
            cpu.store(MemoryRegion.DEVICE_TABLE, 0x10008 + 0x30 * 32, 5); // DomainID
            cpu.store(MemoryRegion.TABLE_LEVEL_1, 0x20000 + 8, RIGHTS | 0x55000 | 1); // IOVA 0x1000
            cpu.registerWrite(0x00, 8, 0x10000 | 1); // device table: 2 pages
            cpu.registerWrite(0x18, 8, 1); // IommuEn

            EventPort device = recording.port();
            device.dma(DmaAccess.READ, 0x30, 0x1040, 64);
            device.translated(0x30, 0x1040, 0x55000);
            device.dma(DmaAccess.WRITE, 0x30, 0x9000, 64);
            device.refused(0x30, 0x9000);
        }
    }
    // docs: end
}
