package org.iorewind.analyze.protocol;

import java.util.List;
import org.iorewind.analyze.rule.Evidence;
import org.iorewind.analyze.rule.Findings;
import org.iorewind.analyze.rule.Findings.Words;
import org.iorewind.analyze.rule.Severity;
import org.iorewind.analyze.rule.Where;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.replay.Machine;
import org.jspecify.annotations.Nullable;

/** Tables, rings and logs are out of the reach of devices. Those of a guest are its own affair. Not thread-safe. */
final class ReachRules implements ShadowListener {
    private static final int PAGE_SHIFT = 12;
    private static final int LARGEST_SEARCHED = 21;
    private static final int WRITE = 2;
    private static final int[] RINGS = {
        RegisterDescriptor.COMMAND_BASE, RegisterDescriptor.EVENT_BASE, RegisterDescriptor.PPR_BASE
    };

    private final int iommu;
    private final DeviceEntries entries;
    private final Shadow shadow;
    private final Machine machine;
    private final Moment now;
    private final Findings findings;

    ReachRules(int iommu, DeviceEntries entries, Shadow shadow, Machine machine, Moment now, Findings findings) {
        this.iommu = iommu;
        this.entries = entries;
        this.shadow = shadow;
        this.machine = machine;
        this.now = now;
        this.findings = findings;
    }

    @Override
    public void pageChanged(
            AddressSpace space, long address, int level, int shift, long before, long after, boolean isCertain) {
        if (space.iommu() != iommu || !Entries.isPresent(after) || !space.isLive()) {
            return;
        }
        int rights = Entries.rights(space, after);
        long target = space.system(Entries.target(space, after, level, address));
        if (rights == 0 || target < 0) {
            return;
        }
        // A larger page is most likely all of a guest's memory or of the host's: the request that reaches a table
        // tells.
        long bytes = shift > LARGEST_SEARCHED ? 1L << PAGE_SHIFT : 1L << shift;
        for (long page = target; page < target + bytes; page += 1L << PAGE_SHIFT) {
            @Nullable String what = whatIsAt(page, space.isGuests());
            if (what != null) {
                report(space.device(), space.domain(), page, what, rights, "mapped at " + Notation.hex(address));
                return;
            }
        }
    }

    /** A request reached a page. */
    void reached(int device, int domain, long page, int rights, boolean byGuestTables) {
        if ((rights & WRITE) != 0) {
            @Nullable String what = whatIsAt(entries.base() + page, byGuestTables);
            if (what != null) {
                report(device, domain, entries.base() + page, what, rights, "reached by a request");
            }
        }
    }

    private @Nullable String whatIsAt(long page, boolean byGuestTables) {
        TablePage table = shadow.page(page);
        if (table != null && table.isReachable()) {
            boolean isGuestTable = table.kind() != TablePage.Kind.HOST;
            int owner = isGuestTable && table.kind() == TablePage.Kind.GCR3 ? iommu : ownerOf(table);
            // Host tables may map a guest's memory with all the tables that the guest keeps there.
            if (owner == iommu && (!isGuestTable || byGuestTables)) {
                return isGuestTable ? "a guest page table" : "a page table";
            }
        }
        if (entries.deviceAt(page) >= 0) {
            return "the device table";
        }
        for (int base : RINGS) {
            long register = machine.iommu(iommu).register(base);
            long first = RegisterDescriptor.base(register);
            long bytes = (long) RegisterDescriptor.ringEntries(register) * RegisterDescriptor.RING_ENTRY_BYTES;
            if (first != 0 && Long.compareUnsigned(page - entries.base() - first, bytes) < 0) {
                return base == RegisterDescriptor.COMMAND_BASE ? "the command ring" : "a log";
            }
        }
        return null;
    }

    private static int ownerOf(TablePage table) {
        return table.kind() == TablePage.Kind.GCR3 ? -1 : table.space().iommu();
    }

    private void report(int device, int domain, long page, String what, int rights, String how) {
        boolean isWritable = (rights & WRITE) != 0;
        findings.report(
                ProtocolRules.TABLES_REACHABLE,
                isWritable ? Severity.ERROR : Severity.WARNING,
                new Where(iommu, device, domain),
                now.sequence(),
                now.timeNs(),
                () -> new Words(
                        "Page " + Notation.hex(page) + " holds " + what + " and is " + how
                                + (isWritable ? ", for writing too." : ", for reading."),
                        List.of(new Evidence(now.sequence(), how))));
    }
}
