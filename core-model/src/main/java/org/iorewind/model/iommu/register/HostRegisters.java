package org.iorewind.model.iommu.register;

import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.CONTROL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.COUNTED_ACCESS;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_BASE_B;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_HEAD_B;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_TAIL_B;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EXCLUSION_LIMIT;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EXTENDED_FEATURES;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EXTENDED_FEATURES_2;
import static org.iorewind.model.iommu.register.RegisterDescriptor.GUEST_APIC_LOG_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.GUEST_APIC_LOG_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.GUEST_APIC_LOG_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_BASE_B;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_HEAD_B;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_TAIL_B;
import static org.iorewind.model.iommu.register.RegisterDescriptor.WINDOW_BYTES;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Feature;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.PerformanceEvent;
import org.iorewind.model.iommu.command.CommandRing;
import org.iorewind.model.iommu.counter.PerformanceCounters;
import org.iorewind.model.iommu.quirk.RegisterRules;

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
    private static final long ALL_LANES = -1;
    private static final int NO_ID = -1;

    private final RegisterFile file;
    private final IommuOptions options;
    private final RegisterRules rules;
    private final RunBits runBits;
    private final CommandRing ring;
    private final EffectSink effects;
    private final CapabilityBlock capability;
    private final PerformanceCounters counters;

    /** Binds the parts; call {@link #reset()} before use. */
    public HostRegisters(
            RegisterFile file,
            IommuOptions options,
            CommandRing ring,
            EffectSink effects,
            CapabilityBlock capability,
            PerformanceCounters counters) {
        this.file = file;
        this.options = options;
        this.rules = options.quirks().registers();
        this.runBits = new RunBits(file, options);
        this.ring = ring;
        this.effects = effects;
        this.capability = capability;
        this.counters = counters;
    }

    /** Gives every register that exists, and configuration space, its reset value (reference 1.3, 1.13). */
    public void reset() {
        file.clearAll();
        preset(CONTROL, CONTROL);
        preset(COMMAND_BASE, COMMAND_BASE);
        preset(EVENT_BASE, EVENT_BASE);
        preset(EVENT_BASE_B, EVENT_BASE);
        preset(PPR_BASE, PPR_BASE);
        preset(PPR_BASE_B, PPR_BASE);
        preset(GUEST_APIC_LOG_BASE, GUEST_APIC_LOG_BASE);
        file.set(EXCLUSION_LIMIT, rules.readsAsOne(EXCLUSION_LIMIT));
        file.set(EXTENDED_FEATURES, options.extendedFeatures());
        file.set(EXTENDED_FEATURES_2, options.extendedFeatures2());
        capability.reset();
        counters.reset();
    }

    private void preset(int register, int model) {
        file.set(register, rules.resetValue(model) & rules.writable(register, options));
    }

    /**
     * Reads; the only side effect is that of a counter on the register 1FF8h. Undefined offsets read 0.
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
        countAccess(offset);
        long word = (isInside(offset) ? file.get(offset) : counters.read(offset)) >>> shiftOf(offset);
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
        countAccess(offset);
        int register = offset & -WORD;
        long lanes = sizeBytes >= WORD ? ALL_LANES : (1L << 8 * sizeBytes) - 1 << shiftOf(offset);
        long written = value << shiftOf(offset) & lanes;
        if (!isInside(offset)) {
            counters.write(register, written, lanes);
            return;
        }
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
        if (isInside(offset)) {
            return file.get(offset);
        }
        return counters.covers(offset) ? counters.read(offset) : 0;
    }

    /**
     * Sets a register as it was found in a running system: no side effect, except that CONTROL starts and stops the run
     * bits, since those cannot be written.
     */
    public void force(int offset, long value) {
        if (counters.covers(offset)) {
            counters.force(offset, value);
        }
        if (!isInside(offset)) {
            return;
        }
        int register = offset & -WORD;
        file.set(register, value);
        if (register == CONTROL) {
            runBits.controlForced();
        } else if (MirrorDescriptor.isMirror(register)) {
            capability.adoptMirrors();
        }
    }

    private void sideEffect(int register, long old) {
        switch (register) {
            case COMMAND_BASE -> resetPointers(COMMAND_HEAD, COMMAND_TAIL);
            case EVENT_BASE -> resetPointers(EVENT_HEAD, EVENT_TAIL);
            case PPR_BASE -> resetOptionalPointers(PPR_HEAD, PPR_TAIL);
            case EVENT_BASE_B -> resetOptionalPointers(EVENT_HEAD_B, EVENT_TAIL_B);
            case PPR_BASE_B -> resetOptionalPointers(PPR_HEAD_B, PPR_TAIL_B);
            case GUEST_APIC_LOG_BASE -> resetOptionalPointers(GUEST_APIC_LOG_HEAD, GUEST_APIC_LOG_TAIL); // MC-74
            case CONTROL -> {
                nameWhatIsMissing(file.get(CONTROL) & ~old);
                runBits.controlWritten(old);
                ring.process();
            }
            case COMMAND_HEAD, COMMAND_TAIL -> ring.process();
            case MirrorDescriptor.MSI_VECTORS, MirrorDescriptor.MSI_HEADER, MirrorDescriptor.MSI_MESSAGE ->
                capability.adoptMirrors();
            default -> {
                // A register without a side effect.
            }
        }
    }

    private void countAccess(int offset) {
        if ((offset & -WORD) == COUNTED_ACCESS) {
            effects.performanceEvent(PerformanceEvent.IGNORED_ACCESS, NO_ID, NO_ID, NO_ID);
        }
    }

    private void nameWhatIsMissing(long raised) {
        boolean hasReverseMap = (rules.present(options.extendedFeatures()) & FeatureDescriptor.SNP) != 0;
        if (hasReverseMap && (raised & ControlDescriptor.IOMMU_EN) != 0) {
            effects.notModelled(Feature.REVERSE_MAP, raised);
        }
        long known = options.hasVirtualIommus() ? ControlDescriptor.VIOMMU_MASK : 0;
        long missing = raised & rules.reportedControls() & ~known;
        while (missing != 0) {
            long bit = Long.lowestOneBit(missing);
            effects.notModelled(ControlDescriptor.featureOf(bit), bit);
            missing &= ~bit;
        }
    }

    /** Where there is no such log, its pointers are storage and stay (Q-REG-13). */
    private void resetOptionalPointers(int head, int tail) {
        if (rules.hasOptionalLogs()) {
            resetPointers(head, tail);
        }
    }

    private void resetPointers(int head, int tail) {
        file.set(head, 0);
        file.set(tail, 0);
    }

    private boolean isInWindow(int offset) {
        if (isInside(offset) || counters.covers(offset)) {
            return true;
        }
        boolean isCounter = (options.extendedFeatures() & FeatureDescriptor.PERFORMANCE_COUNTERS) != 0
                && offset >= 0
                && !counters.exist();
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
