package org.iorewind.model.iommu.log;

import static org.iorewind.model.iommu.register.RegisterDescriptor.STATUS;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;

/**
 * What all logs have in common (reference 4.5): a ring in memory that hardware fills. An entry whose store fails is lost,
 * and the tail stays. Every entry is told to the sink, with whether it was written. Not thread-safe; allocates nothing
 * after construction.
 */
final class LogRing {
    /** What became of an entry. */
    enum Outcome {
        /** It stands in the log. */
        WRITTEN,
        /** There was no place. */
        FULL,
        /** The log does not run, has overflowed, or could not be stored to. */
        DISCARDED
    }

    /**
     * Which log, and where its registers and status bits lie.
     *
     * @param kind which log
     * @param base register of base and length
     * @param head register of the head
     * @param tail register of the tail
     * @param entryBytes 8 or 16
     * @param run status bit that says that the log runs
     * @param overflow status bit that says that the log overflowed
     */
    record Layout(LogKind kind, int base, int head, int tail, int entryBytes, long run, long overflow) {}

    private final RegisterFile registers;
    private final MemoryPort memory;
    private final EffectSink effects;
    private final Layout layout;

    LogRing(RegisterFile registers, MemoryPort memory, EffectSink effects, Layout layout) {
        this.registers = registers;
        this.memory = memory;
        this.effects = effects;
        this.layout = layout;
    }

    /** Tells the sink of an entry that is not meant for the log. */
    void suppress(long q0, long q1) {
        effects.logEntry(layout.kind(), pointer(layout.tail()), q0, q1, false);
    }

    /** Writes an entry, if the log takes it; {@code q1} is not stored where entries have 8 bytes. */
    Outcome append(long q0, long q1) {
        return append(q0, q1, false);
    }

    /** The same, where an entry whose store fails may count as written. */
    Outcome append(long q0, long q1, boolean countsFailedStores) {
        int tail = pointer(layout.tail());
        // 1. Logging is active only while the log runs and has not overflowed.
        if (!isLogging()) {
            effects.logEntry(layout.kind(), tail, q0, q1, false);
            return Outcome.DISCARDED;
        }
        // 2. One place stays free, so that a full log differs from an empty one.
        int next = nextOf(tail);
        if (isFull()) {
            effects.logEntry(layout.kind(), tail, q0, q1, false);
            return Outcome.FULL;
        }
        // 3. The entry, then the tail.
        long at = RegisterDescriptor.base(registers.get(layout.base())) + tail;
        MemoryStatus status = memory.store(at, q0);
        if (status == MemoryStatus.OK && layout.entryBytes() > Long.BYTES) {
            status = memory.store(at + Long.BYTES, q1);
        }
        if (status != MemoryStatus.OK) {
            effects.memoryFailure(MemoryUse.LOG, at, status);
            if (!countsFailedStores) {
                effects.logEntry(layout.kind(), tail, q0, q1, false);
                return Outcome.DISCARDED;
            }
        }
        registers.set(layout.tail(), next);
        effects.logEntry(layout.kind(), tail, q0, q1, true);
        return Outcome.WRITTEN;
    }

    /** Whether the log runs and has not overflowed. */
    boolean isLogging() {
        return registers.isSet(STATUS, layout.run()) && !registers.isSet(STATUS, layout.overflow());
    }

    /** Whether no place is free. */
    boolean isFull() {
        return nextOf(pointer(layout.tail())) == pointer(layout.head());
    }

    private int nextOf(int tail) {
        return tail + layout.entryBytes() & sizeMask();
    }

    /** How many entries wait for software. */
    int waiting() {
        return (pointer(layout.tail()) - pointer(layout.head()) & sizeMask()) / layout.entryBytes();
    }

    private int sizeMask() {
        int units = RegisterDescriptor.ringEntries(registers.get(layout.base()));
        return units * RegisterDescriptor.RING_ENTRY_BYTES - 1;
    }

    private int pointer(int register) {
        return (int) registers.get(register) & sizeMask() & -layout.entryBytes();
    }
}
