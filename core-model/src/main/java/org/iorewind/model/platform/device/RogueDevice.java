package org.iorewind.model.platform.device;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.platform.DevicePort;

/**
 * A device that does what it should not: writes beside its buffers, uses addresses that were taken back, names itself wrongly,
 * floods the event log. Where it writes is chosen by a seed. Not thread-safe.
 */
public final class RogueDevice {
    private static final int NO_PASID = EffectSink.NO_PASID;
    private static final int PAGE_SHIFT = 12;
    private static final int REACH_PAGES = 1 << 16;
    private static final int WORD_BYTES = Long.BYTES;

    /** A buffer that the device was given once. */
    private record Buffer(long address, long bytes) {}

    private final DevicePort port;
    private final Lcg chance;
    private final List<Buffer> remembered = new ArrayList<>();

    /** A device with this seed. */
    public RogueDevice(DevicePort port, long seed) {
        this.port = port;
        this.chance = new Lcg(seed);
    }

    /** Gives the device a buffer, of which it keeps the address for ever. */
    public void remember(long address, long bytes) {
        remembered.add(new Buffer(address, bytes));
    }

    /**
     * Writes into each page of all buffers that it remembers, whether they are still its own or not.
     *
     * @return how many writes reached memory
     */
    public int useRemembered() {
        int reached = 0;
        for (Buffer buffer : remembered) {
            for (long done = 0; done < buffer.bytes(); done += 1L << PAGE_SHIFT) {
                reached += writes(port, buffer.address() + done) ? 1 : 0;
            }
        }
        return reached;
    }

    /**
     * Writes to pages up to 256 MiB behind a buffer.
     *
     * @return how many writes reached memory
     */
    public int writeBeside(long address, long bytes, int times) {
        int reached = 0;
        long end = address + bytes + (1L << PAGE_SHIFT) - 1 & -1L << PAGE_SHIFT;
        for (int i = 0; i < times; i++) {
            reached += writes(port, end + ((long) chance.below(REACH_PAGES) << PAGE_SHIFT)) ? 1 : 0;
        }
        return reached;
    }

    /**
     * Writes under the DeviceID of another device, as one behind a bridge can.
     *
     * @param other port of the other device
     * @return whether it reached memory
     */
    public boolean impersonate(DevicePort other, long address) {
        return writes(other, address);
    }

    /**
     * Reads one address again and again.
     *
     * @return how many reads were refused
     */
    public int flood(long address, int times) {
        int refused = 0;
        for (int i = 0; i < times; i++) {
            refused += DevicePort.isReached(port.request(NO_PASID, address, WORD_BYTES, AccessKind.READ)) ? 0 : 1;
        }
        return refused;
    }

    private static boolean writes(DevicePort by, long address) {
        return DevicePort.isReached(by.request(NO_PASID, address, WORD_BYTES, AccessKind.WRITE));
    }
}
