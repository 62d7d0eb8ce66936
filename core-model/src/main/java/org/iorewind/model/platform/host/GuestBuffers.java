package org.iorewind.model.platform.host;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.virtual.PrivateSpaceDescriptor;
import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.DriverPort;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.Errno;
import org.jspecify.annotations.Nullable;

/**
 * The rings and logs of one guest where hardware finds them at fixed private addresses (GstBufferTRPMode=0): page by page, pinned,
 * as the guest's memory lies. The ring is mapped by its own call, logs when the guest writes their base (MC-V53). With
 * GstBufferTRPMode=1 hardware translates guest physical addresses itself and nothing is to be done. Not thread-safe.
 */
final class GuestBuffers {
    private static final long PAGE_BYTES = 4096;

    private final PrivateSpace space;
    private final DriverPort port;
    private final int guestId;
    private final HostDomain parent;
    private final boolean isFixed;
    private final Map<Long, Long> mapped = new TreeMap<>();

    /**
     * No buffer is mapped.
     *
     * @param isFixed GstBufferTRPMode=0
     */
    GuestBuffers(PrivateSpace space, DriverPort port, int guestId, HostDomain parent, boolean isFixed) {
        this.space = space;
        this.port = port;
        this.guestId = guestId;
        this.parent = parent;
        this.isFixed = isFixed;
    }

    /** Maps the command ring: {@link #map}, or {@link Errno#NOT_SUPPORTED} where hardware does not want it. */
    int mapCommands(long guestAddress, long bytes) {
        return isFixed ? map(PrivateSpaceDescriptor.COMMAND_RINGS, guestAddress, bytes) : Errno.NOT_SUPPORTED;
    }

    /** Acts on a base register of a log. */
    int baseWritten(int register, long value) {
        Long region = regionOf(register);
        if (!isFixed || region == null) {
            return Errno.OK;
        }
        long bytes = (long) RegisterDescriptor.ringEntries(value) * RegisterDescriptor.RING_ENTRY_BYTES;
        return map(region, RegisterDescriptor.base(value), Math.max(bytes, PAGE_BYTES));
    }

    private static @Nullable Long regionOf(int register) {
        return switch (register) {
            case RegisterDescriptor.EVENT_BASE -> PrivateSpaceDescriptor.EVENT_LOGS;
            case RegisterDescriptor.EVENT_BASE_B -> PrivateSpaceDescriptor.EVENT_LOGS_B;
            case RegisterDescriptor.PPR_BASE -> PrivateSpaceDescriptor.PPR_LOGS;
            case RegisterDescriptor.PPR_BASE_B -> PrivateSpaceDescriptor.PPR_LOGS_B;
            default -> null;
        };
    }

    /**
     * Maps a buffer in place of the one that was there.
     *
     * @return {@link Errno#OK}; {@link Errno#INVALID} for a size or an alignment that no buffer has; {@link Errno#NO_ENTRY} if the
     *     guest has no such memory: then nothing is mapped
     */
    private int map(long region, long guestAddress, long bytes) {
        boolean isSized = bytes > 0 && bytes <= PrivateSpaceDescriptor.SLOT_STRIDE;
        if (!isSized || ((guestAddress | bytes) & PAGE_BYTES - 1) != 0) {
            return Errno.INVALID;
        }
        unmap(region);
        for (long done = 0; done < bytes; done += PAGE_BYTES) {
            if (parent.translate(guestAddress + done) < 0) {
                return Errno.NO_ENTRY;
            }
        }
        long slot = PrivateSpaceDescriptor.slot(region, guestId);
        space.map(slot, bytes, done -> parent.translate(guestAddress + done));
        mapped.put(region, bytes);
        port.note(CallNames.PIN, SystemBus.NO_REQUESTER, guestAddress, 0, bytes / PAGE_BYTES);
        return Errno.OK;
    }

    private void unmap(long region) {
        Long bytes = mapped.remove(region);
        if (bytes != null) {
            space.unmap(PrivateSpaceDescriptor.slot(region, guestId), bytes);
            port.note(CallNames.UNPIN, SystemBus.NO_REQUESTER, 0, 0, bytes / PAGE_BYTES);
        }
    }

    /** Unmaps all buffers. */
    void unmapAll() {
        List.copyOf(mapped.keySet()).forEach(this::unmap);
    }
}
