package org.iorewind.record.qemulog;

import org.iorewind.trace.EventFlag;
import org.iorewind.trace.sbe.InterruptOutcome;
import org.iorewind.trace.sbe.MemoryRegion;
import org.jspecify.annotations.Nullable;

/** Joins the lines of one interrupt request, from {@code amdvi_ir_remap_msi_req} to the message that left. */
final class InterruptAssembler {
    private static final int SHORT_ENTRY_BYTES = 4;
    private static final int LONG_ENTRY_BYTES = 16;
    private static final long SHORT_ENTRY = 0xFFFF_FFFFL;

    private final ImportContext context;
    private final MemoryAssembler memory;
    private boolean open;
    /** Somebody reads table entries beside the lines: then each one used is written. */
    private boolean entriesAreRead;

    private Annotation.@Nullable Reading entryRead;
    private long address;
    private long data;
    private int requester;
    private int entryBytes;
    private long entryAddress;
    private long entryLow;
    private long entryHigh;

    InterruptAssembler(ImportContext context, MemoryAssembler memory) {
        this.context = context;
        this.memory = memory;
    }

    void line(LogLine line) {
        long[] v = line.values;
        switch (java.util.Objects.requireNonNull(line.event)) {
            case IR_REMAP_MSI_REQ -> {
                end();
                open = true;
                context.clock(line);
                memory.readings(line);
                entryRead = null;
                address = v[0];
                data = v[1];
                requester = (int) v[2] & 0xFFFF;
                // entries belong to their request: what an earlier line left must not be shown for this one
                entryBytes = 0;
                entryAddress = 0;
                entryLow = 0;
                entryHigh = 0;
                return;
            }
            case IR_IRTE -> {
                entryAddress = v[0] + v[1];
                Annotation annotation = Annotation.of(line);
                if (annotation != null && !annotation.readings().isEmpty()) {
                    entriesAreRead = true;
                    entryRead = annotation.readings().get(0);
                }
            }
            case IR_IRTE_VAL -> {
                entryBytes = SHORT_ENTRY_BYTES;
                entryLow = v[0];
                entryHigh = 0;
            }
            case IR_IRTE_GA_VAL -> {
                entryBytes = LONG_ENTRY_BYTES;
                entryHigh = v[0];
                entryLow = v[1];
            }
            case IR_REMAP_MSI -> {
                if (open) {
                    write(entryBytes > 0 ? InterruptOutcome.REMAPPED : InterruptOutcome.PASSED, v[3], v[2]);
                    return;
                }
            }
            default -> {}
        }
        context.fold(line);
    }

    /** A request without a message was dropped. */
    void end() {
        if (open) {
            write(InterruptOutcome.DROPPED, 0, 0);
        }
    }

    /** The entry as the line tells it is what was used; memory was read a moment later, and tells what stands around it. */
    private void entry() {
        if (!entriesAreRead || entryAddress == 0) {
            return;
        }
        long start = entryAddress & -LONG_ENTRY_BYTES;
        if (entryBytes == LONG_ENTRY_BYTES) {
            memory.read(new Annotation.Reading(MemoryRegion.INTERRUPT_TABLE, start, new long[] {entryLow, entryHigh}));
        } else if (entryRead != null && entryRead.address() == start) {
            long[] words = entryRead.words().clone();
            if (entryBytes == SHORT_ENTRY_BYTES) {
                int shift = (int) (entryAddress & SHORT_ENTRY_BYTES) * Byte.SIZE;
                int word = (int) (entryAddress - start) / Long.BYTES;
                words[word] = words[word] & ~(SHORT_ENTRY << shift) | (entryLow & SHORT_ENTRY) << shift;
            }
            memory.read(new Annotation.Reading(MemoryRegion.INTERRUPT_TABLE, start, words));
        }
    }

    private void write(InterruptOutcome outcome, long outData, long outAddress) {
        open = false;
        entry();
        // QEMU prints the requester through an 8-bit field: the bus number is lost
        context.writer.flags(EventFlag.REQUESTER_TRUNCATED);
        context.writer.interruptRequest(requester, address, (int) data);
        context.writer.interruptDelivered(
                outcome, entryBytes, (int) outData, outAddress, entryBytes > 0 ? entryAddress : 0, entryLow, entryHigh);
    }
}
