package org.iorewind.model.qemu;

import org.iorewind.model.iommu.quirk.KnownDeviations;

/** Differences that are no finding: each belongs to a row of the deviation table and is as narrow as can be said. */
final class DifferenceRules {
    private final KnownDeviations deviations = KnownDeviations.load();
    private final Coverage coverage;

    DifferenceRules(Coverage coverage) {
        this.coverage = coverage;
    }
    /** Whether a row of the table explains the difference. */
    boolean isKnown(Witness predicted, Witness found, ModelMachine model) {
        boolean areReads = predicted.kind() == Witness.Kind.REGISTER
                && found.kind() == Witness.Kind.REGISTER
                && predicted.a() == found.a()
                && predicted.b() == found.b();
        if (!areReads) {
            return false;
        }
        int offset = (int) found.a();
        boolean isShownPointer = isPointer(offset) && found.c() == model.shownRegister(offset, (int) found.b());
        return isShownPointer && note(model.shownBecauseOf(offset));
    }

    /** Q-REG-6, Q-REG-12: a pointer register, or an access that reaches into one. */
    private static boolean isPointer(int offset) {
        return offset >= ShownPointers.FIRST && offset < ShownPointers.END;
    }

    private boolean note(String id) {
        coverage.count(deviations.withId(id).orElseThrow().id());
        return true;
    }
}
