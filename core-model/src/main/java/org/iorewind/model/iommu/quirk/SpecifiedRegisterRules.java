package org.iorewind.model.iommu.quirk;

import static org.iorewind.model.iommu.register.RegisterDescriptor.BASE_MASK;
import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.CONTROL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.DEVICE_TABLE_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.DEVICE_TABLE_SIZE_MASK;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_TAIL;
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
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_TAIL;
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
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.register.HostRegisters;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.StatusDescriptor;

/** Registers as the specification has them (reference 1.3 to 1.13). Narrow or misaligned accesses do nothing (MC-1). */
final class SpecifiedRegisterRules implements RegisterRules {
    private static final long RING_BASE_MASK = BASE_MASK | RING_LENGTH_MASK << RING_LENGTH_SHIFT;
    private static final long SEGMENT_SIZE_MASK = 0xFF;
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
            return segment < 1 << FeatureDescriptor.segmentCode(features) ? BASE_MASK | SEGMENT_SIZE_MASK : 0;
        }
        return switch (register) {
            case DEVICE_TABLE_BASE -> BASE_MASK | DEVICE_TABLE_SIZE_MASK;
            case COMMAND_BASE, EVENT_BASE -> RING_BASE_MASK;
            case PPR_BASE -> when(features, FeatureDescriptor.PPR, RING_BASE_MASK);
            case CONTROL -> ~ControlDescriptor.RESERVED;
            case EXCLUSION_BASE -> BASE_MASK | EXCLUSION_ENABLE | EXCLUSION_ALLOW_ALL;
            case EXCLUSION_LIMIT -> BASE_MASK;
            case GUEST_APIC_LOG_BASE -> when(features, FeatureDescriptor.GUEST_APIC, RING_BASE_MASK);
            case GUEST_APIC_LOG_TAIL_ADDRESS -> when(features, FeatureDescriptor.GUEST_APIC, TAIL_ADDRESS_MASK);
            case XT_GENERAL_INTERRUPT, XT_PPR_INTERRUPT, XT_GUEST_APIC_INTERRUPT ->
                when(features, FeatureDescriptor.XT, XT_MASK);
            case COMMAND_HEAD, COMMAND_TAIL, EVENT_HEAD, EVENT_TAIL -> POINTER_MASK;
            case PPR_HEAD, PPR_TAIL -> when(features, FeatureDescriptor.PPR, POINTER_MASK);
            case GUEST_APIC_LOG_HEAD, GUEST_APIC_LOG_TAIL ->
                when(features, FeatureDescriptor.GUEST_APIC, GUEST_APIC_POINTER_MASK);
            default -> 0;
        };
    }

    private static long when(long features, long needed, long mask) {
        return (features & needed) != 0 ? mask : 0;
    }

    @Override
    public long clearedByOne(int register) {
        return register == STATUS ? StatusDescriptor.WRITE_ONE_TO_CLEAR : 0;
    }

    @Override
    public long readsAsOne(int register) {
        return register == EXCLUSION_LIMIT ? EXCLUSION_LIMIT_LOW : 0;
    }

    @Override
    public long resetValue(int register) {
        return switch (register) {
            case CONTROL -> ControlDescriptor.COHERENT;
            case COMMAND_BASE, EVENT_BASE, PPR_BASE -> (long) RING_LENGTH_SMALLEST << RING_LENGTH_SHIFT;
            default -> 0;
        };
    }

    @Override
    public long reportedControls() {
        return ControlDescriptor.NOT_MODELLED_MASK;
    }

    /** A reserved length code keeps the ring stopped (MC-2). */
    @Override
    public boolean canRun(long baseRegister) {
        return RegisterDescriptor.ringLengthCode(baseRegister) >= RING_LENGTH_SMALLEST;
    }
}
