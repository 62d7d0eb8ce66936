package org.iorewind.model.platform.host;

import org.iorewind.model.iommu.RegisterSpace;
import org.iorewind.model.iommu.virtual.GuestControlDescriptor;
import org.iorewind.model.iommu.virtual.GuestPageDescriptor;
import org.iorewind.model.platform.SystemBus;

/** The registers of one guest in the VF and VF-control BARs (amd-viommu reference 3). Not thread-safe. */
final class GuestSlot {
    /** Registers that a reset of the guest clears, the ring last. */
    private static final int[] SETTINGS = {
        GuestControlDescriptor.MISCELLANEOUS,
        GuestControlDescriptor.EVENT_BASE_B,
        GuestControlDescriptor.PPR_BASE_B,
        GuestControlDescriptor.EVENT,
        GuestControlDescriptor.PPR,
        GuestControlDescriptor.COMMAND
    };

    private final long[] written = new long[GuestControlDescriptor.BYTES / Long.BYTES];
    private final SystemBus bus;
    private final int iommu;
    private final int guestId;

    /** Finds the registers of a GuestID of 16 bits. */
    GuestSlot(SystemBus bus, int iommu, int guestId) {
        this.bus = bus;
        this.iommu = iommu;
        this.guestId = guestId;
    }

    /** Reads a register of the VF-control slot. */
    long control(int offset) {
        return bus.readRegister(SystemBus.HOST, iommu, RegisterSpace.VF_CONTROL, controlAt(offset), Long.BYTES);
    }

    /** Writes a register of the VF-control slot. */
    void setControl(int offset, long value) {
        written[offset / Long.BYTES] = value;
        bus.writeRegister(SystemBus.HOST, iommu, RegisterSpace.VF_CONTROL, controlAt(offset), Long.BYTES, value);
    }

    /** Changes the bits of {@code mask} in a register of the VF-control slot. */
    void update(int offset, long mask, long value) {
        setControl(offset, control(offset) & ~mask | value & mask);
    }

    /** Writes all settings again, the ring last; pointers begin at 0 then (MC-V52). */
    void restore() {
        for (int register : SETTINGS) {
            setControl(register, written[register / Long.BYTES]);
        }
    }

    /** Stops the ring and the logs. */
    void disable() {
        setControl(GuestControlDescriptor.COMMAND, 0);
        setControl(GuestControlDescriptor.PPR, 0);
        setControl(GuestControlDescriptor.EVENT, 0);
    }

    /** Reads a register of the VF page. */
    long page(int offset, int sizeBytes) {
        return bus.readRegister(SystemBus.HOST, iommu, RegisterSpace.VF, pageAt(offset), sizeBytes);
    }

    /** Writes a register of the VF page. */
    void setPage(int offset, int sizeBytes, long value) {
        bus.writeRegister(SystemBus.HOST, iommu, RegisterSpace.VF, pageAt(offset), sizeBytes, value);
    }

    private int controlAt(int offset) {
        return guestId * GuestControlDescriptor.BYTES + offset;
    }

    private int pageAt(int offset) {
        return guestId * GuestPageDescriptor.BYTES + offset;
    }
}
