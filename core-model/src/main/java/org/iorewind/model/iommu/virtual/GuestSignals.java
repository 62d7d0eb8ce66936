package org.iorewind.model.iommu.virtual;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.GuestSignal;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.interrupt.GuestInterrupts;
import org.iorewind.model.iommu.interrupt.InterruptEntryDescriptor;
import org.iorewind.model.iommu.interrupt.PostedEntryDescriptor;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;

/**
 * Interrupts of hardware vIOMMU (amd-viommu reference 5.5): the sink is told of each; where the IOMMU's own device table
 * entry has IV=1 and its extended table an entry for the guest, it is posted to the guest's virtual APIC too. A COMPLETION_WAIT
 * shares the event log's place (MC-V25); an entry that is missing, unreadable or not for a guest posts nothing. Not
 * thread-safe; allocates nothing.
 */
final class GuestSignals {
    private final RegisterFile registers;
    private final IommuOptions options;
    private final PrivateSpace space;
    private final EffectSink effects;
    private final GuestInterrupts interrupts;

    GuestSignals(
            RegisterFile registers,
            IommuOptions options,
            PrivateSpace space,
            EffectSink effects,
            GuestInterrupts interrupts) {
        this.registers = registers;
        this.options = options;
        this.space = space;
        this.effects = effects;
        this.interrupts = interrupts;
    }

    /** Sets a status bit; one interrupt is raised for each rise, if it is enabled. */
    void rise(GuestImage image, long statusBit, boolean isEnabled, GuestSignal signal) {
        boolean wasRaised = image.isSet(statusBit);
        image.raise(statusBit);
        if (!wasRaised && isEnabled) {
            effects.guestInterrupt(image.guest(), signal);
            post(image.guest(), signal);
        }
    }

    private void post(int guest, GuestSignal signal) {
        DeviceEntry own = space.ownEntry();
        boolean isPosting = registers.isSet(
                RegisterDescriptor.CONTROL, ControlDescriptor.GA_EN | ControlDescriptor.GAM_EN_VIRTUAL_APIC);
        if (!isPosting || !own.isValid() || !own.isInterruptValid()) {
            return;
        }
        int type = signal == GuestSignal.PPR_LOG
                ? ExtendedInterruptDescriptor.TYPE_PPR
                : ExtendedInterruptDescriptor.TYPE_EVENT;
        int number = ExtendedInterruptDescriptor.number(type, guest);
        MemoryPort memory = space.memory();
        if (!load(ExtendedInterruptDescriptor.firstAddress(own.interruptRoot(), number), 1)
                || (memory.word(0) & ExtendedInterruptDescriptor.VALID) == 0
                || !load(ExtendedInterruptDescriptor.secondAddress(memory.word(0), number), 2)) {
            return;
        }
        long low = memory.word(0);
        long high = memory.word(1);
        long wanted = InterruptEntryDescriptor.REMAP_EN | InterruptEntryDescriptor.GUEST_MODE;
        if ((low & wanted) == wanted && !PostedEntryDescriptor.hasReservedBit(low, high)) {
            interrupts.post(options.virtual().device(), low, high);
        }
    }

    private boolean load(long address, int quadwords) {
        MemoryStatus status = space.memory().load(address, quadwords);
        if (status != MemoryStatus.OK) {
            effects.memoryFailure(MemoryUse.VIRTUAL, address, status);
        }
        return status == MemoryStatus.OK;
    }
}
