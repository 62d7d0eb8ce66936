package org.iorewind.model.platform;

import org.iorewind.model.iommu.RegisterSpace;

/** The port of a driver that runs on the machine itself. Not thread-safe. */
public final class PhysicalPort implements DriverPort {
    private final SystemBus bus;
    private final int iommu;
    private final PageAllocator pages;

    /**
     * Binds a driver to an IOMMU.
     *
     * @param bus the machine
     * @param iommu number of the IOMMU
     * @param pages memory for tables and rings
     */
    public PhysicalPort(SystemBus bus, int iommu, PageAllocator pages) {
        this.bus = bus;
        this.iommu = iommu;
        this.pages = pages;
    }

    @Override
    public long load(long address) {
        return bus.load(address);
    }

    @Override
    public void store(MemoryRole role, long address, long... words) {
        bus.store(SystemBus.HOST, role, address, words);
    }

    @Override
    public void clear(MemoryRole role, long address, long bytes) {
        bus.clear(SystemBus.HOST, role, address, bytes);
    }

    @Override
    public long readRegister(int offset, int sizeBytes) {
        return bus.readRegister(SystemBus.HOST, iommu, RegisterSpace.HOST, offset, sizeBytes);
    }

    @Override
    public void writeRegister(int offset, int sizeBytes, long value) {
        bus.writeRegister(SystemBus.HOST, iommu, RegisterSpace.HOST, offset, sizeBytes, value);
    }

    @Override
    public long allocate(long bytes, long alignment) {
        return pages.allocate(bytes, alignment);
    }

    @Override
    public void free(long address, long bytes) {
        pages.free(address, bytes);
    }

    @Override
    public void enter(String call, int requester, long iova, long physical, long size) {
        bus.enter(SystemBus.HOST, call, requester, iova, physical, size);
    }

    @Override
    public void leave(String call, int result) {
        bus.leave(SystemBus.HOST, call, result);
    }

    @Override
    public void note(String call, int requester, long iova, long physical, long size) {
        bus.note(SystemBus.HOST, call, requester, iova, physical, size);
    }
}
