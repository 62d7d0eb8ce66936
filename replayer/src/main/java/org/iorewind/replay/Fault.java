package org.iorewind.replay;

import org.iorewind.model.iommu.TranslationDecision;

/**
 * A DMA or interrupt request that was refused.
 *
 * @param sequence of the request
 * @param timeNs of the request, ns since the session's start
 * @param requester DeviceID of the request
 * @param address as issued by the device
 * @param cause short sentence in the field's words
 * @param decision what the model decided; {@link TranslationDecision#NOT_RECORDED} when only the recorded system's
 *     answer is known
 * @param observed whether the recorded system also refused it; false for a refusal that only the model predicts
 */
public record Fault(
        long sequence,
        long timeNs,
        int requester,
        long address,
        String cause,
        TranslationDecision decision,
        boolean observed) {}
