package org.iorewind.model.iommu.quirk;

import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;

/** Which device table entries exist and which are illegal. */
public interface DeviceEntryRules {
    /** Reference 2.1, 2.3: the two halves are checked apart, each only when its valid bit is set. */
    DeviceEntryRules SPECIFIED = new DeviceEntryRules() {
        @Override
        public int segmentCode(long features) {
            return FeatureDescriptor.segmentCode(features);
        }

        @Override
        public boolean covers(long tableBase, int entry) {
            return entry < RegisterDescriptor.deviceEntries(tableBase);
        }

        @Override
        public boolean reservedBitsForMemory(DeviceEntry entry, IommuOptions options) {
            if (!entry.isValid()) {
                return false;
            }
            long features = options.extendedFeatures();
            long mask0 = DeviceEntryDescriptor.RESERVED_0
                    | unless(features, FeatureDescriptor.HOST_ACCESSED, DeviceEntryDescriptor.HAD_ACCESSED)
                    | unless(features, FeatureDescriptor.HOST_DIRTY, DeviceEntryDescriptor.HAD_DIRTY)
                    | unless(features, FeatureDescriptor.ENHANCED_PPR, DeviceEntryDescriptor.PPR_MASK)
                    | unless(features, FeatureDescriptor.GUEST_IO, DeviceEntryDescriptor.GIOV)
                    | unless(features, FeatureDescriptor.GUEST_TRANSLATION, DeviceEntryDescriptor.GUEST_MASK_0);
            long mask1 = unless(features, FeatureDescriptor.GUEST_TRANSLATION, DeviceEntryDescriptor.GUEST_MASK_1)
                    | unless(features, FeatureDescriptor.SECURE_ATS, DeviceEntryDescriptor.SATS);
            return (entry.quadword(0) & mask0 | entry.quadword(1) & mask1) != 0;
        }

        @Override
        public boolean reservedEncodingForMemory(DeviceEntry entry) {
            return entry.isValid() && entry.ioControl() == DeviceEntryDescriptor.CONTROL_RESERVED;
        }

        @Override
        public boolean reservedGuestEncoding(DeviceEntry entry, long features) {
            return entry.isValid()
                    && entry.isGuestValid()
                    && (entry.gcr3Levels() > FeatureDescriptor.gcr3Levels(features)
                            || entry.guestLevels() > FeatureDescriptor.guestLevels(features));
        }

        @Override
        public boolean reservedHostEncoding(DeviceEntry entry, IommuOptions options) {
            if (!entry.isValid() || !entry.isTranslationValid()) {
                return false;
            }
            boolean hasNoHostTables = FeatureDescriptor.hostLevels(options.extendedFeatures()) == 0;
            return entry.mode() == 0 && options.isSnpEnabled() || entry.root() != 0 && hasNoHostTables;
        }

        @Override
        public boolean reservedBitsForInterrupts(DeviceEntry entry, IommuOptions options) {
            long mask3 = DeviceEntryDescriptor.RESERVED_3
                    | unless(options.extendedFeatures(), FeatureDescriptor.VIOMMU, DeviceEntryDescriptor.VIRTUAL_MASK);
            return entry.isInterruptValid()
                    && (entry.quadword(2) & DeviceEntryDescriptor.RESERVED_2 | entry.quadword(3) & mask3) != 0;
        }

        private long unless(long features, long feature, long mask) {
            return (features & feature) != 0 ? 0 : mask;
        }
    };

    /** QEMU 10.0 (Q-DTE-1, Q-DTE-2). */
    DeviceEntryRules QEMU_10 = new QemuDeviceEntryRules(0x8030_0000_0000_00FCL, 0x100, 0x08F0_0000_0000_0000L, -1L);

    /** QEMU 7.2 and 11.1 (Q-DTE-1, Q-DTE-3). */
    DeviceEntryRules QEMU_11 =
            new QemuDeviceEntryRules(0x8000_0000_0000_007CL, 0, 0x0030_0000_0000_0000L, 0x003F_0000_0000_7FFFL);

    /** log2 of the most segments that the device table can have, given EFR: 0 to 3. */
    int segmentCode(long features);

    /** Whether the segment that this base register describes has so many entries that {@code entry} is one of them. */
    boolean covers(long tableBase, int entry);

    /** Whether a reserved bit makes the entry illegal for memory requests. */
    boolean reservedBitsForMemory(DeviceEntry entry, IommuOptions options);

    /** Whether a reserved encoding makes the entry illegal for memory requests. */
    boolean reservedEncodingForMemory(DeviceEntry entry);

    /** Whether GLX or GuestPagingMode makes the entry illegal for memory requests, given EFR. */
    boolean reservedGuestEncoding(DeviceEntry entry, long features);

    /** Whether an entry with V=1 and TV=1 is illegal by Mode 0 under SNP, or by a root where there are no host tables. */
    boolean reservedHostEncoding(DeviceEntry entry, IommuOptions options);

    /** Whether a reserved bit makes the entry illegal for interrupts. */
    boolean reservedBitsForInterrupts(DeviceEntry entry, IommuOptions options);

    /** QEMU's check: one mask for each quadword, whatever V and IV say; no size check, no segments (Q-DTE-9). */
    final class QemuDeviceEntryRules implements DeviceEntryRules {
        private final long mask0;
        private final long mask1;
        private final long mask2;
        private final long mask3;

        private QemuDeviceEntryRules(long mask0, long mask1, long mask2, long mask3) {
            this.mask0 = mask0;
            this.mask1 = mask1;
            this.mask2 = mask2;
            this.mask3 = mask3;
        }

        @Override
        public int segmentCode(long features) {
            return 0;
        }

        @Override
        public boolean covers(long tableBase, int entry) {
            return true;
        }

        @Override
        public boolean reservedBitsForMemory(DeviceEntry entry, IommuOptions options) {
            return hasReservedBit(entry);
        }

        @Override
        public boolean reservedEncodingForMemory(DeviceEntry entry) {
            return false;
        }

        @Override
        public boolean reservedGuestEncoding(DeviceEntry entry, long features) {
            return false;
        }

        @Override
        public boolean reservedHostEncoding(DeviceEntry entry, IommuOptions options) {
            return false;
        }

        @Override
        public boolean reservedBitsForInterrupts(DeviceEntry entry, IommuOptions options) {
            return hasReservedBit(entry);
        }

        private boolean hasReservedBit(DeviceEntry entry) {
            return (entry.quadword(0) & mask0
                            | entry.quadword(1) & mask1
                            | entry.quadword(2) & mask2
                            | entry.quadword(3) & mask3)
                    != 0;
        }
    }
}
