package org.iorewind.model.platform.device;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.platform.DevicePort;

/**
 * A network card with a ring to transmit and a ring to receive: it reads descriptors by DMA, moves payload, writes descriptors
 * back. Not thread-safe.
 *
 * <pre>
 *   transmit:  descriptor ─read─▶ payload ─read, page by page─▶ descriptor ─write back─▶
 *   receive:   descriptor ─read─▶ payload ─write, page by page─▶ descriptor ─write back─▶
 * </pre>
 */
public final class RingNic {
    /** A ring of descriptors and the device's place in it. */
    private static final class Ring {
        private long base;
        private int entries;
        private int head;

        private long next() {
            long at = base + (long) head * NicDescriptor.BYTES;
            head = (head + 1) % entries;
            return at;
        }
    }

    private static final int NO_PASID = EffectSink.NO_PASID;

    private final DevicePort port;
    private final Ring transmitRing = new Ring();
    private final Ring receiveRing = new Ring();
    private long packets;
    private long failures;

    /** A card without rings. */
    public RingNic(DevicePort port) {
        this.port = port;
    }

    /**
     * Tells the card its ring to transmit; it begins with the first descriptor.
     *
     * @param base address for the device, a multiple of 16
     * @param entries at least 1
     */
    public void setTransmitRing(long base, int entries) {
        set(transmitRing, base, entries);
    }

    /** The same for its ring to receive. */
    public void setReceiveRing(long base, int entries) {
        set(receiveRing, base, entries);
    }

    private static void set(Ring ring, long base, int entries) {
        ring.base = base;
        ring.entries = entries;
        ring.head = 0;
    }

    /**
     * Sends what the next descriptors say.
     *
     * @return how many packets were sent whole; the others failed
     */
    public int transmit(int count) {
        int sent = 0;
        for (int i = 0; i < count; i++) {
            sent += move(transmitRing, Integer.MAX_VALUE, AccessKind.READ) ? 1 : 0;
        }
        return sent;
    }

    /**
     * Gets a packet of the wire, which goes into the buffer of the next descriptor; what does not fit is cut off.
     *
     * @return whether it reached memory
     */
    public boolean receive(int lengthBytes) {
        return move(receiveRing, lengthBytes, AccessKind.WRITE);
    }

    private boolean move(Ring ring, int lengthBytes, AccessKind access) {
        long at = ring.next();
        boolean isDescriptorThere = port.load(NO_PASID, at);
        long buffer = port.word();
        isDescriptorThere &= port.load(NO_PASID, at + Long.BYTES);
        if (!isDescriptorThere) {
            failures++;
            return false;
        }
        long control = port.word();
        int bytes = Math.min(NicDescriptor.bufferBytes(control), lengthBytes);
        boolean isMoved = Transfer.run(port, NO_PASID, buffer, bytes, access);
        boolean isWrittenBack =
                port.store(NO_PASID, at + Long.BYTES, NicDescriptor.done(control, isMoved ? bytes : 0, isMoved));
        boolean isDone = isMoved && isWrittenBack;
        packets += isDone ? 1 : 0;
        failures += isDone ? 0 : 1;
        return isDone;
    }

    /** Packets moved whole. */
    public long packets() {
        return packets;
    }

    /** Packets of which the IOMMU refused something. */
    public long failures() {
        return failures;
    }
}
