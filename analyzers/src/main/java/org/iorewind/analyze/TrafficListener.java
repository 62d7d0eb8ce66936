package org.iorewind.analyze;

import org.iorewind.analyze.cost.CostWatcher;
import org.iorewind.analyze.performance.PerformanceWatcher;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.GuestSignal;
import org.iorewind.model.iommu.GuestTable;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.OwnInterrupt;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.WalkCache;
import org.iorewind.replay.Fault;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.jspecify.annotations.Nullable;

/**
 * All of an analysis but its rules, as one listener that tells each part what it does something about. It knows their classes: a
 * call of one of many classes behind an interface takes as long as most of them have to do. And it knows what becomes of
 * observations, a third of all events: what kind an event is a processor foresees badly, so that it is not asked by each part.
 * One replay, one thread.
 */
final class TrafficListener implements ReplayListener {
    private final FaultGroups groups;
    private final EventMixer mixer;
    private final GapWatcher gaps;
    private final PerformanceWatcher performance;
    private final CostWatcher costs;

    TrafficListener(
            FaultGroups groups, EventMixer mixer, GapWatcher gaps, PerformanceWatcher performance, CostWatcher costs) {
        this.groups = groups;
        this.mixer = mixer;
        this.gaps = gaps;
        this.performance = performance;
        this.costs = costs;
    }

    @Override
    public void start(Machine machine) {
        performance.start(machine);
    }

    /** Whether an event tells what was observed of an input, and costs nothing by itself, as an exit of a guest does. */
    private static boolean isAnswer(@Nullable EventKind kind) {
        return kind != null && kind.eventClass() == EventClass.OBSERVATION && kind != EventKind.VM_EXIT;
    }

    @Override
    public void before(EventView event, Machine machine) {
        if (isAnswer(event.kind())) {
            performance.at(event);
            return;
        }
        groups.before(event, machine);
        performance.before(event, machine);
        costs.before(event, machine);
    }

    @Override
    public void after(EventView event, Machine machine) {
        mixer.after(event, machine);
        @Nullable EventKind kind = event.kind();
        if (kind != null && isAnswer(kind)) {
            groups.observed(event, kind);
            performance.observed(event, kind);
            return;
        }
        gaps.after(event, machine);
        performance.after(event, machine);
        costs.after(event, machine);
    }

    @Override
    public void fault(Fault fault, Machine machine) {
        groups.fault(fault, machine);
    }

    @Override
    public void commandFetched(int ringHead, int ringTail, long ringBase, long qword0, long qword1) {
        performance.commandFetched(ringHead, ringTail, ringBase, qword0, qword1);
        costs.commandFetched(ringHead, ringTail, ringBase, qword0, qword1);
    }

    @Override
    public void guestCommandFetched(int guest, int ringHead, int ringTail, long qword0, long qword1) {
        performance.guestCommandFetched(guest, ringHead, ringTail, qword0, qword1);
        costs.guestCommandFetched(guest, ringHead, ringTail, qword0, qword1);
    }

    @Override
    public void translationsInvalidated(int domain, long address, long sizeBytes, int pages) {
        performance.translationsInvalidated(domain, address, sizeBytes, pages);
    }

    @Override
    public void completionStore(long address, long data) {
        costs.completionStore(address, data);
    }

    @Override
    public void guestCompletionStore(int guest, long guestAddress, long address, long data) {
        costs.guestCompletionStore(guest, guestAddress, address, data);
    }

    @Override
    public void deviceTableEntry(
            int requester, long entryAddress, long q0, long q1, long q2, long q3, boolean fromCache) {
        groups.deviceTableEntry(requester, entryAddress, q0, q1, q2, q3, fromCache);
        performance.deviceTableEntry(requester, entryAddress, q0, q1, q2, q3, fromCache);
        costs.deviceTableEntry(requester, entryAddress, q0, q1, q2, q3, fromCache);
    }

    @Override
    public void walkStep(int level, long entryAddress, long entry) {
        performance.walkStep(level, entryAddress, entry);
        costs.walkStep(level, entryAddress, entry);
    }

    @Override
    public void guestWalkStep(GuestTable table, int level, long entryAddress, long entry) {
        performance.guestWalkStep(table, level, entryAddress, entry);
        costs.guestWalkStep(table, level, entryAddress, entry);
    }

    @Override
    public void privateWalkStep(int guest, int level, long entryAddress, long entry) {
        costs.privateWalkStep(guest, level, entryAddress, entry);
    }

    @Override
    public void walkCacheHit(WalkCache cache, int level, int domain, long address) {
        performance.walkCacheHit(cache, level, domain, address);
    }

    @Override
    public void walkCacheMiss(WalkCache cache, int domain, long address) {
        performance.walkCacheMiss(cache, domain, address);
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
        groups.translation(requester, pasid, address, decision, domain, result, pageShift, rights, cacheHit);
        performance.translation(requester, pasid, address, decision, domain, result, pageShift, rights, cacheHit);
        costs.translation(requester, pasid, address, decision, domain, result, pageShift, rights, cacheHit);
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
        costs.translationAnswer(requester, pasid, address, status, decision, domain, result, pageShift, bits, cacheHit);
    }

    @Override
    public void requestDecided(
            int requester, long address, TranslationDecision decision, boolean isAnswered, boolean cacheHit) {
        costs.requestDecided(requester, address, decision, isAnswered, cacheHit);
    }

    @Override
    public void logEntry(LogKind log, int ringOffset, long qword0, long qword1, boolean written) {
        costs.logEntry(log, ringOffset, qword0, qword1, written);
    }

    @Override
    public void guestLogEntry(int guest, LogKind log, int ringOffset, long qword0, long qword1, boolean written) {
        costs.guestLogEntry(guest, log, ringOffset, qword0, qword1, written);
    }

    @Override
    public void ownInterrupt(OwnInterrupt source, long address, int data) {
        costs.ownInterrupt(source, address, data);
    }

    @Override
    public void guestInterrupt(int guest, GuestSignal signal) {
        costs.guestInterrupt(guest, signal);
    }
}
