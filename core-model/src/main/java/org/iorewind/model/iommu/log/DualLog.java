package org.iorewind.model.iommu.log;

import static org.iorewind.model.iommu.register.RegisterDescriptor.CONTROL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.STATUS;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.quirk.RegisterRules;
import org.iorewind.model.iommu.register.DualLogDescriptor;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.memory.MemoryPort;

/**
 * A log with a second buffer (reference 4.5). Which of the two is filled stands in the status register.
 *
 * <pre>
 *   A full, B has room ──▶ overflow bit of A, an interrupt, B active, the entry goes to B    (and the other way round)
 *   A full, B has none ──▶ overflow bit of A, an interrupt, the run bit falls, the entry is lost
 * </pre>
 *
 * A log has room when its overflow bit is 0, its length code is legal and a place is free (MC-87). Not thread-safe;
 * allocates nothing after construction.
 */
final class DualLog {
    /**
     * Where the registers and bits of both buffers lie.
     *
     * @param a log A
     * @param b log B
     * @param active status bit that says that B is filled
     * @param enableShift lowest bit of the enable field in CONTROL
     * @param support bits of EFR that offer a second buffer
     */
    record Layout(LogRing.Layout a, LogRing.Layout b, long active, int enableShift, long support) {}

    private final RegisterFile registers;
    private final RegisterRules rules;
    private final Layout layout;
    private final boolean hasSecond;
    private final LogRing ringA;
    private final LogRing ringB;

    DualLog(RegisterFile registers, IommuOptions options, MemoryPort memory, EffectSink effects, Layout layout) {
        this.registers = registers;
        this.rules = options.quirks().registers();
        this.layout = layout;
        this.hasSecond = (rules.present(options.extendedFeatures()) & layout.support()) != 0;
        this.ringA = new LogRing(registers, memory, effects, layout.a());
        this.ringB = new LogRing(registers, memory, effects, layout.b());
    }

    /** Whether log B is the one that is filled. */
    boolean isSecondActive() {
        return hasSecond && registers.isSet(STATUS, layout.active());
    }

    /** The buffer that is filled. */
    LogRing active() {
        return isSecondActive() ? ringB : ringA;
    }

    /** Overflow bit of the buffer that is filled. */
    long overflowBit() {
        return (isSecondActive() ? layout.b() : layout.a()).overflow();
    }

    /** Whether the next entry finds the active buffer full and is to go to the other one. */
    boolean mustSwap() {
        boolean swaps = DualLogDescriptor.swaps(DualLogDescriptor.code(registers.get(CONTROL), layout.enableShift()));
        if (!hasSecond || !swaps || !active().isLogging() || !active().isFull()) {
            return false;
        }
        boolean toA = isSecondActive();
        LogRing other = toA ? ringA : ringB;
        int otherBase = (toA ? layout.a() : layout.b()).base();
        return other.isLogging() && rules.canRun(registers.get(otherBase)) && !other.isFull();
    }

    /** Goes over to the other buffer. */
    void swap() {
        if (isSecondActive()) {
            registers.clear(STATUS, layout.active());
        } else {
            registers.raise(STATUS, layout.active());
        }
    }
}
