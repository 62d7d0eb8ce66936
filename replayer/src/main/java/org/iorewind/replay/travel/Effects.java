package org.iorewind.replay.travel;

import org.iorewind.model.iommu.GuestTable;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.OwnInterrupt;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;
import org.iorewind.trace.EventView;
import org.jspecify.annotations.Nullable;

/** What the model did because of the last event, counted. Not thread-safe; allocates nothing. */
public final class Effects implements ReplayListener {
    private static final int OPCODE_SHIFT = 60;
    private static final int COMMAND_BYTES = 16;
    private static final int DEVICE_ENTRY_BYTES = 32;

    private long commands;
    private long translations;
    private long refused;
    private long cacheHits;
    private long walkSteps;
    private long invalidations;
    private long pagesDropped;
    private long logEntries;
    private long logEntriesLost;
    private long completionStores;
    private long interrupts;
    private long guestCommands;
    private int lastOpcode;
    private @Nullable Machine machine;
    private int iommu;
    private long watchedAddress = -1;
    private boolean isWatchedRead;
    private TranslationDecision lastDecision = TranslationDecision.NOT_RECORDED;

    /** Nothing yet. */
    public Effects() {}

    @Override
    public void before(EventView event, Machine handling) {
        machine = handling;
        iommu = event.iommu();
        clear();
    }

    void clear() {
        commands = 0;
        translations = 0;
        refused = 0;
        cacheHits = 0;
        walkSteps = 0;
        invalidations = 0;
        pagesDropped = 0;
        logEntries = 0;
        logEntriesLost = 0;
        completionStores = 0;
        interrupts = 0;
        guestCommands = 0;
        lastOpcode = 0;
        lastDecision = TranslationDecision.NOT_RECORDED;
        isWatchedRead = false;
    }

    /**
     * Watches a quadword of memory from now on.
     *
     * @param address as the machine has it, a multiple of 8; -1 for none
     */
    public void watch(long address) {
        watchedAddress = address;
    }

    /** Whether an IOMMU read the watched quadword because of the event. */
    public boolean isWatchedRead() {
        return isWatchedRead;
    }

    /** An IOMMU may see a part of memory only, from 0 on. */
    private void read(long address, long bytes) {
        if (watchedAddress >= 0 && machine != null) {
            long first = machine.systemAddress(iommu, address) & -Long.BYTES;
            isWatchedRead |= watchedAddress >= first && watchedAddress < first + Math.max(bytes, Long.BYTES);
        }
    }

    /** Commands taken from the host's ring. */
    public long commands() {
        return commands;
    }

    /** Commands taken from guests' rings. */
    public long guestCommands() {
        return guestCommands;
    }

    /** Pages of requests that were decided. */
    public long translations() {
        return translations;
    }

    /** Those of them that were refused. */
    public long refused() {
        return refused;
    }

    /** Those of them that the IOTLB answered. */
    public long cacheHits() {
        return cacheHits;
    }

    /** Entries of page tables that were read. */
    public long walkSteps() {
        return walkSteps;
    }

    /** Invalidations of translations. */
    public long invalidations() {
        return invalidations;
    }

    /** Cached translations that these dropped. */
    public long pagesDropped() {
        return pagesDropped;
    }

    /** Entries written to the host's logs. */
    public long logEntries() {
        return logEntries;
    }

    /** Entries that could not be written. */
    public long logEntriesLost() {
        return logEntriesLost;
    }

    /** Stores of completion waits. */
    public long completionStores() {
        return completionStores;
    }

    /** Interrupts decided, and interrupts that the IOMMU raised itself. */
    public long interrupts() {
        return interrupts;
    }

    /** Code of the last command taken from the host's ring, 0 if there was none. */
    public int lastOpcode() {
        return lastOpcode;
    }

    /** What became of the last page of a request; NOT_RECORDED if there was none. */
    public TranslationDecision lastDecision() {
        return lastDecision;
    }

    @Override
    public void commandFetched(int ringHead, int ringTail, long ringBase, long qword0, long qword1) {
        commands++;
        read(ringBase + ringHead, COMMAND_BYTES);
        lastOpcode = (int) (qword0 >>> OPCODE_SHIFT);
    }

    @Override
    public void guestCommandFetched(int guest, int ringHead, int ringTail, long qword0, long qword1) {
        guestCommands++;
    }

    @Override
    public void completionStore(long address, long data) {
        completionStores++;
    }

    @Override
    public void translationsInvalidated(int domain, long address, long sizeBytes, int pages) {
        invalidations++;
        pagesDropped += pages;
    }

    @Override
    public void walkStep(int level, long entryAddress, long entry) {
        walkSteps++;
        read(entryAddress, Long.BYTES);
    }

    @Override
    public void guestWalkStep(GuestTable table, int level, long entryAddress, long entry) {
        walkSteps++;
        read(entryAddress, Long.BYTES);
    }

    @Override
    public void privateWalkStep(int guest, int level, long entryAddress, long entry) {
        read(entryAddress, Long.BYTES);
    }

    @Override
    public void deviceTableEntry(
            int requester, long entryAddress, long q0, long q1, long q2, long q3, boolean fromCache) {
        if (!fromCache) {
            read(entryAddress, DEVICE_ENTRY_BYTES);
        }
    }

    @Override
    public void requestDecided(
            int requester, long address, TranslationDecision decision, boolean isAnswered, boolean cacheHit) {
        translations++;
        cacheHits += cacheHit ? 1 : 0;
        refused += isRefusal(decision) && !isAnswered ? 1 : 0;
        lastDecision = decision;
    }

    private static boolean isRefusal(TranslationDecision decision) {
        return switch (decision) {
            case TRANSLATED, PASSED, NOT_RECORDED, NOT_MODELLED -> false;
            default -> true;
        };
    }

    @Override
    public void logEntry(LogKind log, int ringOffset, long qword0, long qword1, boolean written) {
        logEntries += written ? 1 : 0;
        logEntriesLost += written ? 0 : 1;
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
        interrupts++;
        if (irteBytes > 0) {
            read(irteAddress, irteBytes);
        }
    }

    @Override
    public void ownInterrupt(OwnInterrupt source, long address, int data) {
        interrupts++;
    }

    /** Name of what became of the last page of a request. */
    public String decision() {
        return translations == 0 ? "" : lastDecision.name();
    }
}
