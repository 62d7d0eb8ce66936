package org.iorewind.model.iommu.counter;

import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Feature;
import org.iorewind.model.iommu.GuestSignal;
import org.iorewind.model.iommu.GuestTable;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.OwnInterrupt;
import org.iorewind.model.iommu.PerformanceEvent;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.WalkCache;
import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.model.iommu.interrupt.InterruptEntryDescriptor;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.memory.MemoryStatus;

/**
 * Passes on everything that the core tells, and counts it (reference 1.12).
 *
 * <ul>
 *   <li>Reads of host tables count as nested reads, those of GCR3 tables and v2 tables as guest reads, both in the total
 *       (MC-95).
 *   <li>A request counts as a TLB miss when it was not answered from the TLB and an entry of a table was read (MC-96).
 *   <li>Each look-up among cached directories counts, those of the host stage of a nested walk too (MC-103).
 *   <li>A request that passes counts once: as excluded, as pre-translated, or else as untranslated (MC-97).
 *   <li>Translation requests count like requests that are translated; a completer abort is a target abort (MC-177).
 *   <li>A prefetch counts what it looks up and reads, but it is no request: nothing passes, is translated or aborted
 *       (MC-213).
 *   <li>Commands have no DeviceID, DomainID or PASID; every command that was fetched counts, legal or not (MC-101), those of
 *       guests' rings too. What is read to find a guest's buffers does not count.
 *   <li>An interrupt that a 128-bit entry with GuestMode=0 remaps counts as one of the virtual APIC's, not of a guest
 *       (MC-102).
 * </ul>
 *
 * <p>Between two inputs of the IOMMU it remembers nothing. Not thread-safe; allocates nothing.
 */
public final class CountingSink implements EffectSink {
    private static final int NO_ID = -1;
    private static final int MODE_SYSTEM_MANAGEMENT = 2;

    private final EffectSink listener;
    private final PerformanceCounters counters;
    private final EffectSink interruptLookups = new InterruptLookups();
    private int hostReads;
    private int guestReads;
    private int directoryHits;
    private int directoryMisses;
    private boolean isPassCounted;
    private int interruptDomain = NO_ID;

    /** Binds the listener and the counters. */
    public CountingSink(EffectSink listener, PerformanceCounters counters) {
        this.listener = listener;
        this.counters = counters;
    }

    /** What the device table tells when it is asked for an interrupt: its hits and misses are counted apart. */
    public EffectSink interruptLookups() {
        return interruptLookups;
    }

    private final class InterruptLookups implements EffectSink {
        @Override
        public void deviceTableEntry(
                int requester, long entryAddress, long q0, long q1, long q2, long q3, boolean fromCache) {
            interruptDomain = domainOf(q1);
            PerformanceEvent event = fromCache
                    ? PerformanceEvent.INTERRUPT_DEVICE_ENTRY_HIT
                    : PerformanceEvent.INTERRUPT_DEVICE_ENTRY_MISS;
            counters.count(event, 1, requester, interruptDomain, NO_ID);
            listener.deviceTableEntry(requester, entryAddress, q0, q1, q2, q3, fromCache);
        }

        @Override
        public void memoryFailure(MemoryUse use, long address, MemoryStatus status) {
            listener.memoryFailure(use, address, status);
        }
    }

    @Override
    public void performanceEvent(PerformanceEvent event, int requester, int domain, int pasid) {
        isPassCounted |= event == PerformanceEvent.PASSED_EXCLUDED || event == PerformanceEvent.PASSED_PRETRANSLATED;
        counters.count(event, 1, requester, domain, pasid);
        listener.performanceEvent(event, requester, domain, pasid);
    }

    @Override
    public void commandFetched(int ringHead, int ringTail, long ringBase, long qword0, long qword1) {
        counters.count(PerformanceEvent.COMMAND, 1, NO_ID, NO_ID, NO_ID);
        if (isInvalidation(CommandDescriptor.opcode(qword0))) {
            counters.count(PerformanceEvent.INVALIDATION, 1, NO_ID, NO_ID, NO_ID);
        }
        listener.commandFetched(ringHead, ringTail, ringBase, qword0, qword1);
    }

    private static boolean isInvalidation(int opcode) {
        return switch (opcode) {
            case CommandDescriptor.INVALIDATE_DEVTAB_ENTRY,
                    CommandDescriptor.INVALIDATE_IOMMU_PAGES,
                    CommandDescriptor.INVALIDATE_IOTLB_PAGES,
                    CommandDescriptor.INVALIDATE_INTERRUPT_TABLE,
                    CommandDescriptor.INVALIDATE_IOMMU_ALL -> true;
            default -> false;
        };
    }

    private static int domainOf(long entryQuadword1) {
        return (int) (entryQuadword1 & DeviceEntryDescriptor.DOMAIN_MASK);
    }

    @Override
    public void commandNotRecorded(int ringHead, int ringTail, long ringBase) {
        listener.commandNotRecorded(ringHead, ringTail, ringBase);
    }

    @Override
    public void completionStore(long address, long data) {
        listener.completionStore(address, data);
    }

    @Override
    public void translationsInvalidated(int domain, long address, long sizeBytes, int pages) {
        counters.count(PerformanceEvent.TLB_ENTRY_INVALIDATED, pages, NO_ID, domain, NO_ID);
        listener.translationsInvalidated(domain, address, sizeBytes, pages);
    }

    @Override
    public void deviceTableEntry(
            int requester, long entryAddress, long q0, long q1, long q2, long q3, boolean fromCache) {
        PerformanceEvent event = fromCache ? PerformanceEvent.DEVICE_ENTRY_HIT : PerformanceEvent.DEVICE_ENTRY_MISS;
        counters.count(event, 1, requester, domainOf(q1), NO_ID);
        listener.deviceTableEntry(requester, entryAddress, q0, q1, q2, q3, fromCache);
    }

    @Override
    public void walkStep(int level, long entryAddress, long entry) {
        hostReads++;
        listener.walkStep(level, entryAddress, entry);
    }

    @Override
    public void guestWalkStep(GuestTable table, int level, long entryAddress, long entry) {
        guestReads++;
        listener.guestWalkStep(table, level, entryAddress, entry);
    }

    @Override
    public void walkCacheHit(WalkCache cache, int level, int domain, long address) {
        directoryHits += isDirectory(cache) ? 1 : 0;
        listener.walkCacheHit(cache, level, domain, address);
    }

    @Override
    public void walkCacheMiss(WalkCache cache, int domain, long address) {
        directoryMisses += isDirectory(cache) ? 1 : 0;
        listener.walkCacheMiss(cache, domain, address);
    }

    private static boolean isDirectory(WalkCache cache) {
        return cache != WalkCache.GUEST_PHYSICAL;
    }

    @Override
    public void tableEntryMarked(long entryAddress, long oldEntry, long newEntry) {
        listener.tableEntryMarked(entryAddress, oldEntry, newEntry);
    }

    @Override
    public void translation(
            int requester,
            int pasid,
            long address,
            TranslationDecision decision,
            int domain,
            long result,
            int pageShift,
            int rights,
            boolean cacheHit) {
        countTables(requester, domain, pasid, cacheHit);
        if (decision == TranslationDecision.TRANSLATED) {
            counters.count(PerformanceEvent.TRANSLATED, 1, requester, domain, pasid);
        } else if (decision == TranslationDecision.PASSED && !isPassCounted) {
            counters.count(PerformanceEvent.PASSED_UNTRANSLATED, 1, requester, domain, pasid);
        } else if (decision.isAborted()) {
            counters.count(PerformanceEvent.TARGET_ABORT, 1, requester, domain, pasid);
        }
        isPassCounted = false;
        listener.translation(requester, pasid, address, decision, domain, result, pageShift, rights, cacheHit);
    }

    private void countTables(int requester, int domain, int pasid, boolean cacheHit) {
        int reads = hostReads + guestReads;
        if (cacheHit) {
            counters.count(PerformanceEvent.TLB_HIT, 1, requester, domain, pasid);
        } else if (reads > 0) {
            counters.count(PerformanceEvent.TLB_MISS, 1, requester, domain, pasid);
        }
        counters.count(PerformanceEvent.TABLE_READ, reads, requester, domain, pasid);
        counters.count(PerformanceEvent.HOST_TABLE_READ, hostReads, requester, domain, pasid);
        counters.count(PerformanceEvent.GUEST_TABLE_READ, guestReads, requester, domain, pasid);
        counters.count(PerformanceEvent.DIRECTORY_HIT, directoryHits, requester, domain, pasid);
        counters.count(PerformanceEvent.DIRECTORY_MISS, directoryMisses, requester, domain, pasid);
        hostReads = 0;
        guestReads = 0;
        directoryHits = 0;
        directoryMisses = 0;
    }

    @Override
    public void requestDecided(
            int requester, long address, TranslationDecision decision, boolean isAnswered, boolean cacheHit) {
        listener.requestDecided(requester, address, decision, isAnswered, cacheHit);
    }

    @Override
    public void translationAnswer(
            int requester,
            int pasid,
            long address,
            AtsStatus status,
            TranslationDecision decision,
            int domain,
            long result,
            int pageShift,
            int bits,
            boolean cacheHit) {
        countTables(requester, domain, pasid, cacheHit);
        if (decision == TranslationDecision.TRANSLATED) {
            counters.count(PerformanceEvent.TRANSLATED, 1, requester, domain, pasid);
        } else if (status == AtsStatus.COMPLETER_ABORT) {
            counters.count(PerformanceEvent.TARGET_ABORT, 1, requester, domain, pasid);
        }
        isPassCounted = false;
        listener.translationAnswer(
                requester, pasid, address, status, decision, domain, result, pageShift, bits, cacheHit);
    }

    @Override
    public void prefetched(
            int requester, int pasid, long address, TranslationDecision decision, int domain, boolean cacheHit) {
        countTables(requester, domain, pasid, cacheHit);
        listener.prefetched(requester, pasid, address, decision, domain, cacheHit);
    }

    @Override
    public void deviceInvalidation(
            int requester, int pasid, long address, long sizeBytes, int type, int queue, int mostPending, int tag) {
        listener.deviceInvalidation(requester, pasid, address, sizeBytes, type, queue, mostPending, tag);
    }

    @Override
    public void deviceInvalidationEnded(int requester, int tag, boolean timedOut) {
        listener.deviceInvalidationEnded(requester, tag, timedOut);
    }

    @Override
    public void logEntry(LogKind log, int ringOffset, long qword0, long qword1, boolean written) {
        listener.logEntry(log, ringOffset, qword0, qword1, written);
    }

    @Override
    public void pageResponse(int requester, int pasid, int tagOrGroup, int code) {
        listener.pageResponse(requester, pasid, tagOrGroup, code);
    }

    @Override
    public void interrupt(
            int requester,
            InterruptDecision decision,
            long requestAddress,
            int requestData,
            long deliveredAddress,
            int deliveredData,
            int irteBytes,
            long irteAddress,
            long irteLow,
            long irteHigh) {
        if (decision == InterruptDecision.POSTED) {
            counters.count(PerformanceEvent.GUEST_INTERRUPT, 1, requester, interruptDomain, NO_ID);
        } else if (decision == InterruptDecision.REMAPPED && irteBytes == InterruptEntryDescriptor.LONG_BYTES) {
            counters.count(PerformanceEvent.HOST_INTERRUPT, 1, requester, interruptDomain, NO_ID);
        }
        boolean isSmi = InterruptEntryDescriptor.deliveryMode(requestData) == MODE_SYSTEM_MANAGEMENT
                && !InterruptEntryDescriptor.isLogical(requestAddress);
        if (isSmi) {
            counters.count(PerformanceEvent.SMI, 1, requester, interruptDomain, NO_ID);
        }
        if (isSmi && decision == InterruptDecision.ABORTED) {
            counters.count(PerformanceEvent.SMI_BLOCKED, 1, requester, interruptDomain, NO_ID);
        }
        interruptDomain = NO_ID;
        listener.interrupt(
                requester,
                decision,
                requestAddress,
                requestData,
                deliveredAddress,
                deliveredData,
                irteBytes,
                irteAddress,
                irteLow,
                irteHigh);
    }

    @Override
    public void guestDoorbell(int requester, int destination, int vector) {
        listener.guestDoorbell(requester, destination, vector);
    }

    @Override
    public void ownInterrupt(OwnInterrupt source, long address, int data) {
        listener.ownInterrupt(source, address, data);
    }

    @Override
    public void memoryFailure(MemoryUse use, long address, MemoryStatus status) {
        listener.memoryFailure(use, address, status);
    }

    @Override
    public void notModelled(Feature feature, long detail) {
        listener.notModelled(feature, detail);
    }

    @Override
    public void guestCommandFetched(int guest, int ringHead, int ringTail, long qword0, long qword1) {
        counters.count(PerformanceEvent.COMMAND, 1, NO_ID, NO_ID, NO_ID);
        if (isInvalidation(CommandDescriptor.opcode(qword0))) {
            counters.count(PerformanceEvent.INVALIDATION, 1, NO_ID, NO_ID, NO_ID);
        }
        listener.guestCommandFetched(guest, ringHead, ringTail, qword0, qword1);
    }

    @Override
    public void guestCompletionStore(int guest, long guestAddress, long address, long data) {
        listener.guestCompletionStore(guest, guestAddress, address, data);
    }

    @Override
    public void guestLogEntry(int guest, LogKind log, int ringOffset, long qword0, long qword1, boolean written) {
        listener.guestLogEntry(guest, log, ringOffset, qword0, qword1, written);
    }

    @Override
    public void guestInterrupt(int guest, GuestSignal signal) {
        listener.guestInterrupt(guest, signal);
    }

    @Override
    public void privateWalkStep(int guest, int level, long entryAddress, long entry) {
        listener.privateWalkStep(guest, level, entryAddress, entry);
    }

    @Override
    public void guestStopped(int guest) {
        listener.guestStopped(guest);
    }

    @Override
    public void guestReset(int guest, boolean isWhole) {
        listener.guestReset(guest, isWhole);
    }
}
