package org.iorewind.model.iommu.interrupt;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.log.GuestApicLog;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;

/** Posts interrupts to a guest's virtual APIC (reference 5.4). Not thread-safe; allocates nothing. */
public final class GuestInterrupts {
    private final MemoryPort memory;
    private final EffectSink effects;
    private final GuestApicLog log;

    /** Binds the parts. */
    public GuestInterrupts(MemoryPort memory, EffectSink effects, GuestApicLog log) {
        this.memory = memory;
        this.effects = effects;
        this.log = log;
    }

    /**
     * Posts one interrupt.
     *
     * @param requester DeviceID of its source
     * @param low low half of a legal entry with GuestMode=1
     * @param high its high half
     * @return other than OK when the guest's page could not be read or written; the sink was told
     */
    public MemoryStatus post(int requester, long low, long high) {
        // 1. The vector's bit in the guest's page.
        long at = PostedEntryDescriptor.requestsAddress(high);
        MemoryStatus status = memory.load(at, 1);
        if (status == MemoryStatus.OK) {
            status = memory.store(at, memory.word(0) | PostedEntryDescriptor.requestBit(high));
        }
        if (status != MemoryStatus.OK) {
            effects.memoryFailure(MemoryUse.GUEST_APIC_PAGE, at, status);
            return status;
        }
        // 2. A guest that runs is told by a doorbell.
        if ((low & PostedEntryDescriptor.IS_RUN) != 0) {
            int destination = InterruptEntryDescriptor.longDestination(low, high);
            effects.guestDoorbell(requester, destination, InterruptEntryDescriptor.longVector(high));
            return MemoryStatus.OK;
        }
        // 3. For one that does not run, its host is told by the log, if it wants to be.
        if ((low & PostedEntryDescriptor.LOG) != 0) {
            log.append(requester, PostedEntryDescriptor.tag(low));
        }
        return MemoryStatus.OK;
    }
}
