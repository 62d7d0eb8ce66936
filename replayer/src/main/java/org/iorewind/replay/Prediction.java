package org.iorewind.replay;

import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.TranslationDecision;
import org.jspecify.annotations.Nullable;

/** One thing the model did that a source may have observed. Pooled: used again by {@link PredictionQueue}. */
final class Prediction implements Stateful {
    long inputSequence;
    int iommu;
    /** GuestID, or -1 for what the IOMMU did for the host. */
    int guest;

    boolean recorded;
    boolean cacheHit;
    boolean entryWritten;
    int requester;
    int pasid = EffectSink.NO_PASID;
    int number;
    int number2;
    int bytes;
    int rights;
    int pageShift;
    long address;
    long result;
    long irteAddress;
    long qword0;
    long qword1;
    /** How a translation request is completed; null for requests that move data. */
    @Nullable
    AtsStatus answer;

    TranslationDecision translation = TranslationDecision.NOT_RECORDED;
    InterruptDecision interrupt = InterruptDecision.NOT_RECORDED;

    @Override
    public void saveTo(StateSink sink) {
        sink.addLong(inputSequence);
        sink.addLong(iommu);
        sink.addLong(guest);
        sink.addLong((recorded ? 1 : 0) | (cacheHit ? 2 : 0) | (entryWritten ? 4 : 0));
        sink.addLong(requester);
        sink.addLong(pasid);
        sink.addLong(number);
        sink.addLong(number2);
        sink.addLong(bytes);
        sink.addLong(rights);
        sink.addLong(pageShift);
        sink.addLong(address);
        sink.addLong(result);
        sink.addLong(irteAddress);
        sink.addLong(qword0);
        sink.addLong(qword1);
        sink.addLong(answer == null ? 0 : answer.ordinal() + 1);
        sink.addLong(translation.ordinal());
        sink.addLong(interrupt.ordinal());
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        inputSequence = source.next();
        iommu = source.nextBelow(Machine.MOST_IOMMUS);
        guest = (int) source.next();
        int flags = source.nextBelow(8);
        recorded = (flags & 1) != 0;
        cacheHit = (flags & 2) != 0;
        entryWritten = (flags & 4) != 0;
        requester = (int) source.next();
        pasid = (int) source.next();
        number = (int) source.next();
        number2 = (int) source.next();
        bytes = (int) source.next();
        rights = (int) source.next();
        pageShift = (int) source.next();
        address = source.next();
        result = source.next();
        irteAddress = source.next();
        qword0 = source.next();
        qword1 = source.next();
        int status = source.nextBelow(AtsStatus.values().length + 1);
        answer = status == 0 ? null : AtsStatus.values()[status - 1];
        translation = TranslationDecision.values()[source.nextBelow(TranslationDecision.values().length)];
        interrupt = InterruptDecision.values()[source.nextBelow(InterruptDecision.values().length)];
    }
}
