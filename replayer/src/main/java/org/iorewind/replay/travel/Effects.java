package org.iorewind.replay.travel;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.iorewind.model.iommu.Feature;
import org.iorewind.model.iommu.GuestTable;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.OwnInterrupt;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.WalkCache;
import org.iorewind.model.memory.MemoryStatus;
import org.iorewind.replay.Comparison;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;
import org.iorewind.trace.EventView;
import org.jspecify.annotations.Nullable;

/**
 * What the model did because of the last event, counted, and what became of it if it is an observation. Not thread-safe; allocates
 * nothing while it counts.
 */
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
    private final LookUps lookUps = new LookUps();
    private final Set<Feature> notModelled = EnumSet.noneOf(Feature.class);
    private final Set<MemoryUse> notRecorded = EnumSet.noneOf(MemoryUse.class);
    private long sequence = -1;
    private @Nullable Comparison comparison;
    private String deviation = "";

    /** Nothing yet. */
    public Effects() {}

    @Override
    public void before(EventView event, Machine handling) {
        machine = handling;
        iommu = event.iommu();
        clear();
        sequence = event.sequence();
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
        lookUps.clear();
        notModelled.clear();
        notRecorded.clear();
        sequence = -1;
        comparison = null;
        deviation = "";
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

    /** How caches and tables were used. */
    public LookUps lookUps() {
        return lookUps;
    }

    /** Names of features that the model lacks and that were needed. */
    public List<String> notModelled() {
        return names(notModelled);
    }

    /** For what memory was needed that the trace does not hold, by names. */
    public List<String> notRecorded() {
        return names(notRecorded);
    }

    private static List<String> names(Set<? extends Enum<?>> values) {
        List<String> names = new ArrayList<>();
        values.forEach(value -> names.add(value.name()));
        return names;
    }

    /** What the comparison of an observation came to, by name; empty for other events. */
    public String comparison() {
        return comparison == null ? "" : comparison.name();
    }

    /** Id of the known deviation that an observation is, or empty. */
    public String deviation() {
        return deviation;
    }

    /** What is missing is known when the event is past, and not told here. */
    @Override
    public void compared(long event, Comparison outcome, String id) {
        if (event == sequence && outcome != Comparison.MISSING) {
            comparison = outcome;
            deviation = id;
        }
    }

    @Override
    public void notModelled(Feature feature, long detail) {
        notModelled.add(feature);
    }

    @Override
    public void memoryFailure(MemoryUse use, long address, MemoryStatus status) {
        if (status == MemoryStatus.NOT_RECORDED) {
            notRecorded.add(use);
        }
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
        lookUps.walkStep(level, entryAddress, entry);
        read(entryAddress, Long.BYTES);
    }

    @Override
    public void walkCacheHit(WalkCache cache, int level, int domain, long address) {
        lookUps.walkCacheHit(cache, level, domain, address);
    }

    @Override
    public void walkCacheMiss(WalkCache cache, int domain, long address) {
        lookUps.walkCacheMiss(cache, domain, address);
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
        lookUps.translation(requester, pasid, address, decision, domain, result, pageShift, rights, cacheHit);
        requestDecided(requester, address, decision, false, cacheHit);
    }

    @Override
    public void guestWalkStep(GuestTable table, int level, long entryAddress, long entry) {
        walkSteps++;
        lookUps.guestWalkStep(table, level, entryAddress, entry);
        read(entryAddress, Long.BYTES);
    }

    @Override
    public void privateWalkStep(int guest, int level, long entryAddress, long entry) {
        read(entryAddress, Long.BYTES);
    }

    @Override
    public void deviceTableEntry(
            int requester, long entryAddress, long q0, long q1, long q2, long q3, boolean fromCache) {
        lookUps.deviceTableEntry(requester, entryAddress, q0, q1, q2, q3, fromCache);
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
