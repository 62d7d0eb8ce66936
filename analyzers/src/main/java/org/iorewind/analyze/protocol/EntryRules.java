package org.iorewind.analyze.protocol;

import java.util.List;
import org.iorewind.analyze.rule.Evidence;
import org.iorewind.analyze.rule.Findings;
import org.iorewind.analyze.rule.Findings.Words;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.iommu.table.GuestEntryDescriptor;
import org.iorewind.model.iommu.table.PageEntryDescriptor;

/** Reserved bits of page table entries. Not thread-safe. */
final class EntryRules implements ShadowListener {
    /** Reserved, or the migration state of tiered memory (reference 6.1). */
    private static final long MIGRATION_STATE = 3L << 57;

    private final Moment now;
    private final Findings findings;

    EntryRules(Moment now, Findings findings) {
        this.now = now;
        this.findings = findings;
    }

    @Override
    public void entryStored(TablePage table, long entryAddress, long entry) {
        if (!Entries.isPresent(entry)) {
            return;
        }
        long reserved = reserved(table, entry);
        if (reserved != 0) {
            findings.report(
                    ProtocolRules.RESERVED_BITS,
                    InvalidationRules.where(table.space()),
                    now.sequence(),
                    now.timeNs(),
                    () -> new Words(
                            "The level " + table.level() + " entry at " + Notation.hex(entryAddress) + " was stored as "
                                    + Notation.hex(entry) + ", with reserved bits " + Notation.hex(reserved) + ".",
                            List.of(new Evidence(now.sequence(), "entry stored"))));
        }
    }

    private static long reserved(TablePage table, long entry) {
        return switch (table.kind()) {
            case GCR3 -> 0;
            case GUEST -> entry & GuestEntryDescriptor.reserved(entry, table.level(), true);
            case HOST ->
                PageEntryDescriptor.isPage(entry)
                        ? entry & PageEntryDescriptor.RESERVED_IN_PAGE & ~MIGRATION_STATE
                        : entry & PageEntryDescriptor.RESERVED_IN_DIRECTORY;
        };
    }
}
