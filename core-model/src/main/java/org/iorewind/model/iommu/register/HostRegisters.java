package org.iorewind.model.iommu.register;

import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.CONTROL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EXTENDED_FEATURES;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EXTENDED_FEATURES_2;
import static org.iorewind.model.iommu.register.RegisterDescriptor.GUEST_APIC_LOG_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.GUEST_APIC_LOG_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.GUEST_APIC_LOG_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.STATUS;
import static org.iorewind.model.iommu.register.RegisterDescriptor.WINDOW_BYTES;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Feature;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.command.CommandRing;
import org.iorewind.model.iommu.quirk.RegisterRules;
import org.iorewind.model.iommu.quirk.SignalRules;

/**
 * What reads and writes of the host's registers do (reference 1.3 to 1.11).
 *
 * <p>A write updates the writable bits, clears the write-one-to-clear bits, then has its side effect: a base register
 * resets its head and tail, CONTROL starts and stops the ring and the log, a command pointer rings the doorbell. Rings may
 * be moved while they run (MC-11). Not thread-safe; allocates nothing.
 */
public final class HostRegisters {
    private static final int HALF = 4;
    private static final int WORD = 8;

    private final RegisterFile file;
    private final IommuOptions options;
    private final RegisterRules rules;
    private final SignalRules signals;
    private final CommandRing ring;
    private final EffectSink effects;

    /** Binds the parts; call {@link #reset()} before use. */
    public HostRegisters(RegisterFile file, IommuOptions options, CommandRing ring, EffectSink effects) {
        this.file = file;
        this.options = options;
        this.rules = options.quirks().registers();
        this.signals = options.quirks().signals();
        this.ring = ring;
        this.effects = effects;
    }

    /** Gives every register its reset value (reference 1.13). */
    public void reset() {
        file.clearAll();
        file.set(CONTROL, rules.resetValue(CONTROL));
        file.set(COMMAND_BASE, rules.resetValue(COMMAND_BASE));
        file.set(EVENT_BASE, rules.resetValue(EVENT_BASE));
        file.set(PPR_BASE, rules.resetValue(PPR_BASE));
        file.set(GUEST_APIC_LOG_BASE, rules.resetValue(GUEST_APIC_LOG_BASE));
        file.set(EXTENDED_FEATURES, options.extendedFeatures());
        file.set(EXTENDED_FEATURES_2, options.extendedFeatures2());
    }

    /**
     * Reads without side effects. Undefined offsets read 0.
     *
     * @param offset from the start of the window, in bytes
     * @param sizeBytes of the access
     */
    public long read(int offset, int sizeBytes) {
        if (!isInWindow(offset)) {
            return 0;
        }
        if (!rules.acceptsRead(offset, sizeBytes)) {
            return rules.refusedRead(sizeBytes);
        }
        long word = file.get(offset) >>> shiftOf(offset);
        return sizeBytes >= WORD ? word : word & (1L << 8 * sizeBytes) - 1;
    }

    /**
     * Writes. Undefined offsets and refused sizes change nothing.
     *
     * @param offset from the start of the window, in bytes
     * @param sizeBytes of the access
     * @param value in its low bits
     */
    public void write(int offset, int sizeBytes, long value) {
        if (!isInWindow(offset) || !rules.acceptsWrite(offset, sizeBytes)) {
            return;
        }
        int register = offset & -WORD;
        long lanes = sizeBytes >= WORD ? -1L : (1L << 8 * sizeBytes) - 1 << shiftOf(offset);
        long written = value << shiftOf(offset) & lanes;
        long old = file.get(register);
        if (rules.isLocked(register, old)) {
            return;
        }
        long writable = rules.writable(register, options) & lanes;
        long cleared = rules.clearedByOne(register) & written;
        file.set(register, (old & ~writable | written & writable | rules.readsAsOne(register)) & ~cleared);
        sideEffect(register, old);
    }

    /** The 64-bit register that holds this offset; 0 outside of the window. */
    public long peek(int offset) {
        return isInside(offset) ? file.get(offset) : 0;
    }

    /**
     * Sets a register as it was found in a running system: no side effect, except that CONTROL starts and stops the run
     * bits, since those cannot be written.
     */
    public void force(int offset, long value) {
        if (!isInside(offset)) {
            return;
        }
        int register = offset & -WORD;
        file.set(register, value);
        if (register == CONTROL) {
            file.clear(STATUS, StatusDescriptor.CMD_BUF_RUN | StatusDescriptor.EVENT_LOG_RUN);
            if (hasLog(FeatureDescriptor.PPR)) {
                file.clear(STATUS, StatusDescriptor.PPR_LOG_RUN);
            }
            if (hasLog(FeatureDescriptor.GUEST_APIC)) {
                file.clear(STATUS, StatusDescriptor.GA_LOG_RUN);
            }
            startAndStop(0);
        }
    }

    private void sideEffect(int register, long old) {
        switch (register) {
            case COMMAND_BASE -> resetPointers(COMMAND_HEAD, COMMAND_TAIL);
            case EVENT_BASE -> resetPointers(EVENT_HEAD, EVENT_TAIL);
            case PPR_BASE -> resetPointers(PPR_HEAD, PPR_TAIL);
            case GUEST_APIC_LOG_BASE -> resetPointers(GUEST_APIC_LOG_HEAD, GUEST_APIC_LOG_TAIL); // MC-74
            case CONTROL -> {
                nameWhatIsMissing(file.get(CONTROL) & ~old);
                if (isStarting(old, ControlDescriptor.EVENT_LOG_EN)) {
                    signals.eventLogEnabled(file);
                }
                clearOverflows(old);
                startAndStop(old);
                ring.process();
            }
            case COMMAND_HEAD, COMMAND_TAIL -> ring.process();
            default -> {
                // A register without a side effect.
            }
        }
    }

    /** A run bit follows its enable bit and IommuEn, whichever comes last; a halted ring stays halted while both stay. */
    private void startAndStop(long old) {
        follow(old, ControlDescriptor.CMD_BUF_EN, StatusDescriptor.CMD_BUF_RUN, COMMAND_BASE);
        follow(old, ControlDescriptor.EVENT_LOG_EN, StatusDescriptor.EVENT_LOG_RUN, EVENT_BASE);
        if (hasLog(FeatureDescriptor.PPR)) {
            follow(old, ControlDescriptor.PPR_LOG_EN, StatusDescriptor.PPR_LOG_RUN, PPR_BASE);
        }
        if (hasLog(FeatureDescriptor.GUEST_APIC)) {
            follow(old, ControlDescriptor.GA_LOG_EN, StatusDescriptor.GA_LOG_RUN, GUEST_APIC_LOG_BASE);
        }
    }

    /** The optional logs restart like the event log: their enable bits clear their overflow bits (MC-71). */
    private void clearOverflows(long old) {
        if (hasLog(FeatureDescriptor.PPR) && isStarting(old, ControlDescriptor.PPR_LOG_EN)) {
            file.clear(STATUS, StatusDescriptor.PPR_OVERFLOW);
        }
        if (hasLog(FeatureDescriptor.GUEST_APIC) && isStarting(old, ControlDescriptor.GA_LOG_EN)) {
            file.clear(STATUS, StatusDescriptor.GA_LOG_OVERFLOW);
        }
    }

    private boolean hasLog(long feature) {
        return rules.hasOptionalLogs() && (options.extendedFeatures() & feature) != 0;
    }

    private void follow(long old, long enable, long run, int base) {
        if (!file.isSet(CONTROL, ControlDescriptor.IOMMU_EN | enable)) {
            file.clear(STATUS, run);
        } else if (isStarting(old, ControlDescriptor.IOMMU_EN | enable) && rules.canRun(file.get(base))) {
            file.raise(STATUS, run);
        }
    }

    private boolean isStarting(long old, long enables) {
        return (old & enables) != enables && file.isSet(CONTROL, enables);
    }

    private void nameWhatIsMissing(long raised) {
        long missing = raised & rules.reportedControls();
        while (missing != 0) {
            long bit = Long.lowestOneBit(missing);
            effects.notModelled(ControlDescriptor.featureOf(bit), bit);
            missing &= ~bit;
        }
    }

    private void resetPointers(int head, int tail) {
        file.set(head, 0);
        file.set(tail, 0);
    }

    private boolean isInWindow(int offset) {
        if (isInside(offset)) {
            return true;
        }
        boolean isCounter = (options.extendedFeatures() & FeatureDescriptor.PERFORMANCE_COUNTERS) != 0 && offset >= 0;
        effects.notModelled(isCounter ? Feature.PERFORMANCE_COUNTERS : Feature.MMIO_SPACE, offset);
        return false;
    }

    private static boolean isInside(int offset) {
        return offset >= 0 && offset < WINDOW_BYTES;
    }

    private static int shiftOf(int offset) {
        return (offset & WORD - 1) * 8;
    }

    /** Whether an access has one of the two sizes, and the alignment, that the specification defines. */
    public static boolean isAligned(int offset, int sizeBytes) {
        return (sizeBytes == HALF || sizeBytes == WORD) && (offset & sizeBytes - 1) == 0;
    }
}
