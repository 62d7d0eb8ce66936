package org.iorewind.model.iommu.log;

import static org.iorewind.model.iommu.register.RegisterDescriptor.CONTROL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.XT_GENERAL_INTERRUPT;
import static org.iorewind.model.iommu.register.RegisterDescriptor.XT_GUEST_APIC_INTERRUPT;
import static org.iorewind.model.iommu.register.RegisterDescriptor.XT_PPR_INTERRUPT;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.OwnInterrupt;
import org.iorewind.model.iommu.register.CapabilityBlock;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.iommu.register.XtInterruptDescriptor;

/**
 * Which message carries an interrupt of the IOMMU itself (reference 1.2, 1.9, 4.5): that of the MSI capability, with the
 * message number of its source, or with IntCapXTEn that of a register. Not remapped. Not thread-safe; allocates nothing.
 *
 * <p>Many recordings hold nothing of configuration space, so that an interrupt is told while MSI is off too, then without
 * a message (MC-83). A register of 0 under IntCapXTEn stands for a masked interrupt, which is not told (MC-84).
 */
public final class OwnMessages {
    private final RegisterFile registers;
    private final CapabilityBlock capability;
    private final IommuOptions options;
    private final boolean hasRegisters;

    /** Binds the parts. */
    public OwnMessages(RegisterFile registers, CapabilityBlock capability, IommuOptions options) {
        this.registers = registers;
        this.capability = capability;
        this.options = options;
        long present = options.quirks().registers().present(options.extendedFeatures());
        this.hasRegisters = (present & FeatureDescriptor.XT) != 0;
    }

    /** Tells the sink of an interrupt, unless it is masked. */
    void send(OwnInterrupt source, EffectSink effects) {
        if (hasRegisters && registers.isSet(CONTROL, ControlDescriptor.INT_CAP_XT_EN)) {
            long register = registers.get(registerOf(source));
            if (register != 0) {
                effects.ownInterrupt(
                        source,
                        XtInterruptDescriptor.messageAddress(register),
                        XtInterruptDescriptor.messageData(register));
            }
        } else if (capability.isMessageEnabled()) {
            effects.ownInterrupt(source, capability.messageAddress(), capability.messageData(numberOf(source)));
        } else {
            effects.ownInterrupt(source, EffectSink.NO_MESSAGE, 0);
        }
    }

    private static int registerOf(OwnInterrupt source) {
        return switch (source) {
            case EVENT_LOG, COMPLETION_WAIT -> XT_GENERAL_INTERRUPT;
            case PPR_LOG -> XT_PPR_INTERRUPT;
            case GUEST_APIC_LOG -> XT_GUEST_APIC_INTERRUPT;
        };
    }

    private int numberOf(OwnInterrupt source) {
        return switch (source) {
            case EVENT_LOG, COMPLETION_WAIT -> options.pci().message();
            case PPR_LOG -> options.pci().messagePpr();
            case GUEST_APIC_LOG -> capability.guestApicMessage();
        };
    }
}
