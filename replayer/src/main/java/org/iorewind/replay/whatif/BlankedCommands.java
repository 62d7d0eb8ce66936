package org.iorewind.replay.whatif;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.memory.SparseMemory;
import org.iorewind.replay.Machine;
import org.iorewind.replay.Playback;
import org.iorewind.replay.predicate.CommandFilter;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.MmioWriteDecoder;

/**
 * Lets the IOMMU meet a COMPLETION_WAIT that does nothing where a dropped command stands, while the doorbell is rung; memory
 * is as it was afterwards. So head and tail move as they did. A command that the ring cannot take at once is not dropped.
 */
final class BlankedCommands {
    private static final long NOTHING = CommandDescriptor.completionWait(0, 0);

    private record Blanked(long address, long seenAt, long qword0, long qword1) {}

    private final List<CommandFilter> filters;
    private final MmioWriteDecoder write = new MmioWriteDecoder();
    private final List<Blanked> blanked = new ArrayList<>();

    BlankedCommands(List<CommandFilter> filters) {
        this.filters = filters;
    }

    /** Before an event is handled; returns how many commands were blanked. */
    int before(EventView event, Machine machine) {
        blanked.clear();
        if (filters.isEmpty() || event.kind() != EventKind.MMIO_WRITE || !machine.hasIommu(event.iommu())) {
            return 0;
        }
        write.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        int register = (int) write.registerOffset() & -Long.BYTES;
        boolean isDoorbell = register == RegisterDescriptor.COMMAND_TAIL || register == RegisterDescriptor.CONTROL;
        if (write.space() != MmioSpace.HOST || !isDoorbell) {
            return 0;
        }
        Iommu iommu = machine.iommu(event.iommu());
        long base = iommu.register(RegisterDescriptor.COMMAND_BASE);
        int bytes = RegisterDescriptor.ringEntries(base) * RegisterDescriptor.RING_ENTRY_BYTES;
        boolean isTail = write.registerOffset() == RegisterDescriptor.COMMAND_TAIL;
        long tail = (isTail ? write.value() : iommu.register(RegisterDescriptor.COMMAND_TAIL))
                & RegisterDescriptor.POINTER_MASK;
        long at = iommu.register(RegisterDescriptor.COMMAND_HEAD) & RegisterDescriptor.POINTER_MASK;
        for (int left = bytes / RegisterDescriptor.RING_ENTRY_BYTES; at != tail && left > 0; left--) {
            blank(event, machine, RegisterDescriptor.base(base) + at);
            at = (at + RegisterDescriptor.RING_ENTRY_BYTES) % bytes;
        }
        return blanked.size();
    }

    private void blank(EventView event, Machine machine, long seenAt) {
        SparseMemory memory = machine.memory();
        long address = machine.systemAddress(event.iommu(), seenAt);
        long qword0 = memory.peek(address);
        long qword1 = memory.peek(address + Long.BYTES);
        boolean isKnown = memory.isRecorded(address) && memory.isRecorded(address + Long.BYTES);
        if (isKnown && filters.stream().anyMatch(filter -> filter.test(event.sequence(), qword0, qword1))) {
            blanked.add(new Blanked(address, seenAt, qword0, qword1));
            memory.writeLong(address, NOTHING);
            memory.writeLong(address + Long.BYTES, 0);
        }
    }

    /** After it was handled. What is observed of a dropped command is no difference: that it is dropped is known. */
    void after(Playback playback) {
        SparseMemory memory = playback.machine().memory();
        for (Blanked one : blanked) {
            memory.writeLong(one.address, one.qword0);
            memory.writeLong(one.address + Long.BYTES, one.qword1);
            playback.recordedCommand(one.seenAt, one.qword0, one.qword1);
        }
        blanked.clear();
    }
}
