package org.iorewind.model.iommu.log;

import static org.iorewind.model.iommu.register.ControlDescriptor.PPR_INT_EN;
import static org.iorewind.model.iommu.register.PageRequestRegisterDescriptor.EARLY_OVERFLOW;
import static org.iorewind.model.iommu.register.PageRequestRegisterDescriptor.EARLY_OVERFLOW_B;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_BASE_B;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_HEAD_B;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_TAIL_B;
import static org.iorewind.model.iommu.register.RegisterDescriptor.RING_ENTRY_BYTES;
import static org.iorewind.model.iommu.register.StatusDescriptor.PPR_INT;
import static org.iorewind.model.iommu.register.StatusDescriptor.PPR_LOG_ACTIVE;
import static org.iorewind.model.iommu.register.StatusDescriptor.PPR_LOG_RUN;
import static org.iorewind.model.iommu.register.StatusDescriptor.PPR_OVERFLOW;
import static org.iorewind.model.iommu.register.StatusDescriptor.PPR_OVERFLOW_B;
import static org.iorewind.model.iommu.register.StatusDescriptor.PPR_OVERFLOW_EARLY;
import static org.iorewind.model.iommu.register.StatusDescriptor.PPR_OVERFLOW_EARLY_B;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.OwnInterrupt;
import org.iorewind.model.iommu.register.DualLogDescriptor;
import org.iorewind.model.iommu.register.PageRequestRegisterDescriptor;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.memory.MemoryPort;

/** The PPR log in memory (reference 5.1, 5.2, by the rules of 4.5). Not thread-safe; allocates nothing. */
public final class PageRequestLog {
    private static final DualLog.Layout LAYOUT = new DualLog.Layout(
            new LogRing.Layout(LogKind.PPR, PPR_BASE, PPR_HEAD, PPR_TAIL, RING_ENTRY_BYTES, PPR_LOG_RUN, PPR_OVERFLOW),
            new LogRing.Layout(
                    LogKind.PPR, PPR_BASE_B, PPR_HEAD_B, PPR_TAIL_B, RING_ENTRY_BYTES, PPR_LOG_RUN, PPR_OVERFLOW_B),
            PPR_LOG_ACTIVE,
            DualLogDescriptor.PPR_SHIFT,
            DualLogDescriptor.PPR_SUPPORT);

    private final RegisterFile registers;
    private final Signals signals;
    private final DualLog log;

    /** Binds the parts. */
    public PageRequestLog(
            RegisterFile registers, IommuOptions options, MemoryPort memory, EffectSink effects, Signals signals) {
        this.registers = registers;
        this.signals = signals;
        this.log = new DualLog(registers, options, memory, effects, LAYOUT);
    }

    /** Writes an entry; whether the log took it. */
    public boolean append(long quadword0, long quadword1) {
        if (log.mustSwap()) {
            rise(log.overflowBit());
            log.swap();
        }
        return switch (log.active().append(quadword0, quadword1)) {
            case WRITTEN -> {
                rise(PPR_INT);
                warnEarly();
                yield true;
            }
            case FULL -> {
                signals.clear(PPR_LOG_RUN);
                rise(log.overflowBit());
                yield false;
            }
            case DISCARDED -> false;
        };
    }

    private void rise(long statusBit) {
        signals.rise(statusBit, signals.isEnabled(PPR_INT_EN), OwnInterrupt.PPR_LOG);
    }

    /** PprOverflowEarly, or PprOverflowEarlyB, rises when as many entries wait as the threshold says (MC-70). */
    private void warnEarly() {
        boolean isSecond = log.isSecondActive();
        long early = registers.get(isSecond ? EARLY_OVERFLOW_B : EARLY_OVERFLOW);
        boolean isOn = (early & PageRequestRegisterDescriptor.EARLY_EN) != 0;
        if (isOn && log.active().waiting() >= (early & PageRequestRegisterDescriptor.EARLY_THRESHOLD_MASK)) {
            boolean sends = (early & PageRequestRegisterDescriptor.EARLY_INT_EN) != 0;
            signals.rise(isSecond ? PPR_OVERFLOW_EARLY_B : PPR_OVERFLOW_EARLY, sends, OwnInterrupt.PPR_LOG);
        }
    }
}
