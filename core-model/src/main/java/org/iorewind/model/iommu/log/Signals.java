package org.iorewind.model.iommu.log;

import static org.iorewind.model.iommu.register.RegisterDescriptor.CONTROL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.STATUS;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.OwnInterrupt;
import org.iorewind.model.iommu.register.RegisterFile;

/** What a rule about status bits and interrupts can see and do. Not thread-safe; allocates nothing. */
public final class Signals {
    private final RegisterFile registers;
    private final EffectSink effects;
    private final OwnMessages messages;

    /** Binds the parts. */
    public Signals(RegisterFile registers, EffectSink effects, OwnMessages messages) {
        this.registers = registers;
        this.effects = effects;
        this.messages = messages;
    }

    /** Whether a control bit is set. */
    public boolean isEnabled(long controlBit) {
        return registers.isSet(CONTROL, controlBit);
    }

    /** Whether a status bit is set. */
    public boolean isRaised(long statusBit) {
        return registers.isSet(STATUS, statusBit);
    }

    /** Sets a status bit. */
    public void raise(long statusBit) {
        registers.raise(STATUS, statusBit);
    }

    /** Clears a status bit. */
    public void clear(long statusBit) {
        registers.clear(STATUS, statusBit);
    }

    /**
     * Sets a status bit; one message is sent for each rise (reference 4.5).
     *
     * @param statusBit the bit
     * @param sends whether a rise sends the interrupt
     * @param source of the interrupt
     */
    public void rise(long statusBit, boolean sends, OwnInterrupt source) {
        boolean wasRaised = isRaised(statusBit);
        raise(statusBit);
        if (!wasRaised && sends) {
            interrupt(source);
        }
    }

    /** Sends the IOMMU's own interrupt. */
    public void interrupt(OwnInterrupt source) {
        messages.send(source, effects);
    }
}
