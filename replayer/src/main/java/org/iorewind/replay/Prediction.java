package org.iorewind.replay;

import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.TranslationDecision;
import org.jspecify.annotations.Nullable;

/** One thing the model did that a source may have observed. Pooled: used again by {@link PredictionQueue}. */
final class Prediction {
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
}
