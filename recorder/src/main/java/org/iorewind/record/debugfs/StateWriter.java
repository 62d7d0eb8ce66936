package org.iorewind.record.debugfs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.iorewind.record.debugfs.DumpedState.Device;
import org.iorewind.record.debugfs.DumpedState.DeviceEntry;
import org.iorewind.record.debugfs.DumpedState.InterruptEntry;
import org.iorewind.record.debugfs.DumpedState.Unit;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.IommuInfo;
import org.iorewind.trace.sbe.InjectedAction;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryRegion;
import org.jspecify.annotations.Nullable;

/**
 * Writes a state: registers first, then memory where the registers say that it is. What no register places stays readable as
 * a mark.
 */
final class StateWriter {
    private static final String NOTE = "state in debugfs";

    private final DumpedState state;
    private final EventWriter writer;
    private long unplaced;

    StateWriter(DumpedState state, EventWriter writer) {
        this.state = state;
        this.writer = writer;
    }

    /** Entries for which no register said where they lie. */
    long unplaced() {
        return unplaced;
    }

    void write() {
        state.units.forEach((number, unit) -> {
            writer.iommu(number);
            if (number > 0) {
                writer.iommuStart(info(unit));
            }
            registers(unit);
        });
        state.units.forEach((number, unit) -> {
            writer.iommu(number);
            commands(unit);
        });
        state.devices.forEach(this::device);
        state.interrupts.forEach(this::interrupts);
        writer.iommu(0);
    }

    private static IommuInfo info(Unit unit) {
        Long features = unit.register(StateDescriptor.EXTENDED_FEATURES);
        Long features2 = unit.register(StateDescriptor.EXTENDED_FEATURES_2);
        Long header = unit.capability.get(0L);
        boolean caches = header != null && StateDescriptor.cachesNotPresent(header);
        return new IommuInfo(
                features == null ? 0 : features,
                features2 == null ? 0 : features2,
                caches ? IommuInfo.NOT_PRESENT_CACHED : 0,
                0,
                0,
                "spec");
    }

    private void registers(Unit unit) {
        unit.registers.forEach((offset, value) -> {
            if (StateDescriptor.isRegister(offset)) {
                writer.injected(InjectedAction.FORCE_REGISTER, offset, value, 0, NOTE);
            } else {
                writer.mark(
                        0,
                        "8 bytes at offset 0x" + Long.toHexString(offset) + ", which is no register: 0x"
                                + Long.toHexString(value));
            }
        });
        // a register that was dumped itself is newer than none: only what is missing comes from the ring's heading
        pointer(unit, StateDescriptor.COMMAND_HEAD, unit.head);
        pointer(unit, StateDescriptor.COMMAND_TAIL, unit.tail);
        unit.capability.forEach((offset, value) ->
                writer.mark(0, "capability +0x" + Long.toHexString(offset) + " = 0x" + Long.toHexString(value)));
    }

    private void pointer(Unit unit, long offset, int entries) {
        if (entries >= 0 && unit.register(offset) == null) {
            long bytes = (long) entries * StateDescriptor.COMMAND_BYTES;
            writer.injected(InjectedAction.FORCE_REGISTER, offset, bytes, 0, NOTE);
        }
    }

    private void commands(Unit unit) {
        if (unit.commands.isEmpty()) {
            return;
        }
        Long base = unit.register(StateDescriptor.COMMAND_BASE);
        if (base == null) {
            unplaced += unit.commands.size();
            writer.mark(0, unit.commands.size() + " commands, whose place only register 0x8 tells");
            return;
        }
        unit.commands.forEach((index, words) -> {
            ByteBuffer bytes = buffer(StateDescriptor.COMMAND_BYTES);
            for (int word : words) {
                bytes.putInt(word);
            }
            long address = StateDescriptor.table(base) + (long) index * StateDescriptor.COMMAND_BYTES;
            memory(MemoryRegion.COMMAND_RING, address, bytes);
        });
    }

    private void device(Device device, DeviceEntry entry) {
        writer.iommu(entry.iommu());
        Long address = place(device, entry);
        if (address == null) {
            unplaced++;
            StringBuilder text = new StringBuilder("device table entry of " + name(device) + ":");
            for (long word : entry.words()) {
                text.append(" 0x").append(Long.toHexString(word));
            }
            writer.mark(0, text + ", whose place no register tells");
            return;
        }
        ByteBuffer bytes = buffer(StateDescriptor.DEVICE_ENTRY_BYTES);
        for (long word : entry.words()) {
            bytes.putLong(word);
        }
        memory(MemoryRegion.DEVICE_TABLE, address, bytes);
    }

    private @Nullable Long place(Device device, DeviceEntry entry) {
        Unit unit = state.unit(entry.iommu());
        Long base = unit.register(StateDescriptor.DEVICE_TABLE_BASE);
        Long control = unit.register(StateDescriptor.CONTROL);
        if (base == null || control != null && StateDescriptor.hasSegments(control)) {
            return null;
        }
        return StateDescriptor.table(base) + (long) device.requester() * StateDescriptor.DEVICE_ENTRY_BYTES;
    }

    private void interrupts(Device device, List<InterruptEntry> entries) {
        DeviceEntry of = state.devices.get(device);
        if (of == null) {
            unplaced += entries.size();
            writer.iommu(0);
            writer.mark(
                    0,
                    entries.size() + " interrupt table entries of " + name(device)
                            + ", whose place only its device table entry tells");
            return;
        }
        writer.iommu(of.iommu());
        long table = StateDescriptor.interruptTable(of.words()[2]);
        for (InterruptEntry entry : entries) {
            ByteBuffer bytes = buffer(entry.bytes());
            if (entry.bytes() == Integer.BYTES) {
                bytes.putInt((int) entry.low());
            } else {
                bytes.putLong(entry.low()).putLong(entry.high());
            }
            memory(MemoryRegion.INTERRUPT_TABLE, table + (long) entry.index() * entry.bytes(), bytes);
        }
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void memory(MemoryRegion region, long address, ByteBuffer bytes) {
        writer.memoryWrite(
                MemoryOrigin.SNAPSHOT, region, address, bytes.array(), bytes.arrayOffset(), bytes.capacity());
    }

    private static String name(Device device) {
        int id = device.requester();
        return hex(device.segment(), 4) + ":" + hex(id >> 8, 2) + ":" + hex(id >> 3 & 0x1f, 2) + "." + (id & 7);
    }

    private static String hex(int value, int digits) {
        String text = Integer.toHexString(value);
        return "0".repeat(Math.max(0, digits - text.length())) + text;
    }
}
