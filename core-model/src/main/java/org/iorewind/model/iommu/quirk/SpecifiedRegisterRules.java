package org.iorewind.model.iommu.quirk;

import static org.iorewind.model.iommu.register.RegisterDescriptor.BASE_MASK;
import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.CONTROL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.DEVICE_TABLE_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.DEVICE_TABLE_SIZE_MASK;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_BASE_B;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_HEAD_B;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_TAIL_B;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EXCLUSION_ALLOW_ALL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EXCLUSION_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EXCLUSION_ENABLE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EXCLUSION_LIMIT;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EXCLUSION_LIMIT_LOW;
import static org.iorewind.model.iommu.register.RegisterDescriptor.GUEST_APIC_LOG_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.GUEST_APIC_LOG_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.GUEST_APIC_LOG_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.GUEST_APIC_LOG_TAIL_ADDRESS;
import static org.iorewind.model.iommu.register.RegisterDescriptor.POINTER_MASK;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_BASE_B;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_HEAD_B;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_TAIL_B;
import static org.iorewind.model.iommu.register.RegisterDescriptor.RING_LENGTH_MASK;
import static org.iorewind.model.iommu.register.RegisterDescriptor.RING_LENGTH_SHIFT;
import static org.iorewind.model.iommu.register.RegisterDescriptor.RING_LENGTH_SMALLEST;
import static org.iorewind.model.iommu.register.RegisterDescriptor.SEGMENT_BASE_FIRST;
import static org.iorewind.model.iommu.register.RegisterDescriptor.SEGMENT_BASE_LAST;
import static org.iorewind.model.iommu.register.RegisterDescriptor.STATUS;
import static org.iorewind.model.iommu.register.RegisterDescriptor.XT_GENERAL_INTERRUPT;
import static org.iorewind.model.iommu.register.RegisterDescriptor.XT_GUEST_APIC_INTERRUPT;
import static org.iorewind.model.iommu.register.RegisterDescriptor.XT_PPR_INTERRUPT;

import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.DualLogDescriptor;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.register.HardwareEventDescriptor;
import org.iorewind.model.iommu.register.HostRegisters;
import org.iorewind.model.iommu.register.MarcDescriptor;
import org.iorewind.model.iommu.register.MirrorDescriptor;
import org.iorewind.model.iommu.register.PageRequestRegisterDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.SegmentDescriptor;
import org.iorewind.model.iommu.register.SmiFilterDescriptor;
import org.iorewind.model.iommu.register.StatusDescriptor;

/** Registers as the specification has them (reference 1.3 to 1.13). Narrow or misaligned accesses do nothing (MC-1). */
final class SpecifiedRegisterRules implements RegisterRules {
    private static final long RING_BASE_MASK = BASE_MASK | RING_LENGTH_MASK << RING_LENGTH_SHIFT;
    private static final long TAIL_ADDRESS_MASK = 0x000F_FFFF_FFFF_FFF8L;
    private static final long GUEST_APIC_POINTER_MASK = POINTER_MASK | 8;
    private static final long XT_MASK = 0xFF00_01FF_FFFF_FF04L;

    @Override
    public boolean acceptsWrite(int offset, int sizeBytes) {
        return HostRegisters.isAligned(offset, sizeBytes);
    }

    @Override
    public boolean acceptsRead(int offset, int sizeBytes) {
        return HostRegisters.isAligned(offset, sizeBytes);
    }

    @Override
    public long refusedRead(int sizeBytes) {
        return 0;
    }

    @Override
    public long writable(int register, IommuOptions options) {
        long features = options.extendedFeatures();
        if (register >= SEGMENT_BASE_FIRST && register <= SEGMENT_BASE_LAST) {
            int segment = 1 + (register - SEGMENT_BASE_FIRST) / Long.BYTES;
            boolean exists = segment < 1 << FeatureDescriptor.segmentCode(features);
            return exists ? BASE_MASK | SegmentDescriptor.sizeMask(segment) : 0; // MC-60
        }
        if (SmiFilterDescriptor.isFilter(register)) {
            int filter = (register - SmiFilterDescriptor.FIRST) / Long.BYTES;
            return filter < SmiFilterDescriptor.count(features) ? SmiFilterDescriptor.WRITABLE : 0;
        }
        if (MarcDescriptor.isAperture(register)) {
            return when(features, MarcDescriptor.SUPPORT, MarcDescriptor.writable(register));
        }
        return switch (register) {
            case DEVICE_TABLE_BASE -> BASE_MASK | DEVICE_TABLE_SIZE_MASK;
            case COMMAND_BASE, EVENT_BASE -> RING_BASE_MASK;
            case PPR_BASE -> when(features, FeatureDescriptor.PPR, RING_BASE_MASK);
            case CONTROL ->
                ~ControlDescriptor.RESERVED
                        & ~when(
                                ~options.extendedFeatures2(),
                                FeatureDescriptor.GUEST_BUFFER_TRP_MODE,
                                ControlDescriptor.GUEST_BUFFER_TRP_MODE);
            case EXCLUSION_BASE ->
                BASE_MASK | when(~features, FeatureDescriptor.SNP, EXCLUSION_ENABLE | EXCLUSION_ALLOW_ALL);
            case EXCLUSION_LIMIT -> BASE_MASK;
            case EVENT_BASE_B -> when(features, DualLogDescriptor.EVENT_SUPPORT, RING_BASE_MASK);
            case PPR_BASE_B -> when(features, DualLogDescriptor.PPR_SUPPORT, RING_BASE_MASK);
            case EVENT_HEAD_B, EVENT_TAIL_B -> when(features, DualLogDescriptor.EVENT_SUPPORT, POINTER_MASK);
            case PPR_HEAD_B, PPR_TAIL_B -> when(features, DualLogDescriptor.PPR_SUPPORT, POINTER_MASK);
            case GUEST_APIC_LOG_BASE -> when(features, FeatureDescriptor.GUEST_APIC, RING_BASE_MASK);
            case GUEST_APIC_LOG_TAIL_ADDRESS -> when(features, FeatureDescriptor.GUEST_APIC, TAIL_ADDRESS_MASK);
            case XT_GENERAL_INTERRUPT, XT_PPR_INTERRUPT, XT_GUEST_APIC_INTERRUPT ->
                when(features, FeatureDescriptor.XT, XT_MASK);
            case COMMAND_HEAD, COMMAND_TAIL, EVENT_HEAD, EVENT_TAIL -> POINTER_MASK;
            case PPR_HEAD, PPR_TAIL -> when(features, FeatureDescriptor.PPR, POINTER_MASK);
            case GUEST_APIC_LOG_HEAD, GUEST_APIC_LOG_TAIL ->
                when(features, FeatureDescriptor.GUEST_APIC, GUEST_APIC_POINTER_MASK);
            case HardwareEventDescriptor.UPPER, HardwareEventDescriptor.LOWER ->
                when(features, FeatureDescriptor.HARDWARE_EVENTS, -1L);
            case PageRequestRegisterDescriptor.AUTO_RESPONSE ->
                when(
                        features,
                        FeatureDescriptor.PPR_AUTO_RESPONSE,
                        PageRequestRegisterDescriptor.AUTO_RESPONSE_WRITABLE);
            case PageRequestRegisterDescriptor.EARLY_OVERFLOW, PageRequestRegisterDescriptor.EARLY_OVERFLOW_B ->
                when(features, FeatureDescriptor.PPR_OVERFLOW_EARLY, PageRequestRegisterDescriptor.EARLY_WRITABLE);
            default -> writableMirror(register, features);
        };
    }

    /**
     * What is written to the mirrors of the MSI capability is passed on to it by the registers' owner. No feature bit tells
     * whether device-specific registers exist: their implementation bits are storage (MC-62).
     */
    private static long writableMirror(int register, long features) {
        return switch (register) {
            case MirrorDescriptor.DEVICE_CONTROL, MirrorDescriptor.DEVICE_STATUS -> MirrorDescriptor.DEVICE_BITS;
            case MirrorDescriptor.MSI_VECTORS ->
                when(features, FeatureDescriptor.MSI_MIRRORS, MirrorDescriptor.MSI_VECTORS_WRITABLE);
            case MirrorDescriptor.MSI_HEADER ->
                when(features, FeatureDescriptor.MSI_MIRRORS, MirrorDescriptor.MSI_HEADER_WRITABLE);
            case MirrorDescriptor.MSI_MESSAGE ->
                when(features, FeatureDescriptor.MSI_MIRRORS, MirrorDescriptor.MSI_MESSAGE_WRITABLE);
            case MirrorDescriptor.MSI_MAPPING ->
                when(features, FeatureDescriptor.PERFORMANCE_OPTIMISATION, MirrorDescriptor.PERFORMANCE_OPTIMISATION);
            default -> 0;
        };
    }

    private static long when(long features, long needed, long mask) {
        return (features & needed) != 0 ? mask : 0;
    }

    /** A locked SMI filter stays as it is until reset (MC-63). */
    @Override
    public boolean isLocked(int register, long contents) {
        return SmiFilterDescriptor.isFilter(register) && (contents & SmiFilterDescriptor.LOCK) != 0;
    }

    @Override
    public long clearedByOne(int register) {
        return switch (register) {
            case STATUS -> StatusDescriptor.WRITE_ONE_TO_CLEAR;
            case HardwareEventDescriptor.STATUS -> HardwareEventDescriptor.VALID | HardwareEventDescriptor.OVERFLOW;
            default -> 0;
        };
    }

    /** The low bits of 0028h, from reset on (MC-212). */
    @Override
    public long readsAsOne(int register) {
        return register == EXCLUSION_LIMIT ? EXCLUSION_LIMIT_LOW : 0;
    }

    @Override
    public long resetValue(int register) {
        return register == CONTROL ? ControlDescriptor.COHERENT : (long) RING_LENGTH_SMALLEST << RING_LENGTH_SHIFT;
    }

    @Override
    public long reportedControls() {
        return ControlDescriptor.NOT_MODELLED_MASK;
    }

    @Override
    public boolean hasOptionalLogs() {
        return true;
    }

    @Override
    public long present(long features) {
        return features;
    }

    /** A reserved length code keeps the ring stopped (MC-2). */
    @Override
    public boolean canRun(long baseRegister) {
        return RegisterDescriptor.ringLengthCode(baseRegister) >= RING_LENGTH_SMALLEST;
    }
}
