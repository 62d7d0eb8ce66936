package org.iorewind.cli.debug.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.StatusDescriptor;
import org.iorewind.replay.Machine;
import org.iorewind.replay.RingEntryNames;
import org.iorewind.trace.schema.EventTable;

/** The host's rings: commands (reference 3.1), event log (reference 4.1) and PPR log (reference 5.1). */
public final class RingTree {
    private static final int ENTRY_BYTES = RegisterDescriptor.RING_ENTRY_BYTES;
    private static final int MOST_SHOWN = 64;
    private static final int CONSUMED_SHOWN = 4;

    private final Machine machine;
    private final int number;

    /**
     * The rings of one IOMMU.
     *
     * @param number of an IOMMU that there is
     */
    public RingTree(Machine machine, int number) {
        this.machine = machine;
        this.number = number;
    }

    /** The command ring: what waits in it, and the last commands that were taken. */
    public Map<String, Object> commands() {
        Map<String, Object> tree = ring(
                RegisterDescriptor.COMMAND_BASE,
                RegisterDescriptor.COMMAND_HEAD,
                RegisterDescriptor.COMMAND_TAIL,
                StatusDescriptor.CMD_BUF_RUN);
        long head = register(RegisterDescriptor.COMMAND_HEAD);
        long size = size(RegisterDescriptor.COMMAND_BASE);
        List<Map<String, Object>> taken = new ArrayList<>();
        for (int i = CONSUMED_SHOWN; i > 0; i--) {
            long at = Math.floorMod(head - (long) i * ENTRY_BYTES, size);
            if (machine.memory().isRecorded(place(RegisterDescriptor.COMMAND_BASE, at))
                    && word(RegisterDescriptor.COMMAND_BASE, at, 0) != 0) {
                taken.add(command(at));
            }
        }
        tree.put("before", taken);
        List<Map<String, Object>> pending = new ArrayList<>();
        for (long at : pending(RegisterDescriptor.COMMAND_BASE, head, register(RegisterDescriptor.COMMAND_TAIL))) {
            pending.add(command(at));
        }
        tree.put("pending", pending);
        return tree;
    }

    /** The event log: what software has not read yet. */
    public Map<String, Object> eventLog() {
        Map<String, Object> tree = ring(
                RegisterDescriptor.EVENT_BASE,
                RegisterDescriptor.EVENT_HEAD,
                RegisterDescriptor.EVENT_TAIL,
                StatusDescriptor.EVENT_LOG_RUN);
        List<Map<String, Object>> entries = new ArrayList<>();
        for (long at : pending(
                RegisterDescriptor.EVENT_BASE,
                register(RegisterDescriptor.EVENT_HEAD),
                register(RegisterDescriptor.EVENT_TAIL))) {
            long low = word(RegisterDescriptor.EVENT_BASE, at, 0);
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("offset", Notation.hex(at));
            entry.put("event", RingEntryNames.event(low, -1));
            entry.put("device", EventTable.bdf(EventDescriptor.requester(low)));
            entry.put("flags", Notation.hex(EventDescriptor.flags(low)));
            entry.put("qword0", Notation.hex(low));
            entry.put("qword1", Notation.hex(word(RegisterDescriptor.EVENT_BASE, at, 1)));
            entries.add(entry);
        }
        tree.put("unread", entries);
        return tree;
    }

    /** The log of page requests, likewise. */
    public Map<String, Object> pprLog() {
        Map<String, Object> tree = ring(
                RegisterDescriptor.PPR_BASE,
                RegisterDescriptor.PPR_HEAD,
                RegisterDescriptor.PPR_TAIL,
                StatusDescriptor.PPR_LOG_RUN);
        List<Map<String, Object>> entries = new ArrayList<>();
        for (long at : pending(
                RegisterDescriptor.PPR_BASE,
                register(RegisterDescriptor.PPR_HEAD),
                register(RegisterDescriptor.PPR_TAIL))) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("offset", Notation.hex(at));
            entry.put("qword0", Notation.hex(word(RegisterDescriptor.PPR_BASE, at, 0)));
            entry.put("qword1", Notation.hex(word(RegisterDescriptor.PPR_BASE, at, 1)));
            entries.add(entry);
        }
        tree.put("unread", entries);
        return tree;
    }

    private Map<String, Object> ring(int base, int head, int tail, long run) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("base", Notation.hex(RegisterDescriptor.base(register(base))));
        tree.put("entries", RegisterDescriptor.ringEntries(register(base)));
        tree.put("head", Notation.hex(register(head)));
        tree.put("tail", Notation.hex(register(tail)));
        tree.put("running", (register(RegisterDescriptor.STATUS) & run) != 0);
        return tree;
    }

    private Map<String, Object> command(long at) {
        long low = word(RegisterDescriptor.COMMAND_BASE, at, 0);
        Map<String, Object> command = new LinkedHashMap<>();
        command.put("offset", Notation.hex(at));
        command.put("command", RingEntryNames.command(low, -1));
        command.put("qword0", Notation.hex(low));
        command.put("qword1", Notation.hex(word(RegisterDescriptor.COMMAND_BASE, at, 1)));
        return command;
    }

    /** Offsets from head to tail, the first of them. */
    private List<Long> pending(int base, long head, long tail) {
        List<Long> offsets = new ArrayList<>();
        long size = size(base);
        for (long at = head; at != tail && at < size && offsets.size() < MOST_SHOWN; at = (at + ENTRY_BYTES) % size) {
            offsets.add(at);
        }
        return offsets;
    }

    private long size(int base) {
        return Math.max(ENTRY_BYTES, (long) RegisterDescriptor.ringEntries(register(base)) * ENTRY_BYTES);
    }

    private long place(int base, long at) {
        return machine.systemAddress(number, RegisterDescriptor.base(register(base)) + at);
    }

    private long word(int base, long at, int index) {
        return machine.memory().peek(place(base, at) + (long) index * Long.BYTES);
    }

    private long register(int offset) {
        Iommu iommu = machine.iommu(number);
        return iommu.register(offset);
    }
}
