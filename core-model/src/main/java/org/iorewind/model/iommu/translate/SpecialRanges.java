package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.quirk.RequestRules;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;

/**
 * Decides requests to addresses that are no ordinary memory (reference 7.2). A request that is not known to be a write counts
 * as a read. Not thread-safe; allocates nothing.
 *
 * <ul>
 *   <li>A write to the MSI window that comes as data leaves no event: what becomes of interrupts is decided elsewhere (MC-18).
 *   <li>Acknowledge cycles count as reserved interrupt space; ranges without a type of their own leave no event (MC-153).
 *   <li>Under SysMgt=10b every posted write counts as an INTx message, since an address does not tell (MC-154).
 *   <li>SysMgt=11b with TV=0 has a type of its own; other faults of such an address are those of memory (MC-155).
 *   <li>With HtAtsResv=0 the range of ATS responses is ordinary memory (MC-156).
 * </ul>
 */
final class SpecialRanges {
    private final boolean areHyperTransportReserved;
    private final boolean isAtsResponseReserved;
    private InvalidRequest cause = InvalidRequest.UNTRANSLATABLE;

    SpecialRanges(RequestRules rules, IommuOptions options) {
        this.areHyperTransportReserved = rules.reservesHyperTransport(options.extendedFeatures2());
        this.isAtsResponseReserved = options.pci().isHtAtsReserved();
    }

    /** Whether an address lies in one of the ranges. */
    boolean hold(long address) {
        return AddressRangeDescriptor.isMsi(address)
                || areHyperTransportReserved && AddressRangeDescriptor.isHyperTransport(address);
    }

    /** Whether an address lies in the interrupt range of HyperTransport. */
    boolean holdInterrupt(long address) {
        return areHyperTransportReserved && AddressClass.INTERRUPT.holds(address);
    }

    /** What meets a request in one of the ranges; after {@link RangeAction#REPORT}, {@link #cause} tells why. */
    RangeAction decide(MemoryRequest request, DeviceEntry entry) {
        AddressClass range = AddressClass.of(request.address());
        if (request.kind().movesData()) {
            return decideData(range, request.access() == AccessKind.WRITE, entry);
        }
        if (isTranslated(range, entry)) {
            return RangeAction.TRANSLATE;
        }
        return request.kind() == RequestKind.TRANSLATION ? report(InvalidRequest.UNTRANSLATABLE) : RangeAction.REFUSE;
    }

    private RangeAction decideData(AddressClass range, boolean isPostedWrite, DeviceEntry entry) {
        return switch (range) {
            case MSI_WINDOW -> isPostedWrite ? range.byDefault() : report(InvalidRequest.INTERRUPT_READ);
            case RESERVED_INTERRUPT, INTERRUPT_ACKNOWLEDGE ->
                report(isPostedWrite ? InvalidRequest.RESERVED_INTERRUPT_WRITE : InvalidRequest.INTERRUPT_READ);
            case INTERRUPT -> isPostedWrite ? interrupt(entry) : report(InvalidRequest.INTERRUPT_READ);
            case SYSTEM_MANAGEMENT -> systemManagement(isPostedWrite, entry);
            case PORT_IO -> portIo(entry);
            case ATS_RESPONSE -> isAtsResponseReserved ? RangeAction.REFUSE : range.byDefault();
            default -> range.byDefault();
        };
    }

    /** What IV and IntCtl make of a posted write to the HyperTransport interrupt range, whatever V says. */
    RangeAction interrupt(DeviceEntry entry) {
        if (!entry.isInterruptValid()) {
            return RangeAction.FORWARD;
        }
        return switch (entry.interruptControl()) {
            case DeviceEntryDescriptor.CONTROL_ABORT -> report(InvalidRequest.INTERRUPT_WRITE);
            case DeviceEntryDescriptor.CONTROL_FORWARD -> RangeAction.FORWARD;
            case DeviceEntryDescriptor.CONTROL_REMAP -> RangeAction.REMAP;
            default -> RangeAction.ILLEGAL_ENTRY;
        };
    }

    private RangeAction systemManagement(boolean isPostedWrite, DeviceEntry entry) {
        if (entry.systemManagement() == DeviceEntryDescriptor.SYSTEM_MANAGEMENT_TRANSLATE) {
            return entry.isTranslationValid()
                    ? RangeAction.TRANSLATE
                    : report(InvalidRequest.SYSTEM_MANAGEMENT_UNTRANSLATED);
        }
        if (!isPostedWrite) {
            return report(InvalidRequest.SYSTEM_MANAGEMENT_READ);
        }
        return entry.systemManagement() == DeviceEntryDescriptor.SYSTEM_MANAGEMENT_ABORT
                ? report(InvalidRequest.SYSTEM_MANAGEMENT_WRITE)
                : RangeAction.FORWARD;
    }

    private RangeAction portIo(DeviceEntry entry) {
        return switch (entry.ioControl()) {
            case DeviceEntryDescriptor.CONTROL_ABORT -> report(InvalidRequest.PORT_IO);
            case DeviceEntryDescriptor.CONTROL_FORWARD -> RangeAction.FORWARD;
            default -> RangeAction.TRANSLATE;
        };
    }

    private boolean isTranslated(AddressClass range, DeviceEntry entry) {
        return switch (range) {
            case SYSTEM_MANAGEMENT -> entry.systemManagement() == DeviceEntryDescriptor.SYSTEM_MANAGEMENT_TRANSLATE;
            case PORT_IO -> entry.ioControl() == DeviceEntryDescriptor.CONTROL_REMAP;
            case ATS_RESPONSE -> !isAtsResponseReserved;
            default -> false;
        };
    }

    private RangeAction report(InvalidRequest why) {
        cause = why;
        return RangeAction.REPORT;
    }

    /** Why the last request is to be reported. */
    InvalidRequest cause() {
        return cause;
    }
}
