package org.iorewind.analyze.protocol;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.replay.Machine;

/**
 * Translations that the IOTLB answered from an entry older than a change of the tables. Whether the tables say otherwise by
 * now is asked when the event is over: a probe in the middle of a translation would look at half of one. Not thread-safe.
 */
final class StaleUses {
    private record Suspect(PendingChange change, int device, int pasid, long address, long result) {}

    private final Moment now;
    private final InvalidationRules invalidations;
    private final List<Suspect> suspects = new ArrayList<>();

    StaleUses(Moment now, InvalidationRules invalidations) {
        this.now = now;
        this.invalidations = invalidations;
    }

    /** A device used such an entry. */
    void suspect(PendingChange change, int device, int pasid, long address, long result) {
        suspects.add(new Suspect(change, device, pasid, address, result));
    }

    /**
     * Reports those for which the tables have another answer.
     *
     * @param access of the requests of this event
     */
    void check(Machine machine, AccessKind access) {
        if (suspects.isEmpty()) {
            return;
        }
        for (Suspect suspect : suspects) {
            Probe probe = machine.iommu(now.iommu())
                    .probe(suspect.device, suspect.pasid, suspect.address, AccessKind.UNKNOWN);
            boolean isTranslated = probe.decision() == TranslationDecision.TRANSLATED;
            boolean isGone = probe.decision().isAborted();
            boolean isElsewhere = isTranslated && probe.result() != suspect.result;
            boolean mayLess = isTranslated && access != AccessKind.UNKNOWN && !access.isAllowedBy(probe.rights());
            if (isGone || isElsewhere || mayLess) {
                invalidations.stale(suspect.change, suspect.device, suspect.address, suspect.result);
            }
        }
        suspects.clear();
    }
}
