package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.table.GuestEntryDescriptor;

/** What the features and the control register say about guest translation (reference 1.5, 1.7, 1.8, 2.4). */
record GuestSwitches(RegisterFile registers, IommuOptions options) {
    /** GTEn, where EFR has GTSup. */
    boolean isOn() {
        return has(FeatureDescriptor.GUEST_TRANSLATION)
                && registers.isSet(RegisterDescriptor.CONTROL, ControlDescriptor.GT_EN);
    }

    /** GCR3TRPMode, where EFR2 has it. */
    boolean isRootGuestPhysical() {
        return (options.extendedFeatures2() & FeatureDescriptor.GCR3_TRP_MODE) != 0
                && registers.isSet(RegisterDescriptor.CONTROL, ControlDescriptor.GCR3_TRP_MODE);
    }

    /** NXSup. */
    boolean hasNoExecute() {
        return has(FeatureDescriptor.NO_EXECUTE);
    }

    /**
     * Whether D of guest entries is updated: unless GDUpdateDis is set. A is updated all the same, and no feature bit is
     * asked for (MC-126).
     */
    boolean updatesDirty() {
        return !registers.isSet(RegisterDescriptor.CONTROL, ControlDescriptor.GUEST_DIRTY_UPDATE_DIS);
    }

    /** USSup. */
    boolean hasPrivilege() {
        return has(FeatureDescriptor.USER_SUPERVISOR);
    }

    /** Whether a PASID is within PASmax and what the levels of the GCR3 table cover. */
    boolean covers(DeviceEntry entry, int pasid) {
        int known = Math.min(FeatureDescriptor.pasidBits(options.extendedFeatures()), GuestEntryDescriptor.PASID_BITS);
        return pasid >>> Math.min(known, entry.gcr3Levels() * GuestEntryDescriptor.GCR3_LEVEL_BITS) == 0;
    }

    private boolean has(long feature) {
        return (options.extendedFeatures() & feature) != 0;
    }
}
