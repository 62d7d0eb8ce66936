package org.iorewind.model.platform;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.PageRequestDecision;
import org.iorewind.model.iommu.TranslationDecision;

/**
 * How a device reaches memory: by its requester ID and the IOMMU it stands behind. Not thread-safe.
 *
 * <p>Content moves only where the IOMMU lets it: {@link #load} and {@link #store} ask first.
 */
public final class DevicePort {
    private final SystemBus bus;
    private final int iommu;
    private final int requester;
    private final long memoryBase;
    private long word;

    /**
     * Puts a device behind an IOMMU.
     *
     * @param bus the machine
     * @param iommu number of the IOMMU: that of a VMM for an emulated device
     * @param requester DeviceID under which that IOMMU knows it
     * @param memoryBase system physical address of what that IOMMU sees as address 0; 0 for a physical one
     */
    public DevicePort(SystemBus bus, int iommu, int requester, long memoryBase) {
        this.bus = bus;
        this.iommu = iommu;
        this.requester = requester;
        this.memoryBase = memoryBase;
    }

    /** DeviceID. */
    public int requester() {
        return requester;
    }

    /** Asks for memory within one page, whatever content it has. */
    public TranslationDecision request(int pasid, long address, int lengthBytes, AccessKind access) {
        return bus.dma(iommu, requester, pasid, address, lengthBytes, access);
    }

    /** The same by an address that the device has translated itself. */
    public TranslationDecision translatedRequest(int pasid, long address, int lengthBytes, AccessKind access) {
        return bus.translatedDma(iommu, requester, pasid, address, lengthBytes, access);
    }

    /**
     * Reads a quadword by DMA.
     *
     * @param address a multiple of 8
     * @return whether the device got it: {@link #word}
     */
    public boolean load(int pasid, long address) {
        boolean isReached = isReached(request(pasid, address, Long.BYTES, AccessKind.READ));
        if (isReached) {
            word = bus.load(memoryBase + bus.target());
        }
        return isReached;
    }

    /** What the last {@link #load} got. */
    public long word() {
        return word;
    }

    /**
     * Writes a quadword by DMA.
     *
     * @param address a multiple of 8
     * @return whether it reached memory
     */
    public boolean store(int pasid, long address, long value) {
        boolean isReached = isReached(request(pasid, address, Long.BYTES, AccessKind.WRITE));
        if (isReached) {
            bus.deviceStore(memoryBase + bus.target(), value);
        }
        return isReached;
    }

    /** Whether a request with this decision reaches memory. */
    public static boolean isReached(TranslationDecision decision) {
        return decision == TranslationDecision.TRANSLATED || decision == TranslationDecision.PASSED;
    }

    /** System physical address that the last request leads to. */
    public long target() {
        return memoryBase + bus.target();
    }

    /** Asks for a translation. */
    public AtsStatus translationRequest(int pasid, long address, int lengthBytes, boolean noWrite) {
        return bus.translationRequest(iommu, requester, pasid, address, lengthBytes, noWrite);
    }

    /** Answers invalidation requests. */
    public void invalidationResponse(int tags) {
        bus.invalidationResponse(iommu, requester, tags);
    }

    /** Asks for a page to be made present. */
    public PageRequestDecision pageRequest(int pasid, long address, int rights, int group, boolean last) {
        return bus.pageRequest(iommu, requester, pasid, address, rights, group, last);
    }

    /** Sends a message-signalled interrupt. */
    public InterruptDecision interrupt(long address, int data) {
        return bus.interrupt(iommu, requester, address, data);
    }

    /** Lets the device hear what its IOMMU tells. */
    public void listen(EffectSink listener) {
        bus.listen(iommu, listener);
    }
}
