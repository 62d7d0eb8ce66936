package org.iorewind.replay;

import java.util.List;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Feature;
import org.iorewind.model.iommu.GuestSignal;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.OwnInterrupt;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.memory.MemoryStatus;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what the model did until the recording's observations have been compared with it, and lets count what it could not
 * do: whatever happens is told to each listener, so that a replay itself is one, not two.
 */
final class Predictions implements EffectSink, Stateful {
    private static final int HOST = -1;

    private final PredictionQueue.Waiting waiting = new PredictionQueue.Waiting();
    final PredictionQueue commands = new PredictionQueue(waiting);
    final PredictionQueue translations = new PredictionQueue(waiting);
    final PredictionQueue logEntries = new PredictionQueue(waiting);
    final PredictionQueue completionStores = new PredictionQueue(waiting);
    final PredictionQueue pageResponses = new PredictionQueue(waiting);
    final PredictionQueue interrupts = new PredictionQueue(waiting);
    final PredictionQueue ownInterrupts = new PredictionQueue(waiting);
    final PredictionQueue guestCommands = new PredictionQueue(waiting);
    final PredictionQueue guestLogEntries = new PredictionQueue(waiting);
    final PredictionQueue guestCompletionStores = new PredictionQueue(waiting);
    final PredictionQueue guestInterrupts = new PredictionQueue(waiting);
    private final List<PredictionQueue> all = List.of(
            commands,
            translations,
            logEntries,
            completionStores,
            pageResponses,
            interrupts,
            ownInterrupts,
            guestCommands,
            guestLogEntries,
            guestCompletionStores,
            guestInterrupts);
    private final Counters counters;
    private long input;
    private int iommu;
    private boolean undecided;
    private boolean entryWritten;
    private long entryLow;
    private long entryHigh;

    /** Has these count what the model cannot do. */
    Predictions(Counters counters) {
        this.counters = counters;
    }

    /** All that follows is caused by this input to this IOMMU. */
    void input(long sequence, int number) {
        input = sequence;
        iommu = number;
        undecided = false;
        entryWritten = false;
    }

    /** Whether anything that was predicted has not been taken yet. */
    boolean areWaiting() {
        return waiting.count != 0;
    }

    /** Whether the model could not decide something that the last input caused: what follows cannot be predicted. */
    boolean isUndecided() {
        return undecided;
    }

    /** From now on until the next input nothing can be predicted, and what was predicted is forgotten. */
    void undecided() {
        undecided = true;
        for (PredictionQueue queue : all) {
            queue.clear();
        }
    }

    long input() {
        return input;
    }

    /** Number of the IOMMU that the last input went to. */
    int iommu() {
        return iommu;
    }

    @Override
    public void commandFetched(int ringHead, int ringTail, long ringBase, long qword0, long qword1) {
        Prediction p = command(ringHead, ringTail, ringBase);
        p.recorded = true;
        p.qword0 = qword0;
        p.qword1 = qword1;
    }

    @Override
    public void commandNotRecorded(int ringHead, int ringTail, long ringBase) {
        command(ringHead, ringTail, ringBase).recorded = false;
        undecided = true;
    }

    private Prediction command(int ringHead, int ringTail, long ringBase) {
        Prediction p = commands.add(input, iommu, HOST);
        p.number = ringHead;
        p.number2 = ringTail;
        p.address = ringBase;
        return p;
    }

    @Override
    public void memoryFailure(MemoryUse use, long address, MemoryStatus status) {
        counters.memoryFailure(use, status);
    }

    @Override
    public void notModelled(Feature feature, long detail) {
        counters.notModelled(feature);
    }

    @Override
    public void completionStore(long address, long data) {
        Prediction p = completionStores.add(input, iommu, HOST);
        p.address = address;
        p.qword0 = data;
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
        addTranslation(null, requester, pasid, address, decision, domain, result, pageShift, rights, cacheHit);
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
        addTranslation(status, requester, pasid, address, decision, domain, result, pageShift, bits, cacheHit);
    }

    private void addTranslation(
            @Nullable AtsStatus answer,
            int requester,
            int pasid,
            long address,
            TranslationDecision decision,
            int domain,
            long result,
            int pageShift,
            int rights,
            boolean cacheHit) {
        Prediction p = translations.add(input, iommu, HOST);
        p.answer = answer;
        p.requester = requester;
        p.pasid = pasid;
        p.address = address;
        p.translation = decision;
        p.number = domain;
        p.result = result;
        p.pageShift = pageShift;
        p.cacheHit = cacheHit;
        p.rights = rights;
        p.entryWritten = entryWritten;
        p.qword0 = entryLow;
        p.qword1 = entryHigh;
        entryWritten = false;
        undecided |= decision == TranslationDecision.NOT_RECORDED || decision == TranslationDecision.NOT_MODELLED;
    }

    @Override
    public void pageResponse(int requester, int pasid, int tagOrGroup, int code) {
        Prediction p = pageResponses.add(input, iommu, HOST);
        p.requester = requester;
        p.pasid = pasid;
        p.number = tagOrGroup;
        p.number2 = code;
    }

    @Override
    public void logEntry(LogKind log, int ringOffset, long qword0, long qword1, boolean written) {
        if (written && log == LogKind.EVENT) {
            entryWritten = true;
            entryLow = qword0;
            entryHigh = qword1;
        }
        if (written) {
            Prediction p = logEntries.add(input, iommu, HOST);
            p.number = log.ordinal();
            p.number2 = ringOffset;
            p.qword0 = qword0;
            p.qword1 = qword1;
        }
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
        Prediction p = interrupts.add(input, iommu, HOST);
        p.requester = requester;
        p.interrupt = decision;
        p.address = requestAddress;
        p.number = requestData;
        p.result = deliveredAddress;
        p.number2 = deliveredData;
        p.bytes = irteBytes;
        p.irteAddress = irteAddress;
        p.qword0 = irteLow;
        p.qword1 = irteHigh;
    }

    @Override
    public void ownInterrupt(OwnInterrupt source, long address, int data) {
        ownInterrupts.add(input, iommu, HOST).number = source.ordinal();
    }

    @Override
    public void guestCommandFetched(int guest, int ringHead, int ringTail, long qword0, long qword1) {
        Prediction p = guestCommands.add(input, iommu, guest);
        p.number = ringHead;
        p.number2 = ringTail;
        p.address = 0;
        p.recorded = true;
        p.qword0 = qword0;
        p.qword1 = qword1;
    }

    @Override
    public void guestCompletionStore(int guest, long guestAddress, long address, long data) {
        Prediction p = guestCompletionStores.add(input, iommu, guest);
        p.address = guestAddress;
        p.qword0 = data;
    }

    @Override
    public void guestLogEntry(int guest, LogKind log, int ringOffset, long qword0, long qword1, boolean written) {
        if (written) {
            Prediction p = guestLogEntries.add(input, iommu, guest);
            p.number = log.ordinal();
            p.number2 = ringOffset;
            p.qword0 = qword0;
            p.qword1 = qword1;
        }
    }

    @Override
    public void guestInterrupt(int guest, GuestSignal signal) {
        guestInterrupts.add(input, iommu, guest).number = signal.ordinal();
    }

    @Override
    public void saveTo(StateSink sink) {
        sink.addLong(input);
        sink.addLong(iommu);
        sink.addLong((undecided ? 1 : 0) | (entryWritten ? 2 : 0));
        sink.addLong(entryLow);
        sink.addLong(entryHigh);
        for (PredictionQueue queue : all) {
            queue.saveTo(sink);
        }
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        input = source.next();
        iommu = source.nextBelow(Machine.MOST_IOMMUS);
        int flags = source.nextBelow(4);
        undecided = (flags & 1) != 0;
        entryWritten = (flags & 2) != 0;
        entryLow = source.next();
        entryHigh = source.next();
        for (PredictionQueue queue : all) {
            queue.restoreFrom(source);
        }
    }
}
