package org.iorewind.analyze.protocol;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongHashSet;
import org.iorewind.analyze.rule.Evidence;
import org.iorewind.analyze.rule.Findings;
import org.iorewind.analyze.rule.Findings.Words;
import org.iorewind.analyze.rule.Severity;
import org.iorewind.analyze.rule.Where;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.interrupt.InterruptEntryDescriptor;
import org.iorewind.model.memory.SparseMemory;
import org.iorewind.trace.EventView;
import org.iorewind.trace.sbe.InterruptDeliveredDecoder;
import org.iorewind.trace.sbe.InterruptOutcome;
import org.iorewind.trace.schema.EventTable;
import org.jspecify.annotations.Nullable;

/** Interrupt table entries of one IOMMU that changed untold, and interrupts that pass. Bounded. Not thread-safe. */
final class InterruptRules {
    private static final int MOST_ENTRIES = 1 << 16;
    private static final int MOST_DEVICES = 4096;
    private static final long WORD = 4;
    private static final int PAGE_SHIFT = 12;

    private record Known(int device, int bytes, long low, long high) {
        boolean is(int itsDevice, int itsBytes, long itsLow, long itsHigh) {
            return device == itsDevice && bytes == itsBytes && low == itsLow && high == itsHigh;
        }
    }

    private record Passed(long sequence, long timeNs, long address) {}

    private final int iommu;
    private final long base;
    private final SparseMemory memory;
    private final Moment now;
    private final Findings findings;
    private final InterruptDeliveredDecoder delivered = new InterruptDeliveredDecoder();
    private final Long2ObjectHashMap<Known> known = new Long2ObjectHashMap<>();
    /** Pages with entries that are or were known: most stores are to others. */
    private final LongHashSet knownPages = new LongHashSet();

    private final Map<Long, Long> pending = new LinkedHashMap<>();
    private final Map<Integer, Passed> passedLater = new LinkedHashMap<>();
    private long remapped;
    private long undecided;
    private boolean isObserved;
    private Passed firstPassed = new Passed(-1, 0, 0);
    private long lastWait = -1;

    InterruptRules(int iommu, long base, SparseMemory memory, Moment now, Findings findings) {
        this.iommu = iommu;
        this.base = base;
        this.memory = memory;
        this.now = now;
        this.findings = findings;
    }

    private boolean hasChanged(long at, Known entry) {
        long low = memory.peek(at);
        if (entry.bytes() == InterruptEntryDescriptor.SHORT_BYTES) {
            long word = low >>> (at & WORD) * 8 & 0xFFFF_FFFFL;
            return word != (entry.low() & 0xFFFF_FFFFL);
        }
        return low != entry.low() || memory.peek(at + Long.BYTES) != entry.high();
    }

    /** An interrupt request was decided. */
    void decided(
            int device,
            InterruptDecision decision,
            long address,
            int irteBytes,
            long irteAddress,
            long irteLow,
            long irteHigh) {
        if (decision == InterruptDecision.REMAPPED || decision == InterruptDecision.POSTED) {
            remapped++;
        } else if (decision == InterruptDecision.PASSED) {
            passed(device, address);
        } else if (decision == InterruptDecision.NOT_RECORDED) {
            undecided++;
        }
        if (irteBytes == 0) {
            return;
        }
        long at = base + irteAddress;
        @Nullable Known last = known.get(at);
        Known entry = last != null && last.is(device, irteBytes, irteLow, irteHigh)
                ? last
                : new Known(device, irteBytes, irteLow, irteHigh);
        boolean isGuests = irteBytes > WORD && (irteLow & InterruptEntryDescriptor.GUEST_MODE) != 0;
        if (!isGuests && memory.isRecorded(at) && hasChanged(at, entry)) {
            report(device, at, now.sequence(), now.timeNs(), "its old copy decided an interrupt", Severity.ERROR);
            pending.remove(at);
        } else if (!isGuests && !entry.equals(last) && known.size() < MOST_ENTRIES) {
            known.put(at, entry);
            knownPages.add(at >>> PAGE_SHIFT);
        }
    }

    /** What the recorded system did with an interrupt; it knows where tables were not recorded. */
    void observed(EventView event) {
        delivered.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        InterruptOutcome outcome = delivered.outcome();
        isObserved = true;
        if (outcome == InterruptOutcome.REMAPPED || outcome == InterruptOutcome.POSTED) {
            remapped++;
        } else if (outcome == InterruptOutcome.PASSED && firstPassed.sequence() < 0) {
            firstPassed = new Passed(now.sequence(), now.timeNs(), delivered.address());
        }
    }

    private void passed(int device, long address) {
        Passed here = new Passed(now.sequence(), now.timeNs(), address);
        if (firstPassed.sequence() < 0) {
            firstPassed = here;
        }
        if (remapped > 0 && passedLater.size() < MOST_DEVICES) {
            passedLater.putIfAbsent(device, here);
        }
    }

    /** Memory was stored to, by a processor. */
    void stored(long address, long length, boolean isCertain) {
        if (known.isEmpty()) {
            return;
        }
        for (long page = address >>> PAGE_SHIFT; page <= address + length - 1 >>> PAGE_SHIFT; page++) {
            if (knownPages.contains(page)) {
                long from = Math.max(address & -WORD, page << PAGE_SHIFT);
                storedTo(from, Math.min(address + length, page + 1 << PAGE_SHIFT), isCertain);
            }
        }
    }

    private void storedTo(long from, long end, boolean isCertain) {
        for (long at = from; at < end; at += WORD) {
            Known entry = known.get(at);
            if (entry == null) {
                continue;
            }
            if (!isCertain) {
                known.remove(at);
                pending.remove(at);
            } else if (hasChanged(at, entry)) {
                pending.putIfAbsent(at, now.sequence());
            }
        }
    }

    /** INVALIDATE_INTERRUPT_TABLE. */
    void invalidated(int device) {
        pending.keySet().removeIf(at -> isOf(device, known.get(at)));
        known.values().removeIf(entry -> isOf(device, entry));
    }

    private static boolean isOf(int device, @Nullable Known entry) {
        return entry != null && entry.device() == device;
    }

    void invalidatedAll() {
        known.clear();
        knownPages.clear();
        pending.clear();
    }

    void waited() {
        lastWait = now.sequence();
    }

    private void report(int device, long at, long sequence, long timeNs, String how, Severity severity) {
        findings.report(
                ProtocolRules.INTERRUPT_ENTRY_NOT_INVALIDATED,
                severity,
                Where.device(iommu, device),
                sequence,
                timeNs,
                () -> new Words(
                        "The interrupt table entry at " + Notation.hex(at) + " of " + EventTable.bdf(device)
                                + " changed after the IOMMU had read it, no INVALIDATE_INTERRUPT_TABLE followed, and "
                                + how + ".",
                        List.of(new Evidence(sequence, how))));
    }

    void end() {
        pending.forEach((at, sequence) -> {
            Known entry = known.get(at);
            if (entry != null && lastWait > sequence) {
                report(entry.device(), at, sequence, now.timeNs(), "later commands were waited for", Severity.WARNING);
            }
        });
        if (remapped > 0) {
            passedLater.forEach((device, passed) -> findings.report(
                    ProtocolRules.INTERRUPT_HOLE,
                    Where.device(iommu, device),
                    passed.sequence(),
                    passed.timeNs(),
                    () -> new Words(
                            "An interrupt of " + EventTable.bdf(device) + " (" + Notation.hex(passed.address())
                                    + ") passed as it was, while those of others are remapped.",
                            List.of(new Evidence(passed.sequence(), "interrupt forwarded")))));
        } else if ((isObserved || undecided == 0) && firstPassed.sequence() >= 0) {
            findings.report(
                    ProtocolRules.INTERRUPTS_OPEN,
                    Where.iommu(iommu),
                    firstPassed.sequence(),
                    firstPassed.timeNs(),
                    () -> new Words(
                            "Interrupts passed as they were, and none was remapped.",
                            List.of(new Evidence(firstPassed.sequence(), "the first of them"))));
        }
    }
}
