package org.iorewind.model.iommu.virtual;

import static org.iorewind.model.iommu.virtual.GuestPageDescriptor.offset;

import org.iorewind.model.iommu.GuestSignal;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.model.iommu.log.GuestEventDescriptor;
import org.iorewind.model.iommu.register.DualLogDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.StatusDescriptor;

/** Where the registers and bits of a guest's log lie. */
enum GuestLogLayout {
    /** Event logs. */
    EVENT(
            LogKind.EVENT,
            GuestSignal.EVENT_LOG,
            GuestControlDescriptor.EVENT,
            GuestControlDescriptor.EVENT_BASE_B,
            GuestControlDescriptor.DUAL_EVENT_SHIFT,
            DualLogDescriptor.EVENT_SUPPORT,
            new long[] {PrivateSpaceDescriptor.EVENT_LOGS, PrivateSpaceDescriptor.EVENT_LOGS_B},
            new int[] {RegisterDescriptor.EVENT_HEAD, RegisterDescriptor.EVENT_HEAD_B},
            new long[] {StatusDescriptor.EVENT_OVERFLOW, StatusDescriptor.EVENT_OVERFLOW_B},
            StatusDescriptor.EVENT_LOG_RUN,
            StatusDescriptor.EVENT_LOG_ACTIVE,
            StatusDescriptor.EVENT_LOG_INT,
            GuestEventDescriptor.SOURCE_EVENT,
            EventDescriptor.FLAG_V_EVENT),
    /** PPR logs. */
    PPR(
            LogKind.PPR,
            GuestSignal.PPR_LOG,
            GuestControlDescriptor.PPR,
            GuestControlDescriptor.PPR_BASE_B,
            GuestControlDescriptor.DUAL_PPR_SHIFT,
            DualLogDescriptor.PPR_SUPPORT,
            new long[] {PrivateSpaceDescriptor.PPR_LOGS, PrivateSpaceDescriptor.PPR_LOGS_B},
            new int[] {RegisterDescriptor.PPR_HEAD, RegisterDescriptor.PPR_HEAD_B},
            new long[] {StatusDescriptor.PPR_OVERFLOW, StatusDescriptor.PPR_OVERFLOW_B},
            StatusDescriptor.PPR_LOG_RUN,
            StatusDescriptor.PPR_LOG_ACTIVE,
            StatusDescriptor.PPR_INT,
            GuestEventDescriptor.SOURCE_PPR,
            EventDescriptor.FLAG_V_PPR);

    private final LogKind kind;
    private final GuestSignal signal;
    private final int control;
    private final int baseB;
    private final int dualShift;
    private final long support;
    private final long[] regions;
    private final int[] heads;
    private final long[] overflows;
    private final long run;
    private final long active;
    private final long written;
    private final int source;
    private final int virtualFlag;

    GuestLogLayout(
            LogKind kind,
            GuestSignal signal,
            int control,
            int baseB,
            int dualShift,
            long support,
            long[] regions,
            int[] heads,
            long[] overflows,
            long run,
            long active,
            long written,
            int source,
            int virtualFlag) {
        this.kind = kind;
        this.signal = signal;
        this.control = control;
        this.baseB = baseB;
        this.dualShift = dualShift;
        this.support = support;
        this.regions = regions;
        this.heads = heads;
        this.overflows = overflows;
        this.run = run;
        this.active = active;
        this.written = written;
        this.source = source;
        this.virtualFlag = virtualFlag;
    }

    LogKind kind() {
        return kind;
    }

    /** Why its interrupts are raised. */
    GuestSignal signal() {
        return signal;
    }

    /** Register of the slot with lengths and enable bits. */
    int control() {
        return control;
    }

    /** Lowest bit of the code that chooses between the buffers. */
    int dualShift() {
        return dualShift;
    }

    /** Bits of EFR that offer a second buffer. */
    long support() {
        return support;
    }

    /** Private slots of a buffer. */
    long region(boolean isB) {
        return regions[isB ? 1 : 0];
    }

    /** Guest physical base of a buffer. */
    long base(GuestImage image, boolean isB) {
        if (isB) {
            return RegisterDescriptor.base(image.control(baseB));
        }
        long register = image.control(control);
        return this == PPR ? GuestControlDescriptor.pprBase(register) : RegisterDescriptor.base(register);
    }

    /** Length code of a buffer. */
    int length(GuestImage image, boolean isB) {
        long register = image.control(control);
        return isB ? GuestControlDescriptor.lengthB(register) : GuestControlDescriptor.length(register);
    }

    /** Offset of a head in the VF page. */
    int head(boolean isB) {
        return offset(heads[isB ? 1 : 0]);
    }

    /** Offset of a tail in the VF page. */
    int tail(boolean isB) {
        return head(isB) + Long.BYTES;
    }

    /** Status bit: a buffer overflowed. */
    long overflow(boolean isB) {
        return overflows[isB ? 1 : 0];
    }

    /** Status bit: the log runs. */
    long run() {
        return run;
    }

    /** Status bit: log B is filled. */
    long active() {
        return active;
    }

    /** Status bit: an entry was written. */
    long written() {
        return written;
    }

    /** Source of VIOMMU_HARDWARE_ERROR. */
    int source() {
        return source;
    }

    /** vEvent or vPpr. */
    int virtualFlag() {
        return virtualFlag;
    }

    /** Flags of an entry that could not be stored. */
    int failureFlags() {
        return virtualFlag | EventDescriptor.FLAG_RW;
    }
}
