package org.iorewind.analyze.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.agrona.collections.IntHashSet;
import org.iorewind.analyze.protocol.DeviceEntries.Attachment;
import org.iorewind.analyze.rule.Evidence;
import org.iorewind.analyze.rule.Findings;
import org.iorewind.analyze.rule.Findings.Words;
import org.iorewind.analyze.rule.Severity;
import org.iorewind.analyze.rule.Where;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.replay.Machine;
import org.iorewind.trace.schema.EventTable;
import org.jspecify.annotations.Nullable;

/** Device table entries of one IOMMU: changed and told, one root for a DomainID, closed by default. Not thread-safe. */
final class DeviceEntryRules implements ShadowListener {
    private static final int SHOWN = 3;

    private static final class Changed {
        private final long sequence;
        private final long timeNs;
        private boolean isUsed;

        private Changed(long sequence, long timeNs) {
            this.sequence = sequence;
            this.timeNs = timeNs;
        }
    }

    private final int iommu;
    private final DeviceEntries entries;
    private final Moment now;
    private final Findings findings;
    private final Machine machine;
    private final Map<Integer, Changed> pending = new LinkedHashMap<>();
    private final IntHashSet consulted = new IntHashSet();
    private final Set<Integer> domainsToCheck = new LinkedHashSet<>();
    private long lastWait = -1;

    DeviceEntryRules(int iommu, DeviceEntries entries, Machine machine, Moment now, Findings findings) {
        this.iommu = iommu;
        this.entries = entries;
        this.machine = machine;
        this.now = now;
        this.findings = findings;
    }

    private boolean isOn() {
        return (machine.iommu(iommu).register(RegisterDescriptor.CONTROL) & ControlDescriptor.IOMMU_EN) != 0;
    }

    @Override
    public void deviceEntryChanged(int number, int device, long[] before, long[] after, boolean isCertain) {
        if (number != iommu) {
            return;
        }
        if (!isCertain) {
            pending.remove(device);
            consulted.remove(device);
        } else if (isOn() && consulted.contains(device)) {
            pending.computeIfAbsent(device, key -> new Changed(now.sequence(), now.timeNs()));
        }
    }

    @Override
    public void attachmentChanged(int number, int device) {
        Attachment attachment = number == iommu ? entries.attachment(device) : null;
        if (attachment != null) {
            domainsToCheck.add(attachment.domain());
        }
    }

    /** INVALIDATE_DEVTAB_ENTRY. */
    void invalidated(int device) {
        pending.remove(device);
        consulted.remove(device);
    }

    /** INVALIDATE_IOMMU_ALL, or a reset. */
    void invalidatedAll() {
        pending.clear();
        consulted.clear();
    }

    /** COMPLETION_WAIT: a good time to look whether what was set up makes sense together. */
    void waited() {
        lastWait = now.sequence();
        for (int domain : domainsToCheck) {
            checkRoots(domain);
        }
        domainsToCheck.clear();
    }

    private void checkRoots(int domain) {
        int first = -1;
        @Nullable Attachment attachment = null;
        int[] devices = entries.attachments().keySet().stream()
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
        for (int device : devices) {
            Attachment other = entries.attachment(device);
            if (other == null || other.domain() != domain) {
                continue;
            }
            if (attachment == null) {
                attachment = other;
                first = device;
            } else if (differ(attachment, other)) {
                sharedDomain(domain, first, device);
                return;
            }
        }
    }

    /** A tree that grew at its top leads to the old root: both give the same translations. */
    private boolean differ(Attachment one, Attachment other) {
        if (one.guest() != other.guest()) {
            return true;
        }
        AddressSpace a = one.host();
        AddressSpace b = other.host();
        return a != b && (a == null || b == null || !leadsTo(a, b) && !leadsTo(b, a));
    }

    private boolean leadsTo(AddressSpace upper, AddressSpace lower) {
        long first = machine.memory().peek(upper.system(upper.root()));
        return upper.levels() > lower.levels() && Entries.isPresent(first) && Entries.table(first) == lower.root();
    }

    private void sharedDomain(int domain, int one, int other) {
        findings.report(
                ProtocolRules.SHARED_DOMAIN_ID,
                Where.domain(iommu, domain),
                now.sequence(),
                now.timeNs(),
                () -> new Words(
                        "Devices " + EventTable.bdf(one) + " and " + EventTable.bdf(other) + " have domain "
                                + Notation.hex(domain) + " with different page tables.",
                        List.of(new Evidence(now.sequence(), "both entries are in force"))));
    }

    /** The IOMMU used an entry for a request. */
    void consulted(int device, long[] used, boolean fromCache) {
        if (!fromCache) {
            consulted.add(device);
            checkReserved(device, used);
        }
        Changed change = pending.isEmpty() ? null : pending.get(device);
        if (change != null && fromCache) {
            long at = entries.entryAddress(device);
            if (at >= 0 && !Arrays.equals(entries.read(at), used)) {
                change.isUsed = true;
                report(device, change, "its old copy decided a request", now.sequence(), now.timeNs());
            }
        }
    }

    private void report(int device, Changed change, String how, long sequence, long timeNs) {
        findings.report(
                ProtocolRules.DEVICE_ENTRY_NOT_INVALIDATED,
                Where.device(iommu, device),
                sequence,
                timeNs,
                () -> new Words(
                        "The entry of " + EventTable.bdf(device) + " changed after the IOMMU had read it, no"
                                + " INVALIDATE_DEVTAB_ENTRY followed, and " + how + ".",
                        List.of(new Evidence(change.sequence, "entry stored"), new Evidence(sequence, how))));
    }

    private void checkReserved(int device, long[] q) {
        boolean isLower = (q[0] & DeviceEntryDescriptor.V) != 0;
        boolean isUpper = (q[2] & DeviceEntryDescriptor.IV) != 0;
        long lower = isLower ? q[0] & DeviceEntryDescriptor.RESERVED_0 : 0;
        long upper = isUpper ? q[2] & DeviceEntryDescriptor.RESERVED_2 : 0;
        long top = isUpper ? q[3] & DeviceEntryDescriptor.RESERVED_3 & ~(1L << 53) : 0;
        if ((lower | upper | top) != 0) {
            findings.report(
                    ProtocolRules.RESERVED_BITS,
                    Where.device(iommu, device),
                    now.sequence(),
                    now.timeNs(),
                    () -> new Words(
                            "The device table entry of " + EventTable.bdf(device) + " has reserved bits "
                                    + Notation.hex(lower) + ", 0x0, " + Notation.hex(upper) + ", " + Notation.hex(top)
                                    + " in its quadwords.",
                            List.of(new Evidence(now.sequence(), "the IOMMU read the entry"))));
        }
    }

    /** A request passed without translation. */
    void passed(int device, long address, long q0) {
        if ((q0 & DeviceEntryDescriptor.V) == 0) {
            findings.report(
                    ProtocolRules.OPEN_ENTRY_USED,
                    Where.device(iommu, device),
                    now.sequence(),
                    now.timeNs(),
                    () -> new Words(
                            EventTable.bdf(device) + " reached " + Notation.hex(address)
                                    + " untranslated: its entry has V=0.",
                            List.of(new Evidence(now.sequence(), "request forwarded"))));
        }
    }

    void end() {
        pending.forEach((device, change) -> {
            if (!change.isUsed && lastWait > change.sequence) {
                report(device, change, "later commands were waited for", change.sequence, change.timeNs);
            }
        });
        if (isOn()) {
            checkOpen();
        }
    }

    /** Counts the entries up to the last closed one: firmware names devices up to some ID; software may leave the rest as it is. */
    private final class OpenEntries implements DeviceEntries.EntryAction {
        private final List<Integer> first = new ArrayList<>();
        private long recordedSoFar;
        private long openSoFar;
        private long recorded;
        private long open;

        @Override
        public void entry(int device, long at) {
            boolean isOpen = (machine.memory().peek(at) & DeviceEntryDescriptor.V) == 0;
            if (machine.memory().isRecorded(at)) {
                recordedSoFar++;
                if (isOpen && openSoFar++ < SHOWN) {
                    first.add(device);
                }
            }
            if (!isOpen) {
                recorded = recordedSoFar;
                open = openSoFar;
            }
        }

        private String examples() {
            List<Integer> shown = first.subList(0, (int) Math.min(open, first.size()));
            return shown.stream().map(EventTable::bdf).collect(Collectors.joining(", ")) + (open > SHOWN ? " …" : "");
        }
    }

    private void checkOpen() {
        OpenEntries all = new OpenEntries();
        entries.forRecorded(all);
        if (all.open == 0) {
            return;
        }
        String summary = Notation.count(all.open) + " of "
                + Notation.count(all.recorded, "recorded entry").replace("entrys", "entries")
                + " have V=0 while the IOMMU is on: " + all.examples() + ".";
        findings.report(
                ProtocolRules.OPEN_BY_DEFAULT,
                Severity.WARNING,
                Where.iommu(iommu),
                now.sequence(),
                now.timeNs(),
                () -> new Words(summary, List.of(new Evidence(now.sequence(), "state of the table at the end"))));
    }
}
