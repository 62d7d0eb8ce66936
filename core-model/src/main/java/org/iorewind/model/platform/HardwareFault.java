package org.iorewind.model.platform;

/**
 * What goes wrong in a machine without any software or device asking for it. An injected input of a recording.
 *
 * @param kind what it is
 * @param address first byte of memory; the first half of a log entry
 * @param value the second half of a log entry; a DeviceID
 * @param bytes length of memory
 */
public record HardwareFault(Kind kind, long address, long value, long bytes) {
    /** What can go wrong. */
    public enum Kind {
        /** Nobody answers at these addresses. */
        MEMORY_ABORTS,
        /** What memory gives is damaged, and known to be. */
        MEMORY_POISONED,
        /** Memory works again. */
        MEMORY_HEALED,
        /** A device answers no invalidation request any more. */
        DEVICE_SILENT,
        /** The IOMMU finds something that the model has no cause for, and logs it. */
        LOGGED
    }

    /** From now on nobody answers at these addresses. */
    public static HardwareFault memoryAborts(long address, long bytes) {
        return new HardwareFault(Kind.MEMORY_ABORTS, address, 0, bytes);
    }

    /** From now on this memory gives damaged data. */
    public static HardwareFault memoryPoisoned(long address, long bytes) {
        return new HardwareFault(Kind.MEMORY_POISONED, address, 0, bytes);
    }

    /** From now on this memory works. */
    public static HardwareFault memoryHealed(long address, long bytes) {
        return new HardwareFault(Kind.MEMORY_HEALED, address, 0, bytes);
    }

    /** From now on a device answers no invalidation request, until its IOMMU is reset. */
    public static HardwareFault deviceSilent(int requester) {
        return new HardwareFault(Kind.DEVICE_SILENT, 0, requester, 0);
    }

    /** An entry for the event log (reference 4.3). */
    public static HardwareFault logged(long quadword0, long quadword1) {
        return new HardwareFault(Kind.LOGGED, quadword0, quadword1, 0);
    }
}
