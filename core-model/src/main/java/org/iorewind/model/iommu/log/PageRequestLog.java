package org.iorewind.model.iommu.log;

import static org.iorewind.model.iommu.register.ControlDescriptor.PPR_INT_EN;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_TAIL;
import static org.iorewind.model.iommu.register.StatusDescriptor.PPR_INT;
import static org.iorewind.model.iommu.register.StatusDescriptor.PPR_LOG_RUN;
import static org.iorewind.model.iommu.register.StatusDescriptor.PPR_OVERFLOW;
import static org.iorewind.model.iommu.register.StatusDescriptor.PPR_OVERFLOW_EARLY;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.OwnInterrupt;
import org.iorewind.model.iommu.register.PageRequestRegisterDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.memory.MemoryPort;

/** The PPR log in memory (reference 5.1, 5.2, by the rules of 4.5). Not thread-safe; allocates nothing. */
public final class PageRequestLog {
    private static final LogRing.Layout LAYOUT = new LogRing.Layout(
            LogKind.PPR, PPR_BASE, PPR_HEAD, PPR_TAIL, RegisterDescriptor.RING_ENTRY_BYTES, PPR_LOG_RUN, PPR_OVERFLOW);

    private final RegisterFile registers;
    private final Signals signals;
    private final LogRing ring;

    /** Binds the parts. */
    public PageRequestLog(RegisterFile registers, MemoryPort memory, EffectSink effects, Signals signals) {
        this.registers = registers;
        this.signals = signals;
        this.ring = new LogRing(registers, memory, effects, LAYOUT);
    }

    /** Writes an entry; whether the log took it. */
    public boolean append(long quadword0, long quadword1) {
        return switch (ring.append(quadword0, quadword1)) {
            case WRITTEN -> {
                signals.rise(PPR_INT, signals.isEnabled(PPR_INT_EN), OwnInterrupt.PPR_LOG);
                warnEarly();
                yield true;
            }
            case FULL -> {
                signals.clear(PPR_LOG_RUN);
                signals.rise(PPR_OVERFLOW, signals.isEnabled(PPR_INT_EN), OwnInterrupt.PPR_LOG);
                yield false;
            }
            case DISCARDED -> false;
        };
    }

    /** PprOverflowEarly rises when as many entries wait as the threshold says (MC-70). */
    private void warnEarly() {
        long early = registers.get(PageRequestRegisterDescriptor.EARLY_OVERFLOW);
        boolean isOn = (early & PageRequestRegisterDescriptor.EARLY_EN) != 0;
        if (isOn && ring.waiting() >= (early & PageRequestRegisterDescriptor.EARLY_THRESHOLD_MASK)) {
            boolean sends = (early & PageRequestRegisterDescriptor.EARLY_INT_EN) != 0;
            signals.rise(PPR_OVERFLOW_EARLY, sends, OwnInterrupt.PPR_LOG);
        }
    }
}
