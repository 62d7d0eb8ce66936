package org.iorewind.replay;

import org.iorewind.model.iommu.Profile;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.TranslationOutcome;

/**
 * Known deviations of a recorded device that show only in what it says of itself: the model behaves like the device, and
 * the device's log still reads otherwise. They are counted apart, under their ids.
 */
final class LogDeviations {
    /** An access that a cached entry forbids is logged like a hit: the memory behind the IOMMU refuses it. */
    static final String REFUSED_BEHIND_A_HIT = "Q-IOTLB-7";
    /** The same after a walk: the last entry's rights are checked behind the IOMMU. */
    static final String REFUSED_BEHIND_A_WALK = "Q-WALK-1";
    /** What passes by Mode 0 is cached and logged like a translation to the same address. */
    static final String PASSED_AS_TRANSLATED = "Q-IOTLB-6";

    private LogDeviations() {}

    /** Id of the deviation that explains a translation logged otherwise than predicted, or empty. */
    static String of(
            Profile profile, TranslationOutcome recorded, CacheAnswer cache, long recordedResult, Prediction p) {
        if (profile == Profile.SPEC || recorded != TranslationOutcome.TRANSLATED) {
            return "";
        }
        if (p.translation == TranslationDecision.PASSED && p.result == recordedResult) {
            return PASSED_AS_TRANSLATED;
        }
        if (p.translation == TranslationDecision.NO_PERMISSION) {
            return cache == CacheAnswer.HIT ? REFUSED_BEHIND_A_HIT : REFUSED_BEHIND_A_WALK;
        }
        return "";
    }
}
