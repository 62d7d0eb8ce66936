package org.iorewind.analyze;

import java.util.Arrays;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.GuestTable;
import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.ProbeStep;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.iommu.table.GuestEntryDescriptor;
import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.replay.Words;

/**
 * What an address of a device means at a moment: the tables that it is looked up in. The same number is another address in another
 * space, as caches have it too, which are tagged with the DomainID and the PASID (reference 2.2, 3.3).
 *
 * <pre>
 *   stage   what looks the address up                    told apart by
 *   HOST    host tables of the device table entry        DomainID, root; shadow
 *   GUEST   guest tables, through host tables or not     DomainID, GuestID, PASID, root that the GCR3 entry holds
 *   NONE    nothing: the entry forwards or refuses all   DomainID
 * </pre>
 *
 * @param stage what looks it up
 * @param domain DomainID, -1 if the source does not tell
 * @param guest GuestID whose tables they are, -1 for nobody's
 * @param pasid PASID or {@link EffectSink#NO_PASID}
 * @param root of the tables; 0 if not known, or if there are none
 * @param levels of host tables, else 0
 * @param isShadow whether a VMM fills the host's tables with what a guest's tables say
 */
record DeviceSpace(Stage stage, int domain, int guest, int pasid, long root, int levels, boolean isShadow) {
    private static final int NOBODY = -1;

    /** Which tables look an address up. */
    enum Stage {
        /** The source does not record tables. */
        UNKNOWN,
        /** None. */
        NONE,
        /** Those of the host alone. */
        HOST,
        /** Those of a guest or process. */
        GUEST
    }

    /** Of a source without tables. */
    static DeviceSpace unknown(int domain, int pasid) {
        return new DeviceSpace(Stage.UNKNOWN, domain, NOBODY, pasid, 0, 0, false);
    }

    /** By the tables in memory. */
    static DeviceSpace of(Probe probe, int pasid) {
        if (probe.deviceEntry().length != DeviceEntryDescriptor.QUADWORDS) {
            return probe.decision() == TranslationDecision.NOT_RECORDED
                    ? unknown(probe.domain(), pasid)
                    : new DeviceSpace(Stage.NONE, probe.domain(), NOBODY, pasid, 0, 0, false);
        }
        return of(entry(probe.deviceEntry()), probe.isGuest(), guestRoot(probe), pasid);
    }

    /** By a device table entry that the IOMMU used, whatever memory holds by now; roots of guest tables are not known then. */
    static DeviceSpace of(long[] deviceEntry, int pasid) {
        DeviceEntry entry = entry(deviceEntry);
        boolean namesGuest = pasid != EffectSink.NO_PASID || entry.isGuestIoValid();
        return of(entry, namesGuest && entry.isGuestValid(), 0, pasid);
    }

    /**
     * Where a request was looked up.
     *
     * @param probe what the tables say at that moment
     * @param usedEntry the device table entry that the IOMMU used, from memory or from its cache; empty if it used none
     */
    static DeviceSpace lookedUp(Probe probe, long[] usedEntry, int pasid) {
        return isStale(usedEntry, probe) ? of(usedEntry, pasid) : of(probe, pasid);
    }

    /** Whether an entry was used, from the cache, and memory held another one by then. */
    static boolean isStale(long[] usedEntry, Probe probe) {
        return usedEntry.length == probe.deviceEntry().length
                && usedEntry.length > 0
                && !Arrays.equals(usedEntry, probe.deviceEntry());
    }

    private static DeviceEntry entry(long[] quadwords) {
        DeviceEntry entry = new DeviceEntry();
        entry.set(0, quadwords[0], quadwords[1], quadwords[2], quadwords[3]);
        return entry;
    }

    private static DeviceSpace of(DeviceEntry entry, boolean isGuest, long guestRoot, int pasid) {
        int domain = entry.domain();
        if (!entry.isValid() || !entry.isTranslationValid()) {
            return new DeviceSpace(Stage.NONE, domain, NOBODY, pasid, 0, 0, false);
        }
        if (isGuest) {
            int guest = entry.isVirtual() ? entry.guest() : NOBODY;
            return new DeviceSpace(Stage.GUEST, domain, guest, pasid, guestRoot, 0, false);
        }
        return entry.mode() == 0
                ? new DeviceSpace(Stage.NONE, domain, NOBODY, pasid, 0, 0, false)
                : new DeviceSpace(Stage.HOST, domain, NOBODY, pasid, entry.root(), entry.mode(), false);
    }

    /** What the last GCR3 entry of a walk holds, 0 if it is not valid or was not reached. */
    private static long guestRoot(Probe probe) {
        for (ProbeStep step : probe.steps()) {
            boolean isLast = step.guestTable() == GuestTable.GCR3 && step.level() == 1;
            if (isLast && (step.entry() & GuestEntryDescriptor.PRESENT) != 0) {
                return step.entry() & GuestEntryDescriptor.ADDRESS_MASK;
            }
        }
        return 0;
    }

    /** The same whose host tables a VMM fills with what a guest's tables say. */
    DeviceSpace shadow() {
        return new DeviceSpace(stage, domain, guest, pasid, root, levels, true);
    }

    /** Whether two may be one as far as both are known, whoever fills the host's tables. */
    boolean matches(DeviceSpace other) {
        boolean isTag = pasid == other.pasid && (domain == other.domain || domain < 0 || other.domain < 0);
        boolean areTablesKnown = stage != Stage.UNKNOWN && other.stage != Stage.UNKNOWN;
        boolean areTables =
                stage == other.stage && guest == other.guest && (root == other.root || root == 0 || other.root == 0);
        return isTag && (areTables || !areTablesKnown);
    }

    /** Whether no tables stand behind a PASID, or behind the device's own requests: it was unbound, or never bound. */
    boolean hasNoGuestTables() {
        return stage == Stage.GUEST && root == 0;
    }

    /** Whether another may well be the same, of which more is known. */
    boolean isLessKnownThan(DeviceSpace other) {
        boolean isTagKnownLater = stage == Stage.UNKNOWN && (domain < 0 || domain == other.domain);
        return isTagKnownLater || hasNoGuestTables() && matches(other);
    }

    /**
     * Whether this is an older space whose host tables have got levels on top: the walk leads through its root, which now is a
     * table of the level that it was the top of.
     */
    boolean isGrownTo(DeviceSpace newer, Probe walk) {
        boolean mayBe = stage == Stage.HOST
                && newer.stage == Stage.HOST
                && domain == newer.domain
                && isShadow == newer.isShadow
                && levels < newer.levels;
        return mayBe
                && walk.steps().stream()
                        .anyMatch(step -> step.level() == levels
                                && (step.entryAddress() & PageEntryDescriptor.ADDRESS_MASK) == root);
    }

    /** In words, such as {@code domain 0x3, tables of guest 1 at 0x209000}. */
    String describe() {
        String words = domain < 0 ? "domain unknown" : "domain " + Words.hex(domain);
        String process = pasid == EffectSink.NO_PASID ? "" : ", PASID " + pasid;
        return switch (stage) {
            case UNKNOWN -> words + process;
            case NONE -> words + process + ", no tables";
            case HOST -> words + ", host tables at " + Words.hex(root) + (isShadow ? ", a copy of a guest's" : "");
            case GUEST ->
                words
                        + process
                        + (root == 0 ? ", no guest tables" : ", guest tables at " + Words.hex(root))
                        + (guest == NOBODY ? "" : " of guest " + guest);
        };
    }
}
