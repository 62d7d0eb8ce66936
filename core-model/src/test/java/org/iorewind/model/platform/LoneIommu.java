package org.iorewind.model.platform;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.PageRequestDecision;
import org.iorewind.model.iommu.RegisterSpace;
import org.iorewind.model.iommu.TranslationDecision;

/** A bus for tests with an IOMMU that somebody else has built, for what devices send; nothing else is there. */
public final class LoneIommu implements SystemBus {
    private final Iommu iommu;

    private LoneIommu(Iommu iommu) {
        this.iommu = iommu;
    }

    /** The port of a device behind an IOMMU; its listener must be told by the caller. */
    public static DevicePort port(Iommu iommu, int requester) {
        return new DevicePort(new LoneIommu(iommu), PHYSICAL, requester, 0);
    }

    @Override
    public TranslationDecision dma(
            int number, int requester, int pasid, long address, int lengthBytes, AccessKind access) {
        return iommu.dma(requester, pasid, address, lengthBytes, access);
    }

    @Override
    public TranslationDecision translatedDma(
            int number, int requester, int pasid, long address, int lengthBytes, AccessKind access) {
        return iommu.translatedDma(requester, pasid, address, lengthBytes, access);
    }

    @Override
    public AtsStatus translationRequest(
            int number, int requester, int pasid, long address, int lengthBytes, boolean noWrite) {
        return iommu.translationRequest(requester, pasid, address, lengthBytes, noWrite, false, false);
    }

    @Override
    public void invalidationResponse(int number, int requester, int tags) {
        iommu.invalidationResponse(requester, tags);
    }

    @Override
    public PageRequestDecision pageRequest(
            int number, int requester, int pasid, long address, int rights, int group, boolean last) {
        return iommu.pageRequest(requester, pasid, address, rights, group, last);
    }

    @Override
    public InterruptDecision interrupt(int number, int requester, long address, int data) {
        return iommu.interrupt(requester, address, data);
    }

    @Override
    public long load(long address) {
        throw new UnsupportedOperationException("no memory");
    }

    @Override
    public void store(int guest, MemoryRole role, long address, long... words) {
        throw new UnsupportedOperationException("no memory");
    }

    @Override
    public void clear(int guest, MemoryRole role, long address, long bytes) {
        throw new UnsupportedOperationException("no memory");
    }

    @Override
    public void deviceStore(long address, long word) {
        throw new UnsupportedOperationException("no memory");
    }

    @Override
    public void writeRegister(int guest, int number, RegisterSpace space, int offset, int sizeBytes, long value) {
        throw new UnsupportedOperationException("no software");
    }

    @Override
    public long readRegister(int guest, int number, RegisterSpace space, int offset, int sizeBytes) {
        throw new UnsupportedOperationException("no software");
    }

    @Override
    public long target() {
        throw new UnsupportedOperationException("no memory");
    }

    @Override
    public void inject(int number, HardwareFault fault) {
        throw new UnsupportedOperationException("nothing goes wrong here");
    }

    @Override
    public int addIommu(IommuDescription description) {
        throw new UnsupportedOperationException("no further IOMMU");
    }

    @Override
    public void listen(int number, EffectSink listener) {
        throw new UnsupportedOperationException("the IOMMU has its listener");
    }

    @Override
    public void vmExit(int guest, ExitCause cause, long address) {}

    @Override
    public void enter(int guest, String call, int requester, long iova, long physical, long size) {}

    @Override
    public void leave(int guest, String call, int result) {}

    @Override
    public void note(int guest, String call, int requester, long iova, long physical, long size) {}

    @Override
    public void phase(String name, boolean begins) {}
}
