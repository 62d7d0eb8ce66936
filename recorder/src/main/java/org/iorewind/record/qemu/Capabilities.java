package org.iorewind.record.qemu;

import java.util.SortedSet;

/**
 * What a QEMU can do for a recorder.
 *
 * @param version as it says itself
 * @param logsTraceEvents its trace events can be written as text ({@code -trace … -D FILE})
 * @param loadsPlugins TCG plug-ins can be loaded
 * @param traceEvents names of the trace events of its {@code amd-iommu}
 * @param iommuOptions names of the options of {@code -device amd-iommu}; empty if it has no such device
 */
public record Capabilities(
        QemuVersion version,
        boolean logsTraceEvents,
        boolean loadsPlugins,
        SortedSet<String> traceEvents,
        SortedSet<String> iommuOptions) {
    /** Register writes are printed with their values. */
    public boolean printsRegisterValues() {
        // the event exists since 2.x, but only 10.2 uses it for writes
        return version.isFrom(10, 2) && traceEvents.contains("amdvi_mmio_write");
    }

    /** The IOMMU's own interrupts are printed. */
    public boolean printsOwnInterrupts() {
        return traceEvents.contains("amdvi_generate_msi_interrupt");
    }
}
