package org.iorewind.samples.session;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EventRouting;
import org.iorewind.model.iommu.Profile;
import org.iorewind.model.platform.ExitCause;
import org.iorewind.model.platform.HardwareFault;
import org.iorewind.model.platform.IommuDescription;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.trace.IommuInfo;
import org.iorewind.trace.sbe.DmaAccess;
import org.iorewind.trace.sbe.ExitReason;
import org.iorewind.trace.sbe.InjectedAction;
import org.iorewind.trace.sbe.MemoryRegion;

/** The platform's words in the schema's words. */
final class Names {
    private Names() {}

    static MemoryRegion region(MemoryRole role) {
        return switch (role) {
            case DATA -> MemoryRegion.UNSPECIFIED;
            case DEVICE_TABLE -> MemoryRegion.DEVICE_TABLE;
            case COMMAND_RING -> MemoryRegion.COMMAND_RING;
            case EVENT_LOG -> MemoryRegion.EVENT_LOG;
            case PPR_LOG -> MemoryRegion.PPR_LOG;
            case INTERRUPT_TABLE -> MemoryRegion.INTERRUPT_TABLE;
            case HOST_TABLE -> MemoryRegion.HOST_TABLE;
            case GUEST_TABLE -> MemoryRegion.GUEST_TABLE;
            case GCR3_TABLE -> MemoryRegion.GCR3_TABLE;
            case PRIVATE -> MemoryRegion.PRIVATE;
        };
    }

    static ExitReason reason(ExitCause cause) {
        return switch (cause) {
            case MMIO -> ExitReason.MMIO;
            case TABLE_WRITE -> ExitReason.TABLE_WRITE;
            case INTERRUPT -> ExitReason.INTERRUPT;
            case CONTROL_CALL -> ExitReason.CONTROL_CALL;
        };
    }

    static DmaAccess access(AccessKind kind, boolean isTranslated) {
        return switch (kind) {
            case READ -> isTranslated ? DmaAccess.READ_TRANSLATED : DmaAccess.READ;
            case WRITE -> isTranslated ? DmaAccess.WRITE_TRANSLATED : DmaAccess.WRITE;
            case ATOMIC -> isTranslated ? DmaAccess.ATOMIC_TRANSLATED : DmaAccess.ATOMIC;
            case UNKNOWN -> DmaAccess.UNKNOWN;
        };
    }

    static InjectedAction action(HardwareFault.Kind kind) {
        return switch (kind) {
            case MEMORY_ABORTS -> InjectedAction.MEMORY_ABORT;
            case MEMORY_POISONED -> InjectedAction.MEMORY_POISON;
            case MEMORY_HEALED -> InjectedAction.MEMORY_HEAL;
            case DEVICE_SILENT -> InjectedAction.DEVICE_TIMEOUT;
            case LOGGED -> InjectedAction.FORCE_LOG_ENTRY;
        };
    }

    static IommuInfo info(IommuDescription description) {
        int options = (description.isNotPresentCached() ? IommuInfo.NOT_PRESENT_CACHED : 0)
                | (description.eventRouting() == EventRouting.HOST_THEN_INJECT ? IommuInfo.EVENTS_TO_HOST_FIRST : 0);
        return new IommuInfo(
                description.extendedFeatures(),
                description.extendedFeatures2(),
                options,
                description.memoryBase(),
                description.memoryBytes(),
                Profile.SPEC.label());
    }
}
