package org.iorewind.replay;

import org.iorewind.model.iommu.TranslationDecision;
import org.jspecify.annotations.Nullable;

/**
 * A DMA or interrupt request that was refused.
 *
 * @param sequence of the request
 * @param timeNs of the request, ns since the session's start
 * @param iommu number of the IOMMU that refused it
 * @param requester DeviceID of the request
 * @param address as issued by the device
 * @param cause short sentence in the field's words
 * @param decision what the model decided: TRANSLATED or PASSED when only the recorded system refused; NOT_RECORDED or
 *     NOT_MODELLED when the model could not decide
 * @param entry the event log entry that the model wrote for it, or null if it wrote none
 * @param observed whether the recorded system also refused it; false for a refusal that only the model predicts
 */
public record Fault(
        long sequence,
        long timeNs,
        int iommu,
        int requester,
        long address,
        String cause,
        TranslationDecision decision,
        @Nullable LoggedEntry entry,
        boolean observed) {
    /**
     * An event log entry.
     *
     * @param low first quadword
     * @param high second one
     */
    public record LoggedEntry(long low, long high) {}
}
