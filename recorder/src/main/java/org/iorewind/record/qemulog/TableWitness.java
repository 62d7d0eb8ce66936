package org.iorewind.record.qemulog;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.record.memory.GuestMemory;
import org.iorewind.trace.sbe.MemoryRegion;

/**
 * Reads, the moment a line arrives, what the IOMMU must have read for it: the command, the device table entry, the chain
 * of page table entries. One thread, the one that takes the lines; but for {@link #deviceTable}.
 */
final class TableWitness {
    private static final long DEVICE_TABLE_BASE = 0x00;
    private static final int WORD_BITS = 64;
    private static final int LOW_REQUESTER = 0xFF;
    private static final long INTERRUPT_ENTRY_BYTES = 16;

    private final GuestMemory memory;
    private final long[] scratch = new long[TableDescriptor.DEVICE_ENTRY_WORDS];
    private volatile long deviceTable;
    private volatile boolean deviceTableKnown;

    TableWitness(GuestMemory memory) {
        this.memory = memory;
    }

    /** The base register of the device table, as known otherwise. Any thread. */
    void deviceTable(long register) {
        deviceTable = register;
        deviceTableKnown = true;
    }

    /** The line with what belongs to it. */
    LogLine look(LogLine line) {
        if (line.event == null) {
            return line;
        }
        return switch (line.event) {
            case MMIO_WRITE -> {
                register(line.values[0], line.values[1], line.values[2]);
                yield line;
            }
            case COMMAND_EXEC -> line.with(command(line.values[2] + line.values[0]));
            case TRANSLATION_RESULT -> deviceTableKnown ? line.with(walk(line.requester(0), line.values[3])) : line;
            case IR_REMAP_MSI_REQ -> deviceTableKnown ? line.with(entry((int) line.values[2] & LOW_REQUESTER)) : line;
            case IR_IRTE -> line.with(interruptEntry(line.values[0] + line.values[1] & -INTERRUPT_ENTRY_BYTES));
            default -> line;
        };
    }

    /** The log cuts the bus number off: this is right for bus 0, where IOAPICs are too, and says nothing of others. */
    private Annotation entry(int requester) {
        long at = (deviceTable & TableDescriptor.ADDRESS) + (long) requester * TableDescriptor.DEVICE_ENTRY_BYTES;
        return memory.read(at, scratch, TableDescriptor.DEVICE_ENTRY_WORDS)
                ? new Annotation(List.of(new Annotation.Reading(MemoryRegion.DEVICE_TABLE, at, scratch.clone())))
                : Annotation.NOTHING;
    }

    private Annotation interruptEntry(long address) {
        return memory.read(address, scratch, 2)
                ? new Annotation(List.of(new Annotation.Reading(
                        MemoryRegion.INTERRUPT_TABLE, address, new long[] {scratch[0], scratch[1]})))
                : Annotation.NOTHING;
    }

    /** The register may be written in two halves. */
    private void register(long offset, long size, long value) {
        if (offset == DEVICE_TABLE_BASE && size == TableDescriptor.ENTRY_BYTES) {
            deviceTable(value);
        } else if (offset < DEVICE_TABLE_BASE + TableDescriptor.ENTRY_BYTES && size == WORD_BITS / 16) {
            int shift = offset == DEVICE_TABLE_BASE ? 0 : WORD_BITS / 2;
            long mask = 0xFFFF_FFFFL << shift;
            deviceTable(deviceTable & ~mask | value << shift & mask);
        }
    }

    private Annotation command(long address) {
        if ((address & TableDescriptor.ENTRY_BYTES - 1) != 0 || !memory.read(address, scratch, 2)) {
            return Annotation.NOTHING;
        }
        return new Annotation(List.of(
                new Annotation.Reading(MemoryRegion.COMMAND_RING, address, new long[] {scratch[0], scratch[1]})));
    }

    private Annotation walk(int requester, long ioAddress) {
        long at = (deviceTable & TableDescriptor.ADDRESS) + (long) requester * TableDescriptor.DEVICE_ENTRY_BYTES;
        if (!memory.read(at, scratch, TableDescriptor.DEVICE_ENTRY_WORDS)) {
            return Annotation.NOTHING;
        }
        List<Annotation.Reading> readings = new ArrayList<>(TableDescriptor.TOP_LEVEL);
        readings.add(new Annotation.Reading(MemoryRegion.DEVICE_TABLE, at, scratch.clone()));
        long entry = scratch[0];
        if (!TableDescriptor.hasTables(entry)) {
            return new Annotation(readings);
        }
        int level = TableDescriptor.level(entry);
        // each step goes down at least one level, whatever the guest wrote there
        while (true) {
            long address = TableDescriptor.entryAddress(entry, level, ioAddress);
            if (!memory.read(address, scratch, 1)) {
                return new Annotation(readings);
            }
            entry = scratch[0];
            readings.add(new Annotation.Reading(region(level), address, new long[] {entry}));
            boolean leads = (entry & TableDescriptor.PRESENT) != 0 && !TableDescriptor.isLeaf(entry);
            if (!leads || TableDescriptor.level(entry) >= level) {
                return new Annotation(readings);
            }
            level = TableDescriptor.level(entry);
        }
    }

    private static MemoryRegion region(int level) {
        return switch (level) {
            case 1 -> MemoryRegion.TABLE_LEVEL_1;
            case 2 -> MemoryRegion.TABLE_LEVEL_2;
            case 3 -> MemoryRegion.TABLE_LEVEL_3;
            case 4 -> MemoryRegion.TABLE_LEVEL_4;
            case 5 -> MemoryRegion.TABLE_LEVEL_5;
            default -> MemoryRegion.TABLE_LEVEL_6;
        };
    }
}
