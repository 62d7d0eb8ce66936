package org.iorewind.samples.session;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Feature;
import org.iorewind.model.iommu.GuestSignal;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.OwnInterrupt;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.memory.MemoryStatus;
import org.iorewind.replay.Outcomes;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.PageRight;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.InterruptOutcome;
import org.iorewind.trace.sbe.LogKind;
import org.jspecify.annotations.Nullable;

/** What the machine did since the last input, to be written as observations behind it. Not thread-safe. */
final class Heard implements EffectSink {
    private static final long ALL = -1;
    private static final long NONE_KNOWN = 0;
    private static final int SMALLEST_PAGE_SHIFT = 12;

    private final List<Consumer<EventWriter>> observations = new ArrayList<>();
    private int prefix = EventWriter.NO_PASID;
    private long target;
    private long notRecorded;
    private long firstNotRecorded;
    private long notModelled;

    /** The PASID prefix of the request that comes next, as its event has it. */
    void request(int pasidPrefix) {
        prefix = pasidPrefix;
    }

    /** Where the last request that moved data leads. */
    long target() {
        return target;
    }

    /** Times the machine needed memory that nobody had written. */
    long notRecorded() {
        return notRecorded;
    }

    /** Address of the first one. */
    long firstNotRecorded() {
        return firstNotRecorded;
    }

    /** Times the machine needed what the model lacks. */
    long notModelled() {
        return notModelled;
    }

    /** Writes all, in order, and forgets them. */
    void writeTo(EventWriter writer, Runnable beforeEach) {
        for (Consumer<EventWriter> observation : observations) {
            beforeEach.run();
            observation.accept(writer);
            writer.guest(EventWriter.NO_GUEST);
        }
        observations.clear();
    }

    @Override
    public void commandFetched(int ringHead, int ringTail, long ringBase, long qword0, long qword1) {
        observations.add(w -> w.commandConsumed(ringHead, ringTail, ringBase, qword0, ALL, qword1, ALL));
    }

    @Override
    public void commandNotRecorded(int ringHead, int ringTail, long ringBase) {
        observations.add(w -> w.commandConsumed(ringHead, ringTail, ringBase, 0, NONE_KNOWN, 0, NONE_KNOWN));
    }

    @Override
    public void guestCommandFetched(int guest, int ringHead, int ringTail, long qword0, long qword1) {
        observations.add(w -> w.guest(guest).commandConsumed(ringHead, ringTail, 0, qword0, ALL, qword1, ALL));
    }

    @Override
    public void completionStore(long address, long data) {
        observations.add(w -> w.completionStore(address, data));
    }

    @Override
    public void guestCompletionStore(int guest, long guestAddress, long address, long data) {
        observations.add(w -> w.guest(guest).completionStore(guestAddress, data));
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
        target = result | address & (1L << Math.max(pageShift, SMALLEST_PAGE_SHIFT)) - 1;
        decided(null, requester, address, decision, domain, result, pageShift, rights, cacheHit);
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
        decided(status, requester, address, decision, domain, result, pageShift, bits, cacheHit);
    }

    private void decided(
            @Nullable AtsStatus answer,
            int requester,
            long address,
            TranslationDecision decision,
            int domain,
            long result,
            int pageShift,
            int bits,
            boolean cacheHit) {
        if (!Outcomes.isDecided(decision)) {
            return;
        }
        int pasid = prefix;
        int rights = Outcomes.rights(answer, bits) | PageRight.KNOWN;
        observations.add(w -> w.translation(
                Outcomes.of(answer, decision, bits),
                cacheHit ? CacheAnswer.HIT : CacheAnswer.MISS,
                rights,
                requester,
                domain < 0 ? EventWriter.NO_DOMAIN : domain,
                pasid,
                address,
                result,
                pageShift));
    }

    @Override
    public void logEntry(
            org.iorewind.model.iommu.LogKind log, int ringOffset, long qword0, long qword1, boolean written) {
        if (written) {
            LogKind kind = kind(log);
            observations.add(w -> w.logEntry(kind, ringOffset, qword0, ALL, qword1, ALL));
        }
    }

    @Override
    public void guestLogEntry(
            int guest,
            org.iorewind.model.iommu.LogKind log,
            int ringOffset,
            long qword0,
            long qword1,
            boolean written) {
        if (written) {
            LogKind kind = kind(log);
            observations.add(w -> w.guest(guest).logEntry(kind, ringOffset, qword0, ALL, qword1, ALL));
        }
    }

    private static LogKind kind(org.iorewind.model.iommu.LogKind log) {
        return switch (log) {
            case EVENT -> LogKind.EVENT;
            case PPR -> LogKind.PPR;
            case GUEST_APIC -> LogKind.GUEST_APIC;
        };
    }

    @Override
    public void pageResponse(int requester, int pasid, int tagOrGroup, int code) {
        int recorded = pasid == NO_PASID ? EventWriter.NO_PASID : pasid;
        observations.add(w -> w.pageResponse(code, requester, tagOrGroup, recorded));
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
        if (Outcomes.isDecided(decision)) {
            InterruptOutcome outcome = Outcomes.of(decision);
            observations.add(w -> w.interruptDelivered(
                    outcome, irteBytes, deliveredData, deliveredAddress, irteAddress, irteLow, irteHigh));
        }
    }

    @Override
    public void ownInterrupt(OwnInterrupt source, long address, int data) {
        observations.add(w -> w.interruptDelivered(InterruptOutcome.IOMMU_OWN, 0, data, address, 0, 0, 0));
    }

    @Override
    public void guestInterrupt(int guest, GuestSignal signal) {
        observations.add(
                w -> w.guest(guest).interruptDelivered(InterruptOutcome.IOMMU_OWN, 0, signal.ordinal(), 0, 0, 0, 0));
    }

    @Override
    public void memoryFailure(MemoryUse use, long address, MemoryStatus status) {
        if (status == MemoryStatus.NOT_RECORDED) {
            firstNotRecorded = notRecorded == 0 ? address : firstNotRecorded;
            notRecorded++;
        }
    }

    @Override
    public void notModelled(Feature feature, long detail) {
        notModelled++;
    }
}
