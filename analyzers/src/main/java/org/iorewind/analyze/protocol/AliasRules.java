package org.iorewind.analyze.protocol;

import java.util.List;
import org.agrona.collections.IntHashSet;
import org.iorewind.analyze.protocol.DeviceEntries.Attachment;
import org.iorewind.analyze.rule.Evidence;
import org.iorewind.analyze.rule.Findings;
import org.iorewind.analyze.rule.Findings.Words;
import org.iorewind.analyze.rule.Where;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.model.memory.SparseMemory;
import org.iorewind.trace.schema.EventTable;

/** Requests under an ID that nobody set up, for what another device of the bus has mapped. Not thread-safe. */
final class AliasRules {
    private static final int BUS_SHIFT = 8;

    private final int iommu;
    private final DeviceEntries entries;
    private final SparseMemory memory;
    private final Moment now;
    private final Findings findings;
    private final IntHashSet requesters = new IntHashSet();
    private int lastRequester = -1;

    AliasRules(int iommu, DeviceEntries entries, SparseMemory memory, Moment now, Findings findings) {
        this.iommu = iommu;
        this.entries = entries;
        this.memory = memory;
        this.now = now;
        this.findings = findings;
    }

    /** A device issued a request that its entry let through. */
    void worked(int device) {
        if (device != lastRequester) {
            requesters.add(device);
            lastRequester = device;
        }
    }

    /** A request was refused. */
    void refused(int device, long address) {
        if (entries.attachment(device) != null) {
            return;
        }
        int[] others = entries.attachments().keySet().stream()
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
        for (int other : others) {
            Attachment attachment = entries.attachment(other);
            if (attachment != null
                    && other >>> BUS_SHIFT == device >>> BUS_SHIFT
                    && !requesters.contains(other)
                    && attachment.host() != null
                    && maps(attachment.host(), address)) {
                findings.report(
                        ProtocolRules.ALIAS_FORGOTTEN,
                        Where.device(iommu, device),
                        now.sequence(),
                        now.timeNs(),
                        () -> new Words(
                                EventTable.bdf(device) + ", whose entry has no domain, asked for "
                                        + Notation.hex(address) + ", which domain " + Notation.hex(attachment.domain())
                                        + " of " + EventTable.bdf(other) + " maps; " + EventTable.bdf(other)
                                        + " itself never issued a request.",
                                List.of(new Evidence(now.sequence(), "request refused"))));
                return;
            }
        }
    }

    private boolean maps(AddressSpace space, long address) {
        long table = space.system(space.root());
        int level = space.levels();
        while (level > 0) {
            long entry = memory.peek(PageEntryDescriptor.entryAddress(table, level, address));
            if (!Entries.isPresent(entry)) {
                return false;
            }
            if (Entries.isPage(space, entry, level)) {
                return true;
            }
            int next = Entries.nextLevel(space, entry, level);
            if (next >= level) {
                return false;
            }
            table = space.system(Entries.table(entry));
            level = next;
        }
        return false;
    }
}
