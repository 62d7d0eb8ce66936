package org.iorewind.replay;

import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.ats.AtsAnswerDescriptor;
import org.iorewind.trace.PageRight;
import org.iorewind.trace.sbe.InterruptOutcome;
import org.iorewind.trace.sbe.TranslationOutcome;
import org.jspecify.annotations.Nullable;

/** Decisions of the model in the words of observations: what a recorder writes and what a replay compares. */
public final class Outcomes {
    private static final int DATA_RIGHTS = PageRight.READ | PageRight.WRITE;

    private Outcomes() {}

    /** Whether the model came to an end with a request for memory. */
    public static boolean isDecided(TranslationDecision decision) {
        return decision != TranslationDecision.NOT_RECORDED && decision != TranslationDecision.NOT_MODELLED;
    }

    /** Whether the model came to an end with a request for an interrupt. */
    public static boolean isDecided(InterruptDecision decision) {
        return decision != InterruptDecision.NOT_RECORDED && decision != InterruptDecision.NOT_MODELLED;
    }

    /**
     * What became of a request.
     *
     * @param answer how a translation request was completed; null for requests that move data
     * @param decision of a request that is decided
     * @param bits of the answer
     */
    public static TranslationOutcome of(@Nullable AtsStatus answer, TranslationDecision decision, int bits) {
        if (answer == AtsStatus.SUCCESS) {
            return AtsAnswerDescriptor.grants(bits) ? TranslationOutcome.TRANSLATED : TranslationOutcome.NO_RIGHTS;
        }
        return switch (decision) {
            case TRANSLATED -> TranslationOutcome.TRANSLATED;
            case PASSED -> TranslationOutcome.PASSED;
            default -> TranslationOutcome.FAULT;
        };
    }

    /** What became of an interrupt request that is decided. */
    public static InterruptOutcome of(InterruptDecision decision) {
        return switch (decision) {
            case REMAPPED -> InterruptOutcome.REMAPPED;
            case PASSED -> InterruptOutcome.PASSED;
            case POSTED -> InterruptOutcome.POSTED;
            default -> InterruptOutcome.DROPPED;
        };
    }

    /** {@link PageRight} bits of an answer; a request that moves data has only those to read and write. */
    public static int rights(@Nullable AtsStatus answer, int bits) {
        if (answer == null) {
            return bits & DATA_RIGHTS;
        }
        return bits & DATA_RIGHTS
                | bit(bits, AtsAnswerDescriptor.EXECUTE, PageRight.EXECUTE)
                | bit(bits, AtsAnswerDescriptor.PRIVILEGED, PageRight.PRIVILEGED)
                | bit(bits, AtsAnswerDescriptor.GLOBAL, PageRight.GLOBAL)
                | bit(bits, AtsAnswerDescriptor.UNTRANSLATED_ONLY, PageRight.UNTRANSLATED_ONLY)
                | bit(bits, AtsAnswerDescriptor.SNOOPED, PageRight.SNOOPED);
    }

    private static int bit(int bits, int inAnswer, int inTrace) {
        return (bits & inAnswer) != 0 ? inTrace : 0;
    }
}
