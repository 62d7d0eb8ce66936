/**
 * Reads what Linux shows of an AMD IOMMU in {@code /sys/kernel/debug/iommu/amd} (kernels with
 * {@code CONFIG_AMD_IOMMU_DEBUGFS}, complete since 6.17): a state to start from.
 *
 * <pre>
 *   iommu00/mmio        Offset:0x18 Value:0x000c22000003f48d                  one register, chosen by a write to the file
 *   iommu00/capability  Offset:0x10 Value:0x00203040                          one word of the capability
 *   iommu00/cmdbuf      CMD Buffer Head Offset:339 Tail Offset:339, then a line of four words for each command
 *   devtbl              0000:01:00.0 qword3 qword2 qword1 qword0 iommu0       of the device written to devid
 *   irqtbl              DeviceId 0000:01:00.0, then IRT[0001] high low, or IRT[0001] word
 *
 *   files ─▶ DumpParser ─▶ DumpedState ─▶ StateWriter ─▶ SessionStart, IommuStart, forced registers, memory
 * </pre>
 *
 * <p>A dump may be one such file, several, or many put together: with the headings of {@code head} ({@code ==> PATH <==}), or
 * with names before the lines as {@code grep -r} prints them.
 */
@NullMarked
package org.iorewind.record.debugfs;

import org.jspecify.annotations.NullMarked;
