package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.TranslationDecision;

/**
 * Fills the caches ahead of a device's requests. The hint is taken only where the options say so (MC-170). Tables that are
 * missing or forbid leave no event; those that cannot be read are reported, and a device table entry that is illegal too.
 * Allocates nothing.
 */
public final class Prefetch {
    private final Translator translator;
    private final EffectSink effects;
    private final boolean isTaken;

    /** Binds the translation procedure and the sink. */
    public Prefetch(Translator translator, IommuOptions options, EffectSink effects) {
        this.translator = translator;
        this.effects = effects;
        this.isTaken = options.isPrefetching();
    }

    /**
     * Translates one address, so that the caches know it, and tells the sink.
     *
     * @param requester DeviceID, 0 to 65535
     * @param pasid PASID or -1
     * @param address IOVA
     * @return whether it has a translation
     */
    public boolean fill(int requester, int pasid, long address) {
        TranslationDecision decision =
                translator.find(RequestKind.PREFETCH, requester, pasid, address, false, false, false);
        Answer answer = translator.answer();
        effects.prefetched(requester, pasid, address, decision, answer.domain(), answer.isHit());
        return decision == TranslationDecision.TRANSLATED;
    }

    /** Whether the hint is taken at all. */
    public boolean isTaken() {
        return isTaken;
    }
}
