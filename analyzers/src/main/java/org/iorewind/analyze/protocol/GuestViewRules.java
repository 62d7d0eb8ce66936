package org.iorewind.analyze.protocol;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.analyze.protocol.DeviceEntries.Attachment;
import org.iorewind.analyze.rule.Evidence;
import org.iorewind.analyze.rule.Findings;
import org.iorewind.analyze.rule.Findings.Words;
import org.iorewind.analyze.rule.Where;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.iommu.virtual.GuestControlDescriptor;
import org.iorewind.model.memory.SparseMemory;
import org.iorewind.trace.schema.EventTable;
import org.jspecify.annotations.Nullable;

/**
 * What the guest of a hardware vIOMMU wrote into its device table against what the host made of it, at the moment when the
 * guest invalidates the entry. The guest's device table is known by the calls of its VMM. Not thread-safe.
 */
final class GuestViewRules {
    private static final long SEVERAL = -1;

    private final int iommu;
    private final DeviceEntries devices;
    private final GuestRules maps;
    private final SparseMemory memory;
    private final Moment now;
    private final Findings findings;
    private final Map<Integer, Long> tables = new HashMap<>();
    private final Map<Integer, Integer> translators = new HashMap<>();

    GuestViewRules(
            int iommu, DeviceEntries devices, GuestRules maps, SparseMemory memory, Moment now, Findings findings) {
        this.iommu = iommu;
        this.devices = devices;
        this.maps = maps;
        this.memory = memory;
        this.now = now;
        this.findings = findings;
    }

    /** A VMM passes on that a guest has set its device table base. */
    void tableSet(int guest, long register) {
        @Nullable Long before = tables.put(guest, register);
        if (before != null && before != register) {
            // A guest with several IOMMUs has several tables, and the calls do not say whose this is.
            tables.put(guest, SEVERAL);
        }
    }

    /** A register of a guest's control slot is written. */
    void controlWritten(int offset, long value) {
        if ((offset & GuestControlDescriptor.BYTES - 1) == GuestControlDescriptor.MISCELLANEOUS) {
            translators.put(offset >>> GuestControlDescriptor.SHIFT, GuestControlDescriptor.translateDevice(value));
        }
    }

    /** A guest invalidates a device table entry of its own. */
    void invalidated(int guest, int guestDevice) {
        int device = maps.hostDevice(guest, guestDevice);
        @Nullable Long register = tables.get(guest);
        @Nullable Integer translator = translators.get(guest);
        Attachment memoryOfGuest = translator == null ? null : devices.attachment(translator);
        if (device < 0
                || register == null
                || register == SEVERAL
                || memoryOfGuest == null
                || memoryOfGuest.host() == null) {
            return;
        }
        long entry = RegisterDescriptor.base(register) + (long) guestDevice * DeviceEntryDescriptor.BYTES;
        long at = devices.walk(memoryOfGuest.host(), entry);
        long hosts = devices.entryAddress(device);
        if (at < 0 || hosts < 0 || !memory.isRecorded(at)) {
            return;
        }
        compare(guest, guestDevice, device, devices.read(at), devices.read(hosts));
    }

    private void compare(int guest, int guestDevice, int device, long[] wanted, long[] is) {
        long both = DeviceEntryDescriptor.V | DeviceEntryDescriptor.TV;
        boolean wantsTables = (wanted[0] & both) == both && (wanted[0] & DeviceEntryDescriptor.GV) != 0;
        boolean wantsHostTables =
                (wanted[0] >>> DeviceEntryDescriptor.MODE_SHIFT & DeviceEntryDescriptor.MODE_MASK) != 0;
        boolean hasTables = (is[0] & both) == both && (is[0] & DeviceEntryDescriptor.GV) != 0;
        long wantedRoot = DeviceEntryDescriptor.gcr3Root(wanted[0], wanted[1]);
        long root = DeviceEntryDescriptor.gcr3Root(is[0], is[1]);
        // Host tables of a guest are refused, not nested; whatever blocks the device then is right.
        boolean differs = wantsTables != hasTables || wantsTables && wantedRoot != root;
        if (wantsHostTables || !differs) {
            return;
        }
        String guestSees = wantsTables ? "guest tables by GCR3 root " + Notation.hex(wantedRoot) : "no guest tables";
        String hostHas = hasTables ? "GCR3 root " + Notation.hex(root) : "no guest tables";
        findings.report(
                ProtocolRules.VIEWS_DIFFER,
                Where.device(iommu, device),
                now.sequence(),
                now.timeNs(),
                () -> new Words(
                        "Guest " + guest + " gave its device " + EventTable.bdf(guestDevice) + " " + guestSees
                                + "; the host's entry of " + EventTable.bdf(device) + " has " + hostHas + ".",
                        List.of(new Evidence(now.sequence(), "the guest's INVALIDATE_DEVTAB_ENTRY"))));
    }
}
