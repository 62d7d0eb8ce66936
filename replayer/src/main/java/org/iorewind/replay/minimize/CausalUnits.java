package org.iorewind.replay.minimize;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.replay.Machine;
import org.iorewind.replay.Playback;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.DriverCallDecoder;
import org.iorewind.trace.sbe.MemoryWriteDecoder;
import org.iorewind.trace.sbe.MmioReadDecoder;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.MmioWriteDecoder;
import org.iorewind.trace.sbe.PhaseDecoder;

/**
 * Which events only make sense together.
 *
 * <pre>
 *   input, observations of it                           one unit, as for a dropped input of a what-if
 *   stores of commands, doorbell that lets them run     one unit, on rings of the host
 *   begin and end of a call or a phase                  one unit
 *   all that happens inside an outermost call           one coarse unit
 *   SessionStart, IommuStart, Gap, SessionEnd           always stay
 *   StateHash, Checkpoint                               always go: they speak of the whole trace
 * </pre>
 *
 * <p>Made in one replay of the trace. Not thread-safe.
 */
final class CausalUnits {
    private static final int FIXED = -1;
    private static final int GONE = -2;
    /** A longer store is no store of commands. */
    private static final int LONGEST_COMMAND_STORE = 64;

    private final MmioWriteDecoder write = new MmioWriteDecoder();
    private final MmioReadDecoder read = new MmioReadDecoder();
    private final MemoryWriteDecoder memory = new MemoryWriteDecoder();
    private final DriverCallDecoder call = new DriverCallDecoder();
    private final PhaseDecoder phase = new PhaseDecoder();
    private final Deque<Integer> calls = new ArrayDeque<>();
    private final Deque<Integer> phases = new ArrayDeque<>();
    private final Map<Long, Integer> commandStores = new HashMap<>();
    private final BitSet doorbells = new BitSet();
    private final Map<Integer, Integer> heads = new HashMap<>();
    private final SortedSet<Integer> iommus = new TreeSet<>(List.of(0));
    private int[] unit;
    private int[] coarse;
    private int lastInput = FIXED;
    private int events;

    CausalUnits(int capacity) {
        unit = new int[Math.max(1, capacity)];
        coarse = new int[unit.length];
    }

    /** Before an event is handled by a replay of the same trace. */
    void before(EventView event, Playback playback) {
        int at = events;
        if (at == unit.length) {
            unit = Arrays.copyOf(unit, 2 * at);
            coarse = Arrays.copyOf(coarse, 2 * at);
        }
        unit[at] = at;
        coarse[at] = calls.isEmpty() ? at : calls.getLast();
        EventKind kind = event.kind();
        if (kind == null) {
            events++;
            return;
        }
        switch (kind) {
            case SESSION_START, IOMMU_START, GAP, SESSION_END -> {
                unit[at] = FIXED;
                if (kind == EventKind.IOMMU_START) {
                    iommus.add(event.iommu());
                }
                lastInput = kind.eventClass() == EventClass.INPUT ? FIXED : lastInput;
            }
            case STATE_HASH, CHECKPOINT -> unit[at] = GONE;
            case DRIVER_CALL -> call(event, at);
            case PHASE -> phase(event, at);
            default -> {
                if (kind.eventClass() == EventClass.INPUT) {
                    lastInput = at;
                    input(event, kind, playback.machine());
                } else if (kind.eventClass() == EventClass.OBSERVATION) {
                    unit[at] = lastInput;
                    coarse[at] = lastInput < 0 ? at : coarse[lastInput];
                }
            }
        }
    }

    private void call(EventView event, int at) {
        call.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        if (call.phase() == CallPhase.ENTER) {
            calls.addFirst(at);
            coarse[at] = calls.getLast();
        } else if (call.phase() == CallPhase.EXIT && !calls.isEmpty()) {
            unit[at] = calls.removeFirst();
        }
    }

    private void phase(EventView event, int at) {
        phase.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        if (phase.phase() == CallPhase.ENTER) {
            phases.addFirst(at);
        } else if (phase.phase() == CallPhase.EXIT && !phases.isEmpty()) {
            unit[at] = phases.removeFirst();
            coarse[at] = coarse[unit[at]];
        }
    }

    private void input(EventView event, EventKind kind, Machine machine) {
        int number = event.iommu();
        if (kind == EventKind.MEMORY_WRITE) {
            memory.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
            int length = memory.dataLength();
            if (length <= LONGEST_COMMAND_STORE && isInRing(memory.address(), machine)) {
                for (int done = 0; done < length; done += Long.BYTES) {
                    commandStores.put(memory.address() + done & -Long.BYTES, events);
                }
            }
        } else if (machine.hasIommu(number) && isRing(event, kind)) {
            Iommu iommu = machine.iommu(number);
            heads.put(
                    events, (int) (iommu.register(RegisterDescriptor.COMMAND_HEAD) & RegisterDescriptor.POINTER_MASK));
        }
    }

    private boolean isInRing(long address, Machine machine) {
        for (int number : iommus) {
            long base = machine.iommu(number).register(RegisterDescriptor.COMMAND_BASE);
            long place = address - machine.systemAddress(number, RegisterDescriptor.base(base));
            if (place >= 0
                    && place < (long) RegisterDescriptor.ringEntries(base) * RegisterDescriptor.RING_ENTRY_BYTES) {
                return true;
            }
        }
        return false;
    }

    /** Whether the head of the command ring matters: it may move, or is read. */
    private boolean isRing(EventView event, EventKind kind) {
        if (kind == EventKind.MMIO_WRITE) {
            write.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
            int register = (int) write.registerOffset() & -Long.BYTES;
            boolean isDoorbell = register == RegisterDescriptor.COMMAND_TAIL || register == RegisterDescriptor.CONTROL;
            return write.space() == MmioSpace.HOST && isDoorbell;
        }
        if (kind == EventKind.MMIO_READ) {
            read.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
            int register = (int) read.registerOffset() & -Long.BYTES;
            return read.space() == MmioSpace.HOST && register == RegisterDescriptor.COMMAND_HEAD;
        }
        return false;
    }

    /** After the event was handled. */
    void after(EventView event, Playback playback) {
        int at = events++;
        Integer head = heads.get(at);
        if (head == null || event.kind() != EventKind.MMIO_WRITE) {
            return;
        }
        Machine machine = playback.machine();
        Iommu iommu = machine.iommu(event.iommu());
        long base = iommu.register(RegisterDescriptor.COMMAND_BASE);
        int bytes = RegisterDescriptor.ringEntries(base) * RegisterDescriptor.RING_ENTRY_BYTES;
        long end = iommu.register(RegisterDescriptor.COMMAND_HEAD) & RegisterDescriptor.POINTER_MASK;
        int slot = head;
        for (int left = bytes / RegisterDescriptor.RING_ENTRY_BYTES; slot != end && left > 0; left--) {
            doorbells.set(at);
            long address = machine.systemAddress(event.iommu(), RegisterDescriptor.base(base) + slot);
            join(address, at);
            join(address + Long.BYTES, at);
            slot = (slot + RegisterDescriptor.RING_ENTRY_BYTES) % bytes;
        }
    }

    private void join(long address, int doorbell) {
        Integer store = commandStores.remove(address);
        if (store != null) {
            unite(unit, store, doorbell);
            unite(coarse, coarse[store], coarse[doorbell]);
        }
    }

    private static void unite(int[] parents, int a, int b) {
        int first = root(parents, a);
        int second = root(parents, b);
        parents[Math.max(first, second)] = Math.min(first, second);
    }

    private static int root(int[] parents, int of) {
        int at = of;
        while (parents[at] >= 0 && parents[at] != at) {
            at = parents[at];
        }
        return at;
    }

    /** Events that always stay. */
    BitSet fixed() {
        BitSet fixed = new BitSet();
        for (int i = 0; i < events; i++) {
            if (unit[i] == FIXED) {
                fixed.set(i);
            }
        }
        return fixed;
    }

    /** Events that may stay or go, in groups that stay or go together, by their first event. */
    List<BitSet> groups(boolean isCoarse) {
        TreeMap<Integer, BitSet> groups = new TreeMap<>();
        for (int i = 0; i < events; i++) {
            if (unit[i] >= 0) {
                int of = root(unit, i);
                int group = of < 0 ? of : isCoarse ? root(coarse, coarse[of]) : of;
                groups.computeIfAbsent(group, key -> new BitSet()).set(i);
            }
        }
        return new ArrayList<>(groups.values());
    }

    /** Whether commands were taken because of an event. */
    boolean isDoorbell(int event) {
        return doorbells.get(event);
    }

    /** Where the head of the command ring stood when an event came that has to do with it; -1 for any other event. */
    int head(int event) {
        return heads.getOrDefault(event, -1);
    }
}
