package org.iorewind.model.platform.vmm;

import org.iorewind.model.platform.DriverPort;
import org.iorewind.model.platform.MemoryRole;

/**
 * What a driver in a guest sees of its machine: guest physical memory, and the registers of one of its IOMMUs. Not
 * thread-safe.
 */
public final class GuestPort implements DriverPort {
    private final VirtualMachine machine;
    private final VirtualIommu iommu;

    /** Binds a driver to an IOMMU of its machine. */
    public GuestPort(VirtualMachine machine, VirtualIommu iommu) {
        this.machine = machine;
        this.iommu = iommu;
    }

    @Override
    public long load(long address) {
        return machine.load(address);
    }

    @Override
    public void store(MemoryRole role, long address, long... words) {
        machine.store(role, address, words);
    }

    @Override
    public void clear(MemoryRole role, long address, long bytes) {
        machine.clear(role, address, bytes);
    }

    @Override
    public long readRegister(int offset, int sizeBytes) {
        return iommu.read(offset, sizeBytes);
    }

    @Override
    public void writeRegister(int offset, int sizeBytes, long value) {
        iommu.write(offset, sizeBytes, value);
    }

    @Override
    public long allocate(long bytes, long alignment) {
        return machine.pages().allocate(bytes, alignment);
    }

    @Override
    public void free(long address, long bytes) {
        machine.pages().free(address, bytes);
    }

    @Override
    public void enter(String call, int requester, long iova, long physical, long size) {
        machine.bus().enter(machine.number(), call, requester, iova, physical, size);
    }

    @Override
    public void leave(String call, int result) {
        machine.bus().leave(machine.number(), call, result);
    }

    @Override
    public void note(String call, int requester, long iova, long physical, long size) {
        machine.bus().note(machine.number(), call, requester, iova, physical, size);
    }
}
