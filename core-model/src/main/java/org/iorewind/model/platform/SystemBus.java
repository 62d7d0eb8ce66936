package org.iorewind.model.platform;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.PageRequestDecision;
import org.iorewind.model.iommu.RegisterSpace;
import org.iorewind.model.iommu.TranslationDecision;

/**
 * The machine, as software and devices reach it. Each call but {@link #load} and {@link #listen} is one event of a recording:
 * an input, an exit or a marker. Addresses are system physical unless said otherwise. Not thread-safe.
 */
public interface SystemBus {
    /** Number of the host where a guest's number may stand. */
    int HOST = 0;

    /** The physical IOMMU. */
    int PHYSICAL = 0;

    /** Where a requester may stand: none. */
    int NO_REQUESTER = 0xFFFF;

    /**
     * A processor, or a device whose request is decided, reads memory; no event.
     *
     * @param address a multiple of 8
     * @return the quadword; bytes never written read 0
     */
    long load(long address);

    /**
     * A processor writes consecutive quadwords in one go.
     *
     * @param guest whose processor, {@link #HOST} or from 1
     * @param role what the memory is used for
     * @param address of the first one, a multiple of 8
     * @param words what to write, 1 to 512 of them
     */
    void store(int guest, MemoryRole role, long address, long... words);

    /**
     * A processor fills memory with zeros.
     *
     * @param guest whose processor
     * @param role what the memory is used for
     * @param address a multiple of 8
     * @param bytes a multiple of 8
     */
    void clear(int guest, MemoryRole role, long address, long bytes);

    /** A device writes a quadword to an address that its request was translated to. */
    void deviceStore(long address, long word);

    /**
     * A processor writes a register.
     *
     * @param guest whose processor: a guest reaches a register itself only where it is given the page
     * @param iommu which IOMMU
     */
    void writeRegister(int guest, int iommu, RegisterSpace space, int offset, int sizeBytes, long value);

    /** A processor reads a register. */
    long readRegister(int guest, int iommu, RegisterSpace space, int offset, int sizeBytes);

    /**
     * A device asks for memory within one page of 4 KiB.
     *
     * @param iommu that the device stands behind
     * @param requester DeviceID
     * @param pasid PASID or {@link EffectSink#NO_PASID}
     * @param address as the device issues it
     * @param lengthBytes from 1
     */
    TranslationDecision dma(int iommu, int requester, int pasid, long address, int lengthBytes, AccessKind access);

    /** As {@link #dma}, by an address that the device has translated itself. */
    TranslationDecision translatedDma(
            int iommu, int requester, int pasid, long address, int lengthBytes, AccessKind access);

    /**
     * Where the last {@link #dma} or {@link #translatedDma} leads, if it was translated or passed: an address of the memory
     * that its IOMMU sees, which for an emulated IOMMU is guest physical.
     */
    long target();

    /** A device asks for a translation (PCIe ATS); the listener of the IOMMU hears the answer. */
    AtsStatus translationRequest(int iommu, int requester, int pasid, long address, int lengthBytes, boolean noWrite);

    /** A device answers invalidation requests, bit n of {@code tags} that with tag n. */
    void invalidationResponse(int iommu, int requester, int tags);

    /**
     * A device asks for a page to be made present (PCIe PRI).
     *
     * @param rights 1 read, 2 write, 4 execute, 8 for user privilege
     * @param group page request group index, 9 bits
     * @param last whether this request ends its group
     */
    PageRequestDecision pageRequest(
            int iommu, int requester, int pasid, long address, int rights, int group, boolean last);

    /** A device sends a message-signalled interrupt. */
    InterruptDecision interrupt(int iommu, int requester, long address, int data);

    /**
     * Something goes wrong in the hardware.
     *
     * @param iommu that it concerns, where it is not memory
     */
    void inject(int iommu, HardwareFault fault);

    /** Puts one more IOMMU into the machine, in its state after reset, and gives its number. */
    int addIommu(IommuDescription description);

    /**
     * Lets software hear what an IOMMU does. The listener is told from inside the call that caused it and must not call the
     * bus then: it notes what it hears and acts after the call.
     */
    void listen(int iommu, EffectSink listener);

    /**
     * A guest's processor left the guest.
     *
     * @param guest whose
     * @param address guest physical address or other detail of the cause
     */
    void vmExit(int guest, ExitCause cause, long address);

    /**
     * Marks the beginning of a call of software; calls nest.
     *
     * @param guest whose software, {@link #HOST} for the host's and the VMM's
     * @param call its name, of {@link CallNames}
     * @param requester DeviceID that it is about, or {@link #NO_REQUESTER}
     * @param iova address that it is about, or 0
     * @param physical address on the other side, or 0
     * @param size in bytes, or a count, or 0
     */
    void enter(int guest, String call, int requester, long iova, long physical, long size);

    /** Marks the end of the call that was entered last and has not ended; {@code result} is 0 or a negative errno. */
    void leave(int guest, String call, int result);

    /** Marks something without duration, such as a pin or reads of software; parameters as for {@link #enter}. */
    void note(int guest, String call, int requester, long iova, long physical, long size);

    /** Marks the beginning or the end of a phase of the workload. */
    void phase(String name, boolean begins);
}
