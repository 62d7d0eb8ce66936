package org.iorewind.model.iommu;

import java.util.List;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.cache.CacheReport;
import org.iorewind.model.iommu.cache.CachedTranslation;
import org.iorewind.model.iommu.command.PendingInvalidations;
import org.iorewind.model.iommu.interrupt.InterruptRemapper;
import org.iorewind.model.iommu.register.CapabilityBlock;
import org.iorewind.model.iommu.register.HostRegisters;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.table.DeviceTable;
import org.iorewind.model.iommu.translate.RequestKind;
import org.iorewind.model.iommu.translate.Translator;
import org.iorewind.model.iommu.virtual.VirtualIommus;
import org.iorewind.model.memory.MemoryPort;
import org.jspecify.annotations.Nullable;

/**
 * One IOMMU: inputs as methods, effects to an {@link EffectSink}, state in registers, caches and memory.
 *
 * <p>Commands take effect within the register write that rings the doorbell, or, if the {@link InvalidationPolicy} says so,
 * some inputs later; the calls that stand for the bus are inputs, resets and forced state are not. No input throws, whatever the guest put into
 * memory or registers, and the work of each is bounded. Not thread-safe. {@link #dma} and {@link #interrupt} allocate
 * nothing.
 */
public final class Iommu implements Stateful {
    private static final int DEVICE_MASK = 0xFFFF;

    private final IommuOptions options;
    private final EffectSink listener;
    private final IommuParts parts;

    // Those that an input of a device or a processor passes through.
    private final HostRegisters hostRegisters;
    private final PendingInvalidations pending;
    private final CapabilityBlock capability;
    private final Translator translator;
    private final InterruptRemapper interruptRemapper;
    private final DeviceTable interruptDeviceTable;

    @Nullable
    private final VirtualIommus virtual;

    /**
     * Builds an IOMMU in its state after reset.
     *
     * @param options what kind of IOMMU
     * @param memory the system memory
     * @param listener hears what happens
     */
    public Iommu(IommuOptions options, MemoryPort memory, EffectSink listener) {
        this.options = options;
        this.listener = listener;
        this.parts = IommuParts.of(options, memory, listener);
        this.hostRegisters = parts.hostRegisters();
        this.pending = parts.pending();
        this.capability = parts.capability();
        this.translator = parts.translator();
        this.interruptRemapper = parts.interruptRemapper();
        this.interruptDeviceTable = parts.interruptDeviceTable();
        this.virtual = parts.virtual();
    }

    /** What kind of IOMMU this is. */
    public IommuOptions options() {
        return options;
    }

    /** Back to the state after reset; memory stays. */
    public void reset() {
        parts.reset();
    }

    /**
     * A processor writes a register.
     *
     * @param offset from the start of the MMIO window, in bytes
     * @param sizeBytes of the access; sizes that the device does not take change nothing
     * @param value in its low bits
     */
    public void mmioWrite(int offset, int sizeBytes, long value) {
        pending.tick();
        hostRegisters.write(offset, sizeBytes, value);
        goOnWithGuests();
    }

    /**
     * A processor reads a register: no effect but that an input has passed, for which invalidations may wait, that counters
     * may count it, and that the sink is told of registers that are not modelled.
     *
     * @param offset from the start of the MMIO window, in bytes
     * @param sizeBytes of the access
     */
    public long mmioRead(int offset, int sizeBytes) {
        pending.tick();
        return hostRegisters.read(offset, sizeBytes);
    }

    /**
     * A processor writes configuration space of the IOMMU's PCI function.
     *
     * @param offset in bytes
     * @param sizeBytes 1, 2 or 4, aligned; other accesses change nothing
     * @param value in its low bits
     */
    public void configWrite(int offset, int sizeBytes, long value) {
        capability.write(offset, sizeBytes, value);
    }

    /**
     * A processor reads configuration space of the IOMMU's PCI function; no effect.
     *
     * @param offset in bytes
     * @param sizeBytes 1, 2 or 4, aligned; other accesses read 0
     */
    public long configRead(int offset, int sizeBytes) {
        return capability.read(offset, sizeBytes);
    }

    /**
     * A processor writes a register of any space.
     *
     * @param space which register file
     * @param offset from the start of the space, in bytes
     * @param sizeBytes of the access
     * @param value in its low bits
     */
    public void write(RegisterSpace space, int offset, int sizeBytes, long value) {
        switch (space) {
            case HOST -> mmioWrite(offset, sizeBytes, value);
            case PCI_CONFIG -> configWrite(offset, sizeBytes, value);
            case VF, VF_CONTROL -> {
                pending.tick();
                if (virtual == null) {
                    listener.notModelled(Feature.MMIO_SPACE, offset);
                } else {
                    virtual.write(space, offset, sizeBytes, value);
                }
            }
        }
    }

    /**
     * A processor reads a register of any space.
     *
     * @param space which register file
     * @param offset from the start of the space, in bytes
     * @param sizeBytes of the access
     */
    public long read(RegisterSpace space, int offset, int sizeBytes) {
        return switch (space) {
            case HOST -> mmioRead(offset, sizeBytes);
            case PCI_CONFIG -> configRead(offset, sizeBytes);
            case VF, VF_CONTROL -> {
                pending.tick();
                if (virtual == null) {
                    listener.notModelled(Feature.MMIO_SPACE, offset);
                    yield 0;
                }
                yield virtual.read(space, offset, sizeBytes);
            }
        };
    }

    /**
     * Sets a 64-bit register as found in a running system, without side effects: no command runs. CONTROL sets the run
     * bits that follow from it, so a STATUS that says otherwise is to be set after CONTROL.
     *
     * @param offset a multiple of 8
     * @param value all bits, writable or not
     */
    public void forceRegister(int offset, long value) {
        hostRegisters.force(offset, value);
        parts.gate().allUnknown();
    }

    /** The host's ring has done what it can: the guests' rings follow. */
    private void goOnWithGuests() {
        if (virtual != null) {
            virtual.process();
        }
    }

    /** The 64-bit register at this offset, a multiple of 8; 0 where there is none. */
    public long register(int offset) {
        return hostRegisters.peek(offset);
    }

    /**
     * A 64-bit register of a guest of hardware vIOMMU as it is, without any effect.
     *
     * @param guest GuestID
     * @param offset in its VF page, in bytes, a multiple of 8
     * @return 0 where there is none, or no hardware vIOMMU
     */
    public long guestRegister(int guest, int offset) {
        return virtual == null ? 0 : virtual.peek(guest, offset);
    }

    /**
     * Whether the IOTLB holds a translation that an untranslated request without PASID would use; asking changes nothing.
     *
     * @param requester DeviceID, 16 bits
     * @param domain DomainID that the device belongs to, or -1
     * @param address as the device would issue it
     */
    public boolean holdsTranslation(int requester, int domain, long address) {
        return parts.tlb().holds(requester & DEVICE_MASK, domain, address);
    }

    /** What the IOTLB holds, in the order of its places; asking changes nothing. */
    public List<CachedTranslation> cachedTranslations() {
        return parts.tlb().entries();
    }

    /**
     * A device asks for memory. The page that holds {@code address} is translated; a request that crosses pages is one
     * call for each.
     *
     * @param requester DeviceID, 16 bits
     * @param pasid PASID or {@link EffectSink#NO_PASID}
     * @param address as issued by the device
     * @param lengthBytes of the request; it does not matter to the decision
     * @param access what the request wants
     */
    public TranslationDecision dma(int requester, int pasid, long address, int lengthBytes, AccessKind access) {
        return dma(requester, pasid, address, lengthBytes, access, false, false);
    }

    /**
     * A device asks for memory, with what else the prefix of a PASID can say.
     *
     * @param requester DeviceID, 16 bits
     * @param pasid PASID or {@link EffectSink#NO_PASID}
     * @param address as issued by the device
     * @param lengthBytes of the request; it does not matter to the decision
     * @param access what the request wants
     * @param isExecute whether it asks to execute what it reads; counts only with a PASID
     * @param isPrivileged whether it claims supervisor privilege; counts only with a PASID and EFR[USSup]
     */
    public TranslationDecision dma(
            int requester,
            int pasid,
            long address,
            int lengthBytes,
            AccessKind access,
            boolean isExecute,
            boolean isPrivileged) {
        pending.tick();
        TranslationDecision decision =
                translator.translate(requester & DEVICE_MASK, pasid, address, access, isExecute, isPrivileged);
        if (decision.isAborted()) {
            capability.signalTargetAbort();
        }
        return decision;
    }

    /** As {@link #dma}, by a system physical address that the device has from an earlier answer: a translated request. */
    public TranslationDecision translatedDma(
            int requester, int pasid, long address, int lengthBytes, AccessKind access) {
        pending.tick();
        TranslationDecision decision = translator.forward(requester & DEVICE_MASK, pasid, address, access);
        if (decision.isAborted()) {
            capability.signalTargetAbort();
        }
        return decision;
    }

    /**
     * A device asks for a translation (PCIe address translation services). The sink hears the answer.
     *
     * @param requester DeviceID, 16 bits
     * @param pasid PASID or {@link EffectSink#NO_PASID}
     * @param address as the device would issue it
     * @param lengthBytes that it asks for; it does not matter to the answer, which tells of one page
     * @param noWrite whether the device does without the right to write
     * @param isExecute whether it asks for the right to execute; counts only with a PASID
     * @param isPrivileged whether it asks for supervisor rights; counts only with a PASID and EFR[USSup]
     */
    public AtsStatus translationRequest(
            int requester,
            int pasid,
            long address,
            int lengthBytes,
            boolean noWrite,
            boolean isExecute,
            boolean isPrivileged) {
        pending.tick();
        AtsStatus status = parts.translationRequests()
                .answer(requester & DEVICE_MASK, pasid, address, noWrite, isExecute, isPrivileged);
        if (status == AtsStatus.COMPLETER_ABORT) {
            capability.signalTargetAbort();
        }
        return status;
    }

    /** A device answers invalidation requests, bit n of {@code tags} that with tag n; commands that waited go on. */
    public void invalidationResponse(int requester, int tags) {
        pending.tick();
        parts.deviceInvalidations().answer(requester & DEVICE_MASK, tags);
        parts.ring().process();
        goOnWithGuests();
    }

    /** The time for a device's answers to invalidation requests is over, unless InvTimeOut=0; tags as for an answer. */
    public void invalidationTimeout(int requester, int tags) {
        parts.deviceInvalidations().timeOut(requester & DEVICE_MASK, tags);
        parts.ring().process();
        goOnWithGuests();
    }

    /** A device answers no invalidation request any more, until the IOMMU is reset. */
    public void deviceStopsAnswering(int requester) {
        parts.deviceInvalidations().stopAnswering(requester & DEVICE_MASK);
        parts.ring().process();
        goOnWithGuests();
    }

    /**
     * A device, an I/O APIC or a timer sends a message-signalled interrupt.
     *
     * @param requester DeviceID, 16 bits
     * @param address of the message
     * @param data of the message
     */
    public InterruptDecision interrupt(int requester, long address, int data) {
        pending.tick();
        InterruptDecision decision = interruptRemapper.remap(requester & DEVICE_MASK, address, data);
        // An interrupt of a DeviceID beyond the table is dropped without an abort (reference 4.4).
        if (decision == InterruptDecision.ABORTED && interruptDeviceTable.covers(requester & DEVICE_MASK)) {
            capability.signalTargetAbort();
        }
        return decision;
    }

    /**
     * A device asks for a page to be made present (a PCIe page request).
     *
     * @param requester DeviceID, 16 bits
     * @param pasid PASID of 20 bits, or {@link EffectSink#NO_PASID}
     * @param address any address of the page
     * @param rights 1 read, 2 write, 4 execute, 8 for user privilege
     * @param group page request group index, 9 bits
     * @param last whether this request ends its group
     */
    public PageRequestDecision pageRequest(
            int requester, int pasid, long address, int rights, int group, boolean last) {
        pending.tick();
        return parts.pageRequests().decide(requester & DEVICE_MASK, pasid, address, rights, group, last);
    }

    /** Puts an event into the log as if the hardware had found it: its place, tail and interrupt follow the rules. */
    public void forceLogEntry(long qword0, long qword1) {
        parts.eventLog().force(qword0, qword1);
    }

    /** What the caches have done since this IOMMU was built; no part of its state. Allocates. */
    public CacheStatistics statistics() {
        return CacheReport.of(parts.tlb(), parts.walkCaches(), parts.deviceEntries(), parts.interruptEntries());
    }

    /** Gives registers, caches and internal state: everything but memory. */
    @Override
    public void saveTo(StateSink sink) {
        parts.saveTo(sink);
    }

    /** The state that an IOMMU of the same options gave; memory is not touched, and no command runs. */
    @Override
    public void restoreFrom(StateImage.Reader source) {
        parts.restoreFrom(source);
    }

    /**
     * The device table entry of a device as it stands in memory now; caches are not asked.
     *
     * @param requester DeviceID, 16 bits
     * @return null beyond the end of the table, and where it cannot be read
     */
    public @Nullable DeviceEntry deviceEntry(int requester) {
        return parts.prober().deviceEntry(requester & DEVICE_MASK);
    }

    /**
     * What registers and tables say about an address now: no cache is asked or filled, nothing is logged or told.
     *
     * @param requester DeviceID, 16 bits
     * @param address as a device would issue it
     */
    public Probe probe(int requester, long address) {
        return probe(requester, EffectSink.NO_PASID, address, AccessKind.UNKNOWN);
    }

    /**
     * The same for one kind of access, with or without a PASID: rights count.
     *
     * @param requester DeviceID, 16 bits
     * @param pasid PASID or {@link EffectSink#NO_PASID}
     * @param address as a device would issue it
     * @param access what it wants
     */
    public Probe probe(int requester, int pasid, long address, AccessKind access) {
        return probe(requester, pasid, address, access, RequestKind.UNTRANSLATED);
    }

    /**
     * The same for one kind of request on the bus.
     *
     * @param requester DeviceID, 16 bits
     * @param pasid PASID or {@link EffectSink#NO_PASID}
     * @param address as a device would issue it
     * @param access what it wants
     * @param kind whether it is translated already, or a question for a translation
     */
    public Probe probe(int requester, int pasid, long address, AccessKind access, RequestKind kind) {
        return parts.prober().probe(requester & DEVICE_MASK, pasid, address, access, kind);
    }
}
