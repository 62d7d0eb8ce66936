package org.iorewind.model.iommu;

import org.iorewind.model.memory.MemoryStatus;

/**
 * All that the core tells the world while it handles one input, in the order it happens. Every method has an empty body:
 * implement what you listen to. Calls carry primitives only, so that telling costs nothing when nobody listens.
 *
 * <p>The core calls the sink synchronously, from inside the input's method; a sink must not call back into the core's
 * mutating methods.
 */
public interface EffectSink {
    /** Hears nothing. */
    EffectSink NONE = new EffectSink() {};

    /** Marks that an interrupt has no known message. */
    long NO_MESSAGE = 0;

    /** Marks that a request carries no PASID. */
    int NO_PASID = -1;

    /** A command was taken from the ring and decoded; {@code ringHead} is its byte offset in the ring. */
    default void commandFetched(int ringHead, int ringTail, long ringBase, long qword0, long qword1) {}

    /** A command was due at this place, but the recording does not hold its bytes; the head moves on. */
    default void commandNotRecorded(int ringHead, int ringTail, long ringBase) {}

    /** A COMPLETION_WAIT with s=1 stored its data. */
    default void completionStore(long address, long data) {}

    /**
     * Cached translations were dropped, as a command asked.
     *
     * @param domain DomainID, -1 when the command names none
     * @param address first address of the range
     * @param sizeBytes of the range, -1 for the whole address space
     * @param pages how many entries went
     */
    default void translationsInvalidated(int domain, long address, long sizeBytes, int pages) {}

    /** A device table entry was consulted; {@code fromCache} tells whether memory was read. */
    default void deviceTableEntry(
            int requester, long entryAddress, long q0, long q1, long q2, long q3, boolean fromCache) {}

    /** One step of a host table walk: the entry of a table of {@code level} (1 is the leaf level) read at this address. */
    default void walkStep(int level, long entryAddress, long entry) {}

    /**
     * One step of a guest walk: an entry of a GCR3 table (level 1 to 3) or a guest page table (1 to 5), 1 being the last.
     *
     * @param entryAddress system physical address that it was read from
     */
    default void guestWalkStep(GuestTable table, int level, long entryAddress, long entry) {}

    /**
     * A cache of walks spared part of a walk.
     *
     * @param level of the table that the walk goes on with, 1 to 5; 6 for the root that the GCR3 tables of a PASID gave; 0
     *     for {@link WalkCache#GUEST_PHYSICAL}, which spares a whole host walk
     * @param address that was looked up: IOVA, guest virtual or guest physical
     */
    default void walkCacheHit(WalkCache cache, int level, int domain, long address) {}

    /** A cache of walks had nothing for an address at any level; a cache of size 0 is not asked. */
    default void walkCacheMiss(WalkCache cache, int domain, long address) {}

    /** The IOMMU set accessed or dirty bits in an entry of a host or guest table, at a system physical address. */
    default void tableEntryMarked(long entryAddress, long oldEntry, long newEntry) {}

    /**
     * A DMA request was decided.
     *
     * @param requester DeviceID of the request
     * @param pasid PASID or {@link #NO_PASID}
     * @param address as issued by the device
     * @param decision what became of it
     * @param domain DomainID of the device table entry, -1 when none was consulted
     * @param result start of the translated page (system physical address); 0 unless translated or passed
     * @param pageShift log2 of the translation's page size in bytes; 0 unless translated
     * @param rights 1 read, 2 write, as granted by the tables
     * @param cacheHit whether the answer came from the IOTLB
     */
    default void translation(
            int requester,
            int pasid,
            long address,
            TranslationDecision decision,
            int domain,
            long result,
            int pageShift,
            int rights,
            boolean cacheHit) {
        requestDecided(requester, address, decision, false, cacheHit);
    }

    /**
     * A translation request was answered.
     *
     * @param requester DeviceID of the request
     * @param pasid PASID or {@link #NO_PASID}
     * @param address as the device asked
     * @param status how the request is completed
     * @param decision why
     * @param domain DomainID of the device table entry, -1 when none was consulted
     * @param result start of the page (system physical address); 0 unless rights are granted
     * @param pageShift log2 of the page size in bytes; 0 unless rights are granted
     * @param bits of {@link org.iorewind.model.iommu.ats.AtsAnswerDescriptor}: rights and attributes
     * @param cacheHit whether the answer came from the IOTLB
     */
    default void translationAnswer(
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
        requestDecided(requester, address, decision, status == AtsStatus.SUCCESS, cacheHit);
    }

    /**
     * What {@link #translation} and {@link #translationAnswer} have in common, for who does not tell them apart. Whoever implements one
     * of them does not hear this of it.
     *
     * @param requester DeviceID of the request
     * @param address as issued by the device
     * @param decision what became of the request
     * @param isAnswered whether a translation request was completed with success, whatever that grants; false for a request of
     *     memory
     * @param cacheHit whether the answer came from the IOTLB
     */
    default void requestDecided(
            int requester, long address, TranslationDecision decision, boolean isAnswered, boolean cacheHit) {}

    /**
     * PREFETCH_IOMMU_PAGES looked for a page, by caches and tables; no device gets an answer.
     *
     * @param requester DeviceID
     * @param pasid PASID or {@link #NO_PASID}
     * @param address looked for
     * @param decision what a request without data would have met
     * @param domain DomainID, -1 when no device table entry was consulted
     * @param cacheHit whether the cache of translations had it already
     */
    default void prefetched(
            int requester, int pasid, long address, TranslationDecision decision, int domain, boolean cacheHit) {}

    /**
     * An INVALIDATE_IOTLB_PAGES command sent an invalidation request to a device.
     *
     * @param requester DeviceID that it goes to
     * @param pasid PASID, or {@link #NO_PASID} with GN=0
     * @param address first address of the range
     * @param sizeBytes of the range, -1 for the whole address space
     * @param type field of the command, 0 to 3
     * @param queue QueueID
     * @param mostPending MaxPend
     * @param tag that the answer names, 0 to 31
     */
    default void deviceInvalidation(
            int requester, int pasid, long address, long sizeBytes, int type, int queue, int mostPending, int tag) {}

    /** A device answered an invalidation request, or its time is over. */
    default void deviceInvalidationEnded(int requester, int tag, boolean timedOut) {}

    /** An entry was written to a log, or discarded because the log is off, full or suppressed ({@code written} false). */
    default void logEntry(LogKind log, int ringOffset, long qword0, long qword1, boolean written) {}

    /**
     * A device's page requests were answered: by software with COMPLETE_PPR_REQUEST, or by the IOMMU itself.
     *
     * @param requester DeviceID that the answer goes to
     * @param pasid PASID or {@link #NO_PASID}
     * @param tagOrGroup page request group index, 9 bits
     * @param code 0 success, 1 invalid request, 15 failure
     */
    default void pageResponse(int requester, int pasid, int tagOrGroup, int code) {}

    /**
     * An interrupt request was decided. The entry fields are zero and {@code irteBytes} is 0 when no table entry was read.
     */
    default void interrupt(
            int requester,
            InterruptDecision decision,
            long requestAddress,
            int requestData,
            long deliveredAddress,
            int deliveredData,
            int irteBytes,
            long irteAddress,
            long irteLow,
            long irteHigh) {}

    /**
     * An interrupt was posted to a guest that runs; its processor is told.
     *
     * @param requester DeviceID of the interrupt's source
     * @param destination physical APIC, 32 bits
     * @param vector that was posted
     */
    default void guestDoorbell(int requester, int destination, int vector) {}

    /**
     * The IOMMU raised an interrupt of its own.
     *
     * @param source why
     * @param address of the message, {@link #NO_MESSAGE} while MSI is off in what is known of configuration space
     * @param data of the message, 0 when there is none
     */
    default void ownInterrupt(OwnInterrupt source, long address, int data) {}

    /** A memory access of the core failed; for {@link MemoryStatus#NOT_RECORDED} the procedure ends here, undecided. */
    default void memoryFailure(MemoryUse use, long address, MemoryStatus status) {}

    /** The input needs something this model does not have yet; {@code detail} is a value that helps to find it. */
    default void notModelled(Feature feature, long detail) {}

    /**
     * Something happened that only performance counters count, since no other effect tells of it.
     *
     * @param event what happened
     * @param requester DeviceID, -1 when there is none
     * @param domain DomainID, -1 when there is none
     * @param pasid PASID or {@link #NO_PASID}
     */
    default void performanceEvent(PerformanceEvent event, int requester, int domain, int pasid) {}

    /**
     * A command was taken from a guest's ring, as the guest wrote it, with guest IDs.
     *
     * @param guest GuestID
     * @param ringHead byte offset in the ring
     * @param ringTail byte offset in the ring
     */
    default void guestCommandFetched(int guest, int ringHead, int ringTail, long qword0, long qword1) {}

    /**
     * A COMPLETION_WAIT of a guest stored its data.
     *
     * @param guest GuestID
     * @param guestAddress guest physical, as the command has it
     * @param address system physical
     */
    default void guestCompletionStore(int guest, long guestAddress, long address, long data) {}

    /**
     * An entry was written to a guest's log, with guest IDs, or discarded.
     *
     * @param guest GuestID
     * @param ringOffset byte offset in the log
     */
    default void guestLogEntry(int guest, LogKind log, int ringOffset, long qword0, long qword1, boolean written) {}

    /** Hardware raised an interrupt for a guest. */
    default void guestInterrupt(int guest, GuestSignal signal) {}

    /**
     * A step of a walk that serves no device: through the private address space, or from a guest's buffer to memory.
     *
     * @param guest GuestID
     * @param level of the table, 1 being the last
     * @param entryAddress system physical
     */
    default void privateWalkStep(int guest, int level, long entryAddress, long entry) {}

    /** The ring of a guest stopped on an error (amd-viommu reference 5.3). */
    default void guestStopped(int guest) {}

    /** RESET_VMMIO took effect (amd-viommu reference 6.3). */
    default void guestReset(int guest, boolean isWhole) {}
}
