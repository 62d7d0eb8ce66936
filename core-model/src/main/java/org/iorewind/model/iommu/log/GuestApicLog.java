package org.iorewind.model.iommu.log;

import static org.iorewind.model.iommu.register.ControlDescriptor.GA_INT_EN;
import static org.iorewind.model.iommu.register.RegisterDescriptor.GUEST_APIC_LOG_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.GUEST_APIC_LOG_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.GUEST_APIC_LOG_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.GUEST_APIC_LOG_TAIL_ADDRESS;
import static org.iorewind.model.iommu.register.StatusDescriptor.GA_INT;
import static org.iorewind.model.iommu.register.StatusDescriptor.GA_LOG_OVERFLOW;
import static org.iorewind.model.iommu.register.StatusDescriptor.GA_LOG_RUN;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.OwnInterrupt;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;

/**
 * The guest APIC log in memory (reference 5.3, 5.4, by the rules of 4.5). A length code L stands for 2^L * 16 bytes, thus
 * for twice as many entries as in the other logs (MC-72). Not thread-safe; allocates nothing.
 */
public final class GuestApicLog {
    private static final LogRing.Layout LAYOUT = new LogRing.Layout(
            LogKind.GUEST_APIC,
            GUEST_APIC_LOG_BASE,
            GUEST_APIC_LOG_HEAD,
            GUEST_APIC_LOG_TAIL,
            GuestApicLogDescriptor.BYTES,
            GA_LOG_RUN,
            GA_LOG_OVERFLOW);

    private final RegisterFile registers;
    private final MemoryPort memory;
    private final EffectSink effects;
    private final Signals signals;
    private final LogRing ring;

    /** Binds the parts. */
    public GuestApicLog(RegisterFile registers, MemoryPort memory, EffectSink effects, Signals signals) {
        this.registers = registers;
        this.memory = memory;
        this.effects = effects;
        this.signals = signals;
        this.ring = new LogRing(registers, memory, effects, LAYOUT);
    }

    /** Notes that an interrupt waits for a guest that does not run. */
    public void append(int requester, int tag) {
        long logged = GuestApicLogDescriptor.entry(GuestApicLogDescriptor.NOT_RUNNING, requester, tag);
        switch (ring.append(logged, 0)) {
            case WRITTEN -> {
                storeTail();
                signals.rise(GA_INT, signals.isEnabled(GA_INT_EN), OwnInterrupt.GUEST_APIC_LOG);
            }
            case FULL -> {
                signals.clear(GA_LOG_RUN);
                signals.rise(GA_LOG_OVERFLOW, signals.isEnabled(GA_INT_EN), OwnInterrupt.GUEST_APIC_LOG);
            }
            case DISCARDED -> {
                // Nobody is told but the sink.
            }
        }
    }

    /** The copy of the tail for software; 0 stands for no copy, and a store that fails changes nothing else (MC-73). */
    private void storeTail() {
        long at = registers.get(GUEST_APIC_LOG_TAIL_ADDRESS);
        if (at == 0) {
            return;
        }
        MemoryStatus status = memory.store(at & -Long.BYTES, registers.get(GUEST_APIC_LOG_TAIL));
        if (status != MemoryStatus.OK) {
            effects.memoryFailure(MemoryUse.LOG, at, status);
        }
    }
}
