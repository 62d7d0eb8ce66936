package org.iorewind.analyze.protocol;

import java.util.HashMap;
import java.util.Map;
import org.agrona.collections.Int2IntCounterMap;
import org.agrona.collections.Int2ObjectHashMap;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.replay.Machine;
import org.jspecify.annotations.Nullable;

/** The device table of one IOMMU, and the address spaces that its entries give to devices. Not thread-safe. */
final class DeviceEntries {
    /** What a device has by its entry. */
    record Attachment(
            int domain,
            @Nullable AddressSpace host,
            @Nullable Gcr3Tree guest,
            boolean isGuestByDefault) {
        /** The tables that a request of the device goes through first, or null if none does. */
        @Nullable
        AddressSpace space(int pasid) {
            if (guest == null || pasid == EffectSink.NO_PASID && !isGuestByDefault) {
                return host;
            }
            return guest.known(pasid == EffectSink.NO_PASID ? 0 : pasid);
        }
    }

    /** Looks at an entry. */
    @FunctionalInterface
    interface EntryAction {
        /**
         * An entry.
         *
         * @param device whose it is
         * @param at its system physical address
         */
        void entry(int device, long at);
    }

    private record TreeKey(long root, int levels, long hostRoot) {}

    private static final int ENTRIES_OF_PAGE = 4096 / DeviceEntryDescriptor.BYTES;
    private static final int SEGMENT_STRIDE = 8;
    private static final int MOST_SEGMENTS = 8;
    private static final int FOUR_LEVELS = 4;
    private static final int NO_TABLES = 7;

    private final int iommu;
    private final long base;
    private final Machine machine;
    private final Shadow shadow;
    private final Map<TreeKey, AddressSpace> hosts = new HashMap<>();
    private final Map<TreeKey, Gcr3Tree> guests = new HashMap<>();
    private final Int2ObjectHashMap<Attachment> attachments = new Int2ObjectHashMap<>();
    private final long[] firsts = new long[MOST_SEGMENTS];
    private final long[] sizes = new long[MOST_SEGMENTS];
    private int knownSegments;

    /**
     * A device table.
     *
     * @param base system physical address of what the IOMMU sees as address 0
     */
    DeviceEntries(int iommu, long base, Machine machine, Shadow shadow) {
        this.iommu = iommu;
        this.base = base;
        this.machine = machine;
        this.shadow = shadow;
    }

    /** System physical address of what the IOMMU sees as address 0. */
    long base() {
        return base;
    }

    @Nullable
    Attachment attachment(int device) {
        return attachments.get(device);
    }

    Int2ObjectHashMap<Attachment> attachments() {
        return attachments;
    }

    private long control() {
        return machine.iommu(iommu).register(RegisterDescriptor.CONTROL);
    }

    private int segments() {
        return 1 << Math.min(3, ControlDescriptor.segmentCode(control()));
    }

    private long register(int segment) {
        int offset = segment == 0
                ? RegisterDescriptor.DEVICE_TABLE_BASE
                : RegisterDescriptor.SEGMENT_BASE_FIRST + SEGMENT_STRIDE * (segment - 1);
        return machine.iommu(iommu).register(offset);
    }

    /** Looks again where the tables are: registers may have changed. */
    void refresh() {
        knownSegments = segments();
        for (int segment = 0; segment < knownSegments; segment++) {
            long register = register(segment);
            boolean isThere = RegisterDescriptor.base(register) != 0;
            firsts[segment] = base + RegisterDescriptor.base(register);
            sizes[segment] =
                    isThere ? (long) RegisterDescriptor.deviceEntries(register) * DeviceEntryDescriptor.BYTES : 0;
        }
    }

    /** First DeviceID whose entry this system physical address is part of, -1 if there is none. */
    int deviceAt(long address) {
        for (int segment = 0; segment < knownSegments; segment++) {
            long offset = address - firsts[segment];
            if (Long.compareUnsigned(offset, sizes[segment]) < 0) {
                return segment * (1 << 16) / knownSegments + (int) (offset / DeviceEntryDescriptor.BYTES);
            }
        }
        return -1;
    }

    /** System physical address of a device's entry, -1 if the table does not reach so far. */
    long entryAddress(int device) {
        int each = (1 << 16) / segments();
        long register = register(device / each);
        int index = device % each;
        return index < RegisterDescriptor.deviceEntries(register) && RegisterDescriptor.base(register) != 0
                ? base + RegisterDescriptor.base(register) + (long) index * DeviceEntryDescriptor.BYTES
                : -1;
    }

    /** Looks where the tables are, and shows all entries that are on a page of which something is recorded, in their order. */
    void forRecorded(EntryAction action) {
        refresh();
        int each = (1 << 16) / knownSegments;
        for (int segment = 0; segment < knownSegments; segment++) {
            int entries = (int) Math.min(each, sizes[segment] / DeviceEntryDescriptor.BYTES);
            for (int page = 0; page < entries; page += ENTRIES_OF_PAGE) {
                long at = firsts[segment] + (long) page * DeviceEntryDescriptor.BYTES;
                if (!shadow.memory().isPageBlank(at)) {
                    for (int i = 0; i < Math.min(entries - page, ENTRIES_OF_PAGE); i++) {
                        action.entry(segment * each + page + i, at + (long) i * DeviceEntryDescriptor.BYTES);
                    }
                }
            }
        }
    }

    /** Reads all entries: the table is another one. */
    void scan() {
        forRecorded((device, at) -> {
            if ((shadow.memory().peek(at) & DeviceEntryDescriptor.V) != 0) {
                attach(device, read(at));
            } else {
                detach(device);
            }
        });
        int each = (1 << 16) / knownSegments;
        for (int segment = 0; segment < knownSegments; segment++) {
            int entries = (int) Math.min(each, sizes[segment] / DeviceEntryDescriptor.BYTES);
            for (int index = entries; index < each && !attachments.isEmpty(); index++) {
                detach(segment * each + index);
            }
        }
    }

    private void detach(int device) {
        if (attachments.containsKey(device)) {
            attach(device, new long[DeviceEntryDescriptor.QUADWORDS]);
        }
    }

    long[] read(long at) {
        long[] entry = new long[DeviceEntryDescriptor.QUADWORDS];
        for (int i = 0; i < entry.length; i++) {
            entry[i] = shadow.memory().peek(at + (long) i * Long.BYTES);
        }
        return entry;
    }

    /** A device's entry is this now. */
    void attach(int device, long[] entry) {
        Attachment before = attachments.get(device);
        Attachment after = attachmentOf(entry);
        if (before != null && before.equals(after) || before == null && after == null) {
            return;
        }
        if (after == null) {
            attachments.remove(device);
        } else {
            attachments.put(device, after);
            boolean wasHostLive = after.host() == null || after.host().isLive();
            boolean wasGuestLive = after.guest() == null || after.guest().isLive();
            if (after.host() != null) {
                after.host().attached(after.domain(), device);
            }
            if (after.guest() != null) {
                after.guest().attached(after.domain(), device);
            }
            if (!wasHostLive && after.host() != null) {
                shadow.link(after.host());
            }
            if (!wasGuestLive && after.guest() != null) {
                shadow.link(
                        after.guest(),
                        DeviceEntryDescriptor.gcr3Root(entry[0], entry[1]),
                        (int) (entry[0] >>> DeviceEntryDescriptor.GLX_SHIFT & 3) + 1);
            }
        }
        if (before != null) {
            if (before.host() != null) {
                before.host().detached(before.domain());
            }
            if (before.guest() != null) {
                before.guest().detached(before.domain());
            }
        }
        for (ShadowListener listener : shadow.listeners()) {
            listener.attachmentChanged(iommu, device);
        }
    }

    private @Nullable Attachment attachmentOf(long[] entry) {
        long q0 = entry[0];
        long both = DeviceEntryDescriptor.V | DeviceEntryDescriptor.TV;
        int mode = (int) (q0 >>> DeviceEntryDescriptor.MODE_SHIFT) & DeviceEntryDescriptor.MODE_MASK;
        boolean isGuest = (q0 & DeviceEntryDescriptor.GV) != 0;
        if ((q0 & both) != both || mode == NO_TABLES || mode == 0 && !isGuest) {
            return null;
        }
        int domain = (int) (entry[1] & DeviceEntryDescriptor.DOMAIN_MASK);
        long root = q0 & DeviceEntryDescriptor.ROOT_MASK;
        @Nullable AddressSpace host = mode == 0 ? null : hostSpace(root, mode);
        return new Attachment(
                domain, host, isGuest ? guestTree(entry, host) : null, (q0 & DeviceEntryDescriptor.GIOV) != 0);
    }

    private AddressSpace hostSpace(long root, int mode) {
        return hosts.computeIfAbsent(
                new TreeKey(root, mode, 0),
                key -> new AddressSpace(
                        iommu,
                        root,
                        mode,
                        AddressSpace.HOST_TABLES,
                        address -> base + address,
                        new Int2IntCounterMap(0)));
    }

    private Gcr3Tree guestTree(long[] entry, @Nullable AddressSpace host) {
        long gcr3 = DeviceEntryDescriptor.gcr3Root(entry[0], entry[1]);
        int glx = (int) (entry[0] >>> DeviceEntryDescriptor.GLX_SHIFT & 3) + 1;
        int levels = FOUR_LEVELS + (int) (entry[2] >>> DeviceEntryDescriptor.GUEST_PAGING_SHIFT & 1);
        boolean isNested = host != null && (control() & ControlDescriptor.GCR3_TRP_MODE) != 0;
        return guests.computeIfAbsent(
                new TreeKey(gcr3, glx, host == null ? 0 : host.root()),
                key -> new Gcr3Tree(
                        iommu, levels, isNested ? address -> walk(host, address) : address -> base + address));
    }

    /** Where host tables lead an address of a guest's. */
    long walk(@Nullable AddressSpace host, long address) {
        if (host == null) {
            return base + address;
        }
        long table = host.system(host.root());
        int level = host.levels();
        while (level > 0) {
            long entry = shadow.memory().peek(PageEntryDescriptor.entryAddress(table, level, address));
            if (!Entries.isPresent(entry)) {
                return -1;
            }
            if (Entries.isPage(host, entry, level)) {
                long page = Entries.target(host, entry, level, address);
                return host.system(page | address & (1L << Entries.shift(level)) - 1);
            }
            int next = Entries.nextLevel(host, entry, level);
            if (next >= level) {
                return -1;
            }
            table = host.system(Entries.table(entry));
            level = next;
        }
        return -1;
    }
}
