package org.iorewind.model.iommu.virtual;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.register.DualLogDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.virtual.PrivateSpace.Outcome;
import org.iorewind.model.memory.MemoryStatus;

/**
 * A log of guests, with its two buffers: the rules of the host's logs on the registers of an image (amd-viommu reference
 * 5.4). An entry that cannot be stored is lost, and the host hears why. Not thread-safe; allocates nothing.
 *
 * <pre>
 *   A full, B has room ──▶ overflow bit of A, an interrupt, B active       (and the other way round)
 *   A full, B has none ──▶ overflow bit of A, an interrupt, the run bit falls
 * </pre>
 */
final class GuestLog {
    private final PrivateSpace space;
    private final EffectSink effects;
    private final EventReports events;
    private final GuestSignals signals;
    private final GuestLogLayout layout;
    private final boolean hasSecond;

    GuestLog(
            PrivateSpace space,
            IommuOptions options,
            EffectSink effects,
            EventReports events,
            GuestSignals signals,
            GuestLogLayout layout) {
        this.space = space;
        this.effects = effects;
        this.events = events;
        this.signals = signals;
        this.layout = layout;
        this.hasSecond = (options.extendedFeatures() & layout.support()) != 0;
    }

    /** Whether the guest wants the log: its enable bit. */
    boolean isEnabled(GuestImage image) {
        return (image.control(layout.control()) & GuestControlDescriptor.ENABLE) != 0;
    }

    /** Writes an entry; whether the log took it. */
    boolean append(GuestImage image, long q0, long q1) {
        if (mustSwap(image)) {
            boolean wasB = isSecondActive(image);
            rise(image, layout.overflow(wasB));
            if (wasB) {
                image.clear(layout.active());
            } else {
                image.raise(layout.active());
            }
        }
        boolean isB = isSecondActive(image);
        int tail = pointer(image, layout.tail(isB), isB);
        // 1. Logging is active only while the log runs and has not overflowed.
        if (!isLogging(image, isB)) {
            return lost(image, tail, q0, q1);
        }
        // 2. One place stays free.
        if (isFull(image, isB)) {
            image.clear(layout.run());
            lost(image, tail, q0, q1);
            rise(image, layout.overflow(isB));
            return false;
        }
        // 3. The entry, then the tail.
        if (!store(image, isB, tail, q0, q1)) {
            return lost(image, tail, q0, q1);
        }
        image.setPage(layout.tail(isB), next(image, tail, isB));
        effects.guestLogEntry(image.guest(), layout.kind(), tail, q0, q1, true);
        rise(image, layout.written());
        return true;
    }

    private boolean lost(GuestImage image, int tail, long q0, long q1) {
        effects.guestLogEntry(image.guest(), layout.kind(), tail, q0, q1, false);
        return false;
    }

    private boolean store(GuestImage image, boolean isB, int tail, long q0, long q1) {
        long base = layout.base(image, isB);
        long region = layout.region(isB);
        Outcome outcome = space.translateBuffer(image, base, region, tail, AccessKind.WRITE, layout.virtualFlag());
        MemoryStatus status = MemoryStatus.OK;
        if (outcome == Outcome.FOUND) {
            long at = space.physical();
            status = space.memory().store(at, q0);
            if (status == MemoryStatus.OK) {
                status = space.memory().store(at + Long.BYTES, q1);
            }
            if (status == MemoryStatus.OK) {
                return true;
            }
            effects.memoryFailure(MemoryUse.LOG, at, status);
        }
        boolean isKnown = outcome == Outcome.FAULT || outcome == Outcome.FOUND && status != MemoryStatus.NOT_RECORDED;
        if (isKnown) {
            long address = space.bufferAddress(image, base, region, tail);
            events.virtualHardwareError(image.guest(), layout.source(), layout.failureFlags(), status, address);
        }
        return false;
    }

    /** Whether log B is the one that is filled. */
    boolean isSecondActive(GuestImage image) {
        return hasSecond && image.isSet(layout.active());
    }

    private boolean mustSwap(GuestImage image) {
        boolean swaps =
                DualLogDescriptor.swaps(DualLogDescriptor.code(image.control(layout.control()), layout.dualShift()));
        boolean isB = isSecondActive(image);
        if (!hasSecond || !swaps || !isLogging(image, isB) || !isFull(image, isB)) {
            return false;
        }
        boolean canRun = layout.length(image, !isB) >= RegisterDescriptor.RING_LENGTH_SMALLEST;
        return canRun && isLogging(image, !isB) && !isFull(image, !isB);
    }

    private boolean isLogging(GuestImage image, boolean isB) {
        return image.isSet(layout.run()) && !image.isSet(layout.overflow(isB));
    }

    private boolean isFull(GuestImage image, boolean isB) {
        int tail = pointer(image, layout.tail(isB), isB);
        return next(image, tail, isB) == pointer(image, layout.head(isB), isB);
    }

    /** How many entries wait for the guest in the buffer that is filled. */
    int waiting(GuestImage image) {
        boolean isB = isSecondActive(image);
        int bytes = pointer(image, layout.tail(isB), isB) - pointer(image, layout.head(isB), isB);
        return (bytes & sizeMask(image, isB)) / RegisterDescriptor.RING_ENTRY_BYTES;
    }

    private int next(GuestImage image, int tail, boolean isB) {
        return tail + RegisterDescriptor.RING_ENTRY_BYTES & sizeMask(image, isB);
    }

    private int pointer(GuestImage image, int register, boolean isB) {
        return (int) image.page(register) & sizeMask(image, isB);
    }

    private int sizeMask(GuestImage image, boolean isB) {
        return RegisterDescriptor.RING_ENTRY_BYTES * (1 << layout.length(image, isB)) - 1;
    }

    private void rise(GuestImage image, long statusBit) {
        boolean isEnabled = (image.control(layout.control()) & GuestControlDescriptor.INTERRUPT_ENABLE) != 0;
        signals.rise(image, statusBit, isEnabled, layout.signal());
    }
}
