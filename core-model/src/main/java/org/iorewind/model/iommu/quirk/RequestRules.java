package org.iorewind.model.iommu.quirk;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.translate.FaultCause;

/** Points of the translation procedure outside of the walk. */
public interface RequestRules {
    /** Reference 2.4, 2.5. */
    RequestRules SPECIFIED = new RequestRules() {
        @Override
        public boolean reservesHyperTransport(long features2) {
            return (features2 & FeatureDescriptor.HT_RANGE_IGNORE) == 0;
        }

        @Override
        public boolean hasDeviceCaches() {
            return true;
        }

        @Override
        public boolean reportsInvalidRequests() {
            return true;
        }

        @Override
        public boolean translatesGuests() {
            return true;
        }

        @Override
        public boolean marksHostTables() {
            return true;
        }

        @Override
        public boolean passesWithTranslationOff() {
            return false;
        }

        @Override
        public boolean entryAllows(AccessKind access, int entryRights) {
            return access.isAllowedBy(entryRights);
        }

        @Override
        public boolean reports(FaultCause cause) {
            return true;
        }

        @Override
        public boolean suppressesFaults() {
            return true;
        }

        @Override
        public void afterTableError(EventReports events, int requester, int flags, long address) {
            // One event tells it all.
        }
    };

    /** QEMU 7.2 and 10.0: TV=0 passes with the entry's rights (Q-DTE-4). */
    RequestRules QEMU_10 = new QemuRequestRules(true, false);

    /** QEMU 11.1: TV=0 blocks without an event (Q-DTE-5); an unreadable table gives two events (Q-EVT-9). */
    RequestRules QEMU_11 = new QemuRequestRules(false, true);

    /** Whether the HyperTransport hole is no memory. */
    boolean reservesHyperTransport(long features2);

    /** Whether address translation services are modelled for this device. */
    boolean hasDeviceCaches();

    /** Whether requests that a device should not have sent are reported to the event log. */
    boolean reportsInvalidRequests();

    /** Whether there is guest translation; without it, GV and GIoV mean nothing (Q-DTE-10). */
    boolean translatesGuests();

    /** Whether updates of accessed and dirty bits of host tables are modelled for this device. */
    boolean marksHostTables();

    /** Whether V=1 with TV=0 passes like Mode 0. */
    boolean passesWithTranslationOff();

    /** Whether the device table entry's rights let the request come as far as the tables. */
    boolean entryAllows(AccessKind access, int entryRights);

    /** Whether a fault of this cause is reported to the event log. */
    boolean reports(FaultCause cause);

    /** Whether SA and SE keep faults out of the event log. */
    boolean suppressesFaults();

    /** What follows on the event of an unreadable page table. */
    void afterTableError(EventReports events, int requester, int flags, long address);

    /** QEMU's rules. */
    final class QemuRequestRules implements RequestRules {
        private final boolean passesWithTranslationOff;
        private final boolean repeatsTableErrors;

        private QemuRequestRules(boolean passesWithTranslationOff, boolean repeatsTableErrors) {
            this.passesWithTranslationOff = passesWithTranslationOff;
            this.repeatsTableErrors = repeatsTableErrors;
        }

        @Override
        public boolean reservesHyperTransport(long features2) {
            return false;
        }

        @Override
        public boolean hasDeviceCaches() {
            return false;
        }

        @Override
        public boolean reportsInvalidRequests() {
            return false;
        }

        @Override
        public boolean translatesGuests() {
            return false;
        }

        @Override
        public boolean marksHostTables() {
            return false;
        }

        @Override
        public boolean passesWithTranslationOff() {
            return passesWithTranslationOff;
        }

        @Override
        public boolean entryAllows(AccessKind access, int entryRights) {
            return true;
        }

        @Override
        public boolean reports(FaultCause cause) {
            return switch (cause) {
                case TRANSLATION_OFF, RESERVED_MODE, NO_RIGHT_IN_DEVICE_ENTRY, NO_RIGHT_IN_CACHE -> false;
                default -> true;
            };
        }

        @Override
        public boolean suppressesFaults() {
            return false;
        }

        @Override
        public void afterTableError(EventReports events, int requester, int flags, long address) {
            if (repeatsTableErrors) {
                events.pageFault(requester, 0, flags, address, false);
            }
        }
    }
}
